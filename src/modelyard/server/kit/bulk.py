"""Many rows of one table at once, past the object layer; rows that people make one by one don't need it."""

from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.engine import Dialect

from modelyard.server.kit.database import WriteSession

Process = Callable[[Any], Any]


def insert_rows(session: WriteSession, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows by one prepared statement; what a row does not name is null, for no default is filled in.

    Most columns of a million rows hold the same few values, so that what the driver takes for each is made once.
    """
    if not rows:
        return
    session.flush()  # What these rows refer to may still wait in the session.
    connection = session.connection()
    sql, columns = _statement(table, connection.dialect)
    values = [_bound([row.get(name) for row in rows], process) for name, process in columns]
    if connection.dialect.positional:
        connection.exec_driver_sql(sql, list(zip(*values, strict=True)))
    else:
        names = [name for name, _ in columns]
        connection.exec_driver_sql(sql, [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)])


def _bound(values: list[Any], process: Process | None) -> list[Any]:
    if process is None:
        return values
    made: dict[Hashable, Any] = {None: None}
    found = []
    for value in values:
        if isinstance(value, dict | list):
            found.append(process(value) if value else made.setdefault("{}", process({})))
            continue
        if value not in made:
            made[value] = process(value)
        found.append(made[value])
    return found


@lru_cache(maxsize=32)
def _statement(table: Table, dialect: Dialect) -> tuple[str, list[tuple[str, Process | None]]]:
    """Return the statement and, in its order, each column with what makes the driver's value of a value."""
    compiled = insert(table).compile(dialect=dialect)
    names = getattr(compiled, "positiontup", None) or [column.name for column in table.columns]
    types = [table.columns[name].type.dialect_impl(dialect) for name in names]
    return str(compiled), [(name, kind.bind_processor(dialect)) for name, kind in zip(names, types, strict=True)]
