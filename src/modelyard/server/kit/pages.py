"""Pages of a list by keyset: no OFFSET and no COUNT on the way."""

import base64
import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from modelyard.errors import Invalid

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page of a list, and the cursor of the next."""

    items: list[T]
    next_cursor: str | None


class CursorInvalid(Invalid):
    """This cursor does not belong to this list. Start again without one."""


Order = Sequence[tuple[Any, str]]  # (column, "asc" | "desc"); the last one is unique, none is null


def keyset(
    session: Session, query: Select[Any], *, order: Order, cursor: str | None, limit: int
) -> tuple[list[Any], str | None]:
    """Return one page of rows and the cursor of the next page.

    Each row must carry the order's columns: they are added to the query as trailing columns and taken off again.
    Rows of a query with one entity come back as that entity, otherwise as tuples.
    """
    keys = [column for column, _ in order]
    if cursor is not None:
        query = query.where(_after(order, _decode(cursor, len(keys))))
    query = query.order_by(*(column.desc() if way == "desc" else column.asc() for column, way in order))
    width = len(query.column_descriptions)
    rows = session.execute(query.add_columns(*keys).limit(limit + 1)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    items = [row[0] if width == 1 else tuple(row[:width]) for row in rows[:limit]]
    return items, None if last is None else _encode(list(last[width:]))


def cursors(session: Session, query: Select[Any], *, order: Order, every: int) -> list[str]:
    """Return the cursor after every so many rows, so that a page far down is reached without reading those before it.

    The database walks the index once and hands out one row in `every`.
    """
    ways = [column.desc() if way == "desc" else column.asc() for column, way in order]
    number = func.row_number().over(order_by=ways).label("row_number")
    keys = [column.label(f"key_{index}") for index, (column, _) in enumerate(order)]
    rows = query.with_only_columns(*keys, number, maintain_column_froms=True).subquery()
    found = select(*(rows.c[key.name] for key in keys)).where(rows.c.row_number % every == 0)
    return [_encode(list(row)) for row in session.execute(found.order_by(rows.c.row_number))]


def slice_page(
    items: Sequence[T], *, key: Callable[[T], tuple[Any, ...]], cursor: str | None, limit: int
) -> tuple[list[T], str | None]:
    """Return one page of a sequence that lies sorted by a unique `key`, and the cursor of the next page."""
    start = 0
    if cursor is not None:
        width = len(key(items[0])) if items else 0
        start = bisect_right(items, tuple(_decode(cursor, width)), key=key) if items else 0
    page = list(items[start : start + limit])
    return page, _encode(list(key(page[-1]))) if start + limit < len(items) else None


def _after(order: Order, values: list[Any]) -> ColumnElement[bool]:
    ways = {way for _, way in order}
    if len(ways) == 1 and len(order) > 1:  # A row comparison lets the index seek.
        from sqlalchemy import literal, tuple_

        left = tuple_(*(column for column, _ in order))
        right = tuple_(*(literal(value, column.type) for (column, _), value in zip(order, values, strict=True)))
        return left < right if ways == {"desc"} else left > right
    steps = []
    for index, (column, way) in enumerate(order):
        equal = [order[i][0] == values[i] for i in range(index)]
        beyond = column < values[index] if way == "desc" else column > values[index]
        steps.append(and_(*equal, beyond))
    return or_(*steps)


def _encode(values: list[Any]) -> str:
    plain = [_plain(value) for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return {"u": str(value)}
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    return value


def _decode(cursor: str, width: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != width:
            raise CursorInvalid
        return [_rich(value) for value in values]
    except (ValueError, TypeError, KeyError, UnicodeError) as error:
        raise CursorInvalid from error


def _rich(value: Any) -> Any:
    if isinstance(value, dict):
        return UUID(value["u"]) if "u" in value else datetime.fromisoformat(value["t"])
    if value is not None and not isinstance(value, str | int | float):
        raise CursorInvalid
    return value
