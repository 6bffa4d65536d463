"""What an entry of the history holds: plain values, what differs, the text to search in; it asks no database."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

Facts = Mapping[str, Any]


def differing(before: Facts | None, after: Facts | None) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return before and after as plain values, of what differs only where there are both.

    Example:
        >>> differing({"name": "roll", "position": 1}, {"name": "bun", "position": 1})
        ({'name': 'roll'}, {'name': 'bun'})
        >>> differing(None, {"name": "bun"})
        (None, {'name': 'bun'})
    """
    was = None if before is None else plain(before)
    is_now = None if after is None else plain(after)
    if was is None or is_now is None:
        return was, is_now
    names = [name for name in {**was, **is_now} if was.get(name) != is_now.get(name)]
    return {name: was.get(name) for name in names}, {name: is_now.get(name) for name in names}


def plain(facts: Facts) -> dict[str, Any]:
    """Return facts as JSON can carry them: ids and times as texts.

    Example:
        >>> plain({"image_ids": [UUID(int=1)]})
        {'image_ids': ['00000000-0000-0000-0000-000000000001']}
    """
    return {name: _plain(value) for name, value in facts.items()}


def searchable(action: str, *facts: Facts | None) -> str:
    """Return the words of an action and every text and number in what is said of it, in small letters.

    Example:
        >>> searchable("member.role_changed", {"name": "Ben"}, None, {"role": "Owner"})
        'member role changed ben owner'
    """
    words = [action.replace(".", " ").replace("_", " ")]
    words += [word for said in facts if said for word in _words(said)]
    return " ".join(words).lower()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _words(item)
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)
