"""The one registry class (recipes, backbones, formats, metrics, jobs); it imports no entry until asked."""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import TypeVar

from modelyard.errors import Invalid

T = TypeVar("T")


class UnknownName(Invalid):
    """There is nothing registered under that name."""


class Registry(Mapping[str, T]):
    """A dict whose miss is helpful.

    Example:
        >>> shapes: Registry[int] = Registry("shape")
        >>> shapes.add("square", 4)
        4
        >>> shapes["squar"]
        Traceback (most recent call last):
        ...
        modelyard.registry.UnknownName: There is no shape 'squar'. Did you mean 'square'?
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, T] = {}

    def add(self, name: str, entry: T) -> T:
        """Register `entry` under `name`; a second entry of that name is a programming error."""
        if name in self._entries:
            raise ValueError(f"The {self.kind} {name!r} is registered twice.")
        self._entries[name] = entry
        return entry

    def register(self, name: str) -> Callable[[T], T]:
        """Return a decorator that registers what it decorates."""
        return lambda entry: self.add(name, entry)

    def names(self) -> list[str]:
        """Return every registered name, sorted."""
        return sorted(self._entries)

    def __getitem__(self, name: str) -> T:
        try:
            return self._entries[name]
        except KeyError:
            near = get_close_matches(name, self._entries, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else f" Known: {', '.join(self.names())}."
            raise UnknownName(f"There is no {self.kind} {name!r}.{hint}", name=name) from None

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
