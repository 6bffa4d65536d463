"""Pages by keyset: walking them gives every row once, in order."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import DateTime, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from modelyard.server.kit.pages import CursorInvalid, cursors, keyset, slice_page


class Base(DeclarativeBase):
    """Tables of this file."""


class Loaf(Base):
    """A row with things to sort by, many of them equal."""

    __tablename__ = "loaves"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    weight: Mapped[float]
    name: Mapped[str]
    baked_at: Mapped[datetime] = mapped_column(DateTime)


ORDERS: list[list[tuple[Any, str]]] = [
    [(Loaf.id, "asc")],
    [(Loaf.id, "desc")],
    [(Loaf.weight, "asc"), (Loaf.id, "asc")],
    [(Loaf.weight, "desc"), (Loaf.id, "asc")],
    [(Loaf.baked_at, "desc"), (Loaf.id, "desc")],
    [(Loaf.name, "asc"), (Loaf.baked_at, "desc"), (Loaf.id, "asc")],
]
LOAVES = st.lists(
    st.builds(
        dict,
        id=st.uuids(),
        weight=st.sampled_from([-1.5, 0.0, 0.1, 1e9]),
        name=st.sampled_from(["", "rye", "Brötchen", "a'b"]),
        baked_at=st.sampled_from([datetime(2026, 1, 1, 0, 0, 0, 1), datetime(2026, 1, 1)]),
    ),
    max_size=14,
    unique_by=lambda loaf: loaf["id"],
)


def filled(rows: list[dict[str, Any]]) -> Session:
    """Return a session on a database that holds these rows and nothing else."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    session = Session(engine)
    session.add_all(Loaf(**row) for row in rows)
    session.flush()
    return session


def close(session: Session) -> None:
    """Let go of the session and its database."""
    engine = session.get_bind()
    session.close()
    engine.engine.dispose()


@settings(max_examples=60, deadline=None)
@given(rows=LOAVES, order=st.sampled_from(ORDERS), limit=st.integers(1, 5))
def test_walking_gives_every_row_once_in_order(
    rows: list[dict[str, Any]], order: list[tuple[Any, str]], limit: int
) -> None:
    session = filled(rows)
    sorting = [column.desc() if way == "desc" else column.asc() for column, way in order]
    expected = [loaf.id for loaf in session.scalars(select(Loaf).order_by(*sorting))]
    walked: list[UUID] = []
    seen: list[str] = []
    cursor = None
    while True:
        page, cursor = keyset(session, select(Loaf), order=order, cursor=cursor, limit=limit)
        walked += [loaf.id for loaf in page]
        assert len(page) == limit or cursor is None
        if cursor is None:
            break
        seen.append(cursor)
    assert walked == expected
    leaps = cursors(session, select(Loaf), order=order, every=limit)
    assert leaps[: len(seen)] == seen  # A leap lands where walking does.
    close(session)


@given(numbers=st.sets(st.integers(), max_size=12), limit=st.integers(1, 5))
def test_walking_a_sequence_gives_everything_once(numbers: set[int], limit: int) -> None:
    items, walked, cursor = sorted(numbers), [], None
    while True:
        page, cursor = slice_page(items, key=lambda item: (item,), cursor=cursor, limit=limit)
        walked += page
        if cursor is None:
            break
    assert walked == items


def test_rows_that_come_and_go_between_pages_disturb_nobody() -> None:
    day = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    rows = [{"id": UUID(int=n * 10), "weight": 1.0, "name": "", "baked_at": day} for n in range(1, 7)]
    session = filled(rows)
    first, cursor = keyset(session, select(Loaf), order=[(Loaf.id, "asc")], cursor=None, limit=3)
    session.delete(first[0])
    session.add(Loaf(**{**rows[0], "id": UUID(int=5)}))
    session.flush()
    second, end = keyset(session, select(Loaf), order=[(Loaf.id, "asc")], cursor=cursor, limit=3)
    assert [loaf.id.int for loaf in second] == [40, 50, 60]
    assert end is None
    close(session)


@pytest.mark.parametrize("cursor", ["", "!", "bm90IGpzb24", "e30", "WzEsMl0", "W3sieCI6MX1d", "W1sxXV0", "é"])
def test_a_foreign_cursor_is_refused(cursor: str) -> None:
    session = filled([])
    with pytest.raises(CursorInvalid):
        keyset(session, select(Loaf), order=[(Loaf.id, "asc")], cursor=cursor, limit=3)
    close(session)
