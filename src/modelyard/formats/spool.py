"""Objects of a large file of labels, kept on disk until somebody looks at them: what was read never lies in memory.

A spool is a temporary file that is gone with the last who holds it. An object is a line of numbers and texts in it,
with the place of the one before it in the same image, so that images may come in any order.
"""

import json
import struct
import tempfile
import weakref
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import Any, NamedTuple

from modelyard.formats.entries import Entry, Item, LazyItems
from modelyard.geometry.kinds import Box, Ellipse, Keypoints, Mask, Point, Polygon, Polyline, Shape, Whole

_HEAD = struct.Struct("<qIBIII")  # the one before, class, kind of shape; how many numbers, bytes of text, bytes of more
_IN_MEMORY = 1_000_000  # bytes of a spool that needs no file
_BACK, _AHEAD = 16_384, 4_096  # bytes about an object that are read with it, since its neighbours are often wanted next
_NONE: Mapping[str, str | float | bool] = {}
_FOLDER: ContextVar[str | None] = ContextVar("folder", default=None)


class Chain(NamedTuple):
    """The objects of one image: where the last one stands, how many there are, and whether any has attributes."""

    last: int = -1
    length: int = 0
    has_attributes: bool = False


NOTHING = Chain()


class Row(NamedTuple):
    """An object as it was kept, with where its file told of it, if that may still be asked."""

    item: Item
    line: int = 0
    place: str = ""
    before: int = -1
    end: int = 0


@contextmanager
def kept_in(folder: Path) -> Iterator[None]:
    """Have spools that are made meanwhile keep their files in a folder; that for temporary files may lie in memory."""
    token = _FOLDER.set(str(folder))
    try:
        yield
    finally:
        _FOLDER.reset(token)


class Spool:
    """Objects in the order in which they came."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=_FOLDER.get())  # noqa: SIM115 - it lives as long as this does
        weakref.finalize(self, self._file.close)
        self._end, self._is_at_end = 0, True
        self._classes: dict[str, int] = {}
        self._names: list[str] = []

    def add(self, item: Item, after: Chain, *, line: int = 0, place: str = "") -> Chain:
        """Keep an object behind those of its image; return these with it."""
        shape, kind = item.shape, type(item.shape)
        numbers = _WAYS[kind].numbers(shape)
        more = b""
        if item.attributes or item.extra or line or place:
            more = json.dumps([dict(item.attributes), dict(item.extra), line, place]).encode()
        text, count = _WAYS[kind].text(shape).encode(), len(numbers)
        head = _HEAD.pack(after.last, self._number(item.class_name), _CODES[kind], count, len(text), len(more))
        if not self._is_at_end:
            self._file.seek(self._end)
            self._is_at_end = True
        start = self._end
        self._end += self._file.write(b"".join((head, array("d", numbers).tobytes(), text, more)))
        return Chain(start, after.length + 1, after.has_attributes or bool(item.attributes))

    def keep(self, items: Iterable[Item]) -> Sequence[Item]:
        """Keep the objects of one image and return them as what is read when it is looked at."""
        found = NOTHING
        for item in items:
            found = self.add(item, found)
        return Stored(self, found) if found.length else ()

    def rows(self, of: Chain) -> list[Row]:
        """Return the objects of one image."""
        found: list[Row] = []
        at, start, data = of.last, 0, b""
        while at >= 0:
            if not start <= at <= start + len(data) - _HEAD.size:
                start = max(0, at - _BACK)
                data = self._read(start, _BACK + _AHEAD)
            row = self._row(data, at - start, at)
            found.append(row)
            at = row.before
        return found[::-1]

    def __iter__(self) -> Iterator[Row]:
        """Yield all objects in the order in which they came."""
        at, start, data = 0, 0, b""
        while at < self._end:
            if at + _HEAD.size > start + len(data):
                start, data = at, self._read(at, 8 * _BACK)
            row = self._row(data, at - start, at)
            yield row
            at = row.end

    def _row(self, data: bytes, offset: int, at: int) -> Row:
        """Return the object at a place, of which at least the head stands in `data`."""
        before, number, kind, count, text_size, more_size = _HEAD.unpack_from(data, offset)
        size = 8 * count + text_size + more_size
        offset += _HEAD.size
        if offset + size > len(data):
            data, offset = self._read(at + _HEAD.size, size), 0
        numbers = array("d", data[offset : offset + 8 * count])
        offset += 8 * count
        shape = _WAYS[_KINDS[kind]].make(tuple(numbers), data[offset : offset + text_size].decode())
        attributes, extra, line, place = _NONE, _NONE, 0, ""
        if more_size:
            attributes, extra, line, place = json.loads(data[offset + text_size : offset + text_size + more_size])
        item = Item(class_name=self._names[number], shape=shape, attributes=attributes, extra=extra)
        return Row(item, line, place, before, at + _HEAD.size + size)

    def _read(self, start: int, size: int) -> bytes:
        self._is_at_end = False
        self._file.seek(start)
        return self._file.read(size)

    def _number(self, name: str) -> int:
        number = self._classes.setdefault(name, len(self._names))
        if number == len(self._names):
            self._names.append(name)
        return number


class Stored(LazyItems):
    """The objects of one image, read from a spool whenever somebody looks at them; `first` come before them."""

    __slots__ = ("_drawn", "_first", "_spool")

    def __init__(self, spool: Spool, drawn: Chain, first: Sequence[Item] = ()) -> None:
        self._spool, self._drawn, self._first = spool, drawn, tuple(first)

    @property
    def has_attributes(self) -> bool:
        """Whether any of them has attributes."""
        return self._drawn.has_attributes or any(item.attributes for item in self._first)

    def __len__(self) -> int:
        return len(self._first) + self._drawn.length

    def __iter__(self) -> Iterator[Item]:
        yield from self._first
        for row in self._spool.rows(self._drawn):
            yield row.item


def loaded(entry: Entry) -> Entry:
    """Return an entry whose objects lie in memory, for who looks at them several times."""
    return replace(entry, items=tuple(entry.items)) if isinstance(entry.items, Stored) else entry


def _box(numbers: tuple[float, ...], text: str) -> Box:
    return Box(*numbers) if numbers[4] else Box.known(*numbers[:4])


def _mask(numbers: tuple[float, ...], counts: str) -> Mask:
    x, y, width, height, area = map(int, numbers)
    return Mask.known((x, y, width, height), counts, area)


def _keypoints(numbers: tuple[float, ...], text: str) -> Keypoints:
    flags = map(int, numbers[2::3])
    return Keypoints.known(tuple(zip(numbers[::3], numbers[1::3], flags, strict=True)))


def _polygon(numbers: tuple[float, ...], sizes: str) -> Polygon:
    if "," not in sizes:
        return Polygon.known((numbers,))
    ends = [0, *accumulate(map(int, sizes.split(",")))]
    return Polygon.known(tuple(numbers[start:end] for start, end in pairwise(ends)))


class _Way(NamedTuple):
    """How a kind of shape is taken apart into numbers and a text, and made of them again."""

    numbers: Callable[[Any], Sequence[float]]
    make: Callable[[Any, str], Shape]
    text: Callable[[Any], str] = lambda it: ""


_WAYS: dict[type, _Way] = {
    Box: _Way(lambda it: (it.x1, it.y1, it.x2, it.y2, it.angle), _box),
    Polygon: _Way(
        lambda it: it.rings[0] if len(it.rings) == 1 else tuple(chain(*it.rings)),
        _polygon,
        lambda it: ",".join(str(len(ring)) for ring in it.rings),
    ),
    Ellipse: _Way(lambda it: (it.cx, it.cy, it.rx, it.ry, it.angle), lambda numbers, text: Ellipse(*numbers)),
    Mask: _Way(lambda it: (it.x, it.y, it.width, it.height, it.area()), _mask, lambda it: it.counts),
    Keypoints: _Way(lambda it: tuple(chain(*it.points)), _keypoints),
    Polyline: _Way(lambda it: it.points, lambda numbers, text: Polyline(numbers)),
    Point: _Way(lambda it: (it.x, it.y), lambda numbers, text: Point(*numbers)),
    Whole: _Way(lambda it: (), lambda numbers, text: Whole()),
}
_KINDS = list(_WAYS)
_CODES = {kind: code for code, kind in enumerate(_KINDS)}
