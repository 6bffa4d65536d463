"""Plain boxes of a large file of labels, as columns of numbers: a million take 60 MB, as objects they would take 500.

Whatever is not plain (faulty, turned, with attributes, out of its image) is handed back, to be looked at one by one.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelyard.formats.entries import Item, LazyItems
from modelyard.geometry.kinds import LIMIT, Box

_PLAIN = {int, float}
_INT64 = 2**63


class Columns:
    """Boxes in the order in which they came: a line, an image's and a class's number, and x, y, width, height."""

    def __init__(self) -> None:
        self._lines, self._images, self._classes = array("q"), array("q"), array("q")
        self._numbers = array("d")

    def __len__(self) -> int:
        return len(self._lines)

    def take(self, line: int, image: object, class_: object, box: object) -> bool:
        """Keep a box, or say that it is not plain."""
        if type(image) is not int or type(class_) is not int or type(box) is not list or len(box) != 4:
            return False
        if not (-_INT64 <= image < _INT64 and -_INT64 <= class_ < _INT64 and set(map(type, box)) <= _PLAIN):
            return False
        try:
            numbers = array("d", box)
        except OverflowError:
            return False
        self._numbers += numbers
        self._lines.append(line)
        self._images.append(image)
        self._classes.append(class_)
        return True

    def sort(
        self,
        images: Sequence[object],
        sizes: Sequence[tuple[float, float]],
        classes: Mapping[Any, str],
        *,
        slack: float,
        others: Sequence[int],
    ) -> tuple[dict[int, "Boxes"], Iterator[tuple[int, dict[str, Any]]]]:
        """Return the boxes of each image that has only plain ones, by its place, and all other boxes one by one.

        Args:
            images: The number of each image.
            sizes: Its width and height, infinite where it is not known.
            classes: The name of each class by its number.
            slack: How far, in pixels, a box may stand out of its image to be cut without a word.
            others: Places of images of which something else is drawn, so that order matters.
        """
        lines = np.frombuffer(self._lines, np.int64)
        places = _places(np.frombuffer(self._images, np.int64), images)
        names = list(classes)
        kinds = _places(np.frombuffer(self._classes, np.int64), names)
        numbers = np.frombuffer(self._numbers, np.float64).reshape(-1, 4)
        corners, is_fine = _cut(numbers, np.array([*sizes, (np.inf, np.inf)], np.float64)[places], slack)
        is_fine &= (places >= 0) & (kinds >= 0)
        is_alone = np.ones(len(images) + 1, bool)
        is_alone[places[~is_fine]] = False
        is_alone[list(others)] = False
        is_fine &= is_alone[places]
        kept = np.flatnonzero(is_fine)
        kept = kept[np.argsort(places[kept], kind="stable")]
        table = _Table(corners[kept], kinds[kept].astype(np.int32), [classes[name] for name in names])
        owners, starts = np.unique(places[kept], return_index=True)
        ends = np.append(starts[1:], len(kept))[: len(owners)]
        ranges = zip(owners.tolist(), starts.tolist(), ends.tolist(), strict=True)
        found = {owner: Boxes(table, range(start, end)) for owner, start, end in ranges}
        return found, self._rest(np.flatnonzero(~is_fine), lines)

    def _rest(self, rows: NDArray[np.int64], lines: NDArray[np.int64]) -> Iterator[tuple[int, dict[str, Any]]]:
        for row in rows.tolist():
            box = self._numbers[4 * row : 4 * row + 4].tolist()
            yield int(lines[row]), {"image_id": self._images[row], "category_id": self._classes[row], "bbox": box}


class _Table:
    def __init__(self, corners: NDArray[np.float64], kinds: NDArray[np.int32], names: Sequence[str]) -> None:
        self.corners = corners  # (N, 4) xyxy
        self.kinds = kinds  # (N,)
        self.names = names


class Boxes(LazyItems):
    """The boxes of one image, made into objects whenever somebody looks at them."""

    __slots__ = ("_rows", "_table")

    def __init__(self, table: _Table, rows: range) -> None:
        self._table, self._rows = table, rows

    @property
    def has_attributes(self) -> bool:
        """Whether any of them has attributes: what has some is not plain."""
        return False

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Item]:
        part = slice(self._rows.start, self._rows.stop)
        names = self._table.names
        for corners, kind in zip(self._table.corners[part].tolist(), self._table.kinds[part].tolist(), strict=True):
            yield Item(class_name=names[kind], shape=Box(*corners))


def class_names(items: Sequence[Item]) -> list[str]:
    """Return the classes of objects, each once, without making objects of boxes that are columns.

    Example:
        >>> class_names([Item(class_name="bun", shape=Box(0, 0, 1, 1))] * 2)
        ['bun']
    """
    if isinstance(items, Boxes):
        kinds = items._table.kinds[items._rows.start : items._rows.stop]
        return [items._table.names[kind] for kind in dict.fromkeys(kinds.tolist())]
    return list(dict.fromkeys(item.class_name for item in items))


def _places(values: NDArray[np.int64], known: Sequence[object]) -> NDArray[np.int64]:
    """Return the place of each value among the known ones, -1 where it is none of them."""
    found = [(value, at) for at, value in enumerate(known) if type(value) is int]
    if not found:
        return np.full(len(values), -1)
    keys, at = np.array([value for value, _ in found], np.int64), np.array([at for _, at in found])
    order = np.argsort(keys)
    where = order[np.minimum(np.searchsorted(keys, values, sorter=order), len(keys) - 1)]
    return np.where(keys[where] == values, at[where], -1)


def _cut(
    numbers: NDArray[np.float64], sizes: NDArray[np.float64], slack: float
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return corners, shape (N, 4), cut to images of these sizes, shape (N, 2), and which of them need no word."""
    with np.errstate(invalid="ignore", over="ignore"):
        low, high = numbers[:, :2], numbers[:, :2] + numbers[:, 2:]
        is_fine = np.asarray((np.abs(numbers) < LIMIT).all(axis=1) & (numbers[:, 2:] > 0).all(axis=1))
        is_fine &= (high < LIMIT).all(axis=1) & (high > low).all(axis=1)
        is_fine &= (low >= -slack).all(axis=1) & (high <= sizes + slack).all(axis=1)
        corners = np.hstack([np.maximum(low, 0.0), np.minimum(high, sizes)])
        is_unknown = np.isinf(sizes[:, 0])
        corners[is_unknown] = np.hstack([low, high])[is_unknown]
        is_fine &= (corners[:, 2:] > corners[:, :2]).all(axis=1)
        return corners, is_fine
