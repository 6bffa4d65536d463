"""Pascal VOC's segmentation: a PNG that says the class of each pixel, and one that says of which object it is.

    SegmentationClass/a.png    values are classes by labelmap.txt, or the original's twenty; 255 is a border of nothing
    SegmentationObject/a.png   values are the objects of a picture, from 1; without it each class is one object
    ImageSets/Segmentation/train.txt

It is a part of `voc`, which reads and writes what else there is.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from modelyard.errors import Invalid
from modelyard.formats.documents import DocumentInvalid
from modelyard.formats.drafts import Draft, Drafts
from modelyard.formats.entries import Entry, Item
from modelyard.formats.palettes import VOID, Color, color, load, pack, png
from modelyard.geometry import masks
from modelyard.geometry.kinds import Keypoints, Point, Polyline, Whole
from modelyard.geometry.shapes import to_mask

CLASSES, OBJECTS = "SegmentationClass", "SegmentationObject"

_MOST_OBJECTS = 10_000
# fmt: off
_ORIGINAL = [
    "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair", "cow", "diningtable", "dog",
    "horse", "motorbike", "person", "pottedplant", "sheep", "sofa", "train", "tvmonitor",
]
# fmt: on


def find(files: Mapping[str, Path], folder: str) -> dict[str, str]:
    """Return the PNGs of a folder by their paths within it, without the ending.

    Example:
        >>> find({"x/SegmentationClass/a/1.png": Path()}, CLASSES)
        {'a/1': 'x/SegmentationClass/a/1.png'}
    """
    found = {}
    for name in sorted(files):
        parts = PurePosixPath(name).with_suffix("").parts
        if name.lower().endswith(".png") and folder in parts[:-1]:
            found["/".join(parts[parts.index(folder) + 1 :])] = name
    return found


def read(
    drafts: Drafts, draft: Draft, files: Mapping[str, Path], names: tuple[str, str | None], colors: Mapping[Color, str]
) -> None:
    """Put the objects of one picture into its draft.

    Args:
        drafts: Where faults are kept.
        draft: The picture's.
        files: Every file by its path.
        names: The paths of its classes and, where there is one, of its objects.
        colors: The class of each color, as labelmap.txt says.
    """
    draft.answer = "objects"
    try:
        values = _numbers(files[names[0]], colors)
        objects = _numbers(files[names[1]], {}) if names[1] else values
        if objects.shape != values.shape:
            raise DocumentInvalid("The pictures of its classes and of its objects differ in size.")
        present = [value for value in np.unique(objects).tolist() if value not in (0, VOID)]
        if len(present) > _MOST_OBJECTS:
            raise DocumentInvalid(f"There are {len(present):,} objects; it is a picture, not a mask.")
    except Invalid as error:
        draft.is_spoiled = True
        drafts.fault(error.detail, place=names[1] or names[0])
        return
    draft.height, draft.width = values.shape
    for value in present:
        is_on = objects == value
        class_name = drafts.add_class(_name(values[is_on], list(colors.values()) or _ORIGINAL))
        shape = masks.from_array(is_on) or masks.nothing()
        place = f"{names[1] or names[0]}, object {value}"
        drafts.put(draft, class_name, lambda shape=shape: shape, place=place)  # type: ignore[misc]


def is_drawn(item: Item) -> bool:
    """Say whether an object covers pixels, so that it can be drawn into a mask."""
    return not isinstance(item.shape, Keypoints | Polyline | Point | Whole)


def write(entry: Entry, numbers: Mapping[str, int]) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield (path, pieces) of the two PNGs of an image of known size; of what overlaps the later is on top."""
    classes, objects = (np.zeros((entry.height or 1, entry.width or 1), np.int32) for _ in range(2))
    for at, item in enumerate(filter(is_drawn, entry.items), start=1):
        mask = to_mask(item.shape, entry.width or 1, entry.height or 1)
        window = np.s_[mask.y : mask.y + mask.height, mask.x : mask.x + mask.width]
        is_on = mask.to_array()
        classes[window][is_on] = numbers[item.class_name]
        objects[window][is_on] = at if at < VOID else at + 1
    stem = PurePosixPath(entry.name).with_suffix(".png")
    yield f"{CLASSES}/{stem}", iter([png(classes)])
    yield f"{OBJECTS}/{stem}", iter([png(objects)])


def _numbers(path: Path, colors: Mapping[Color, str]) -> NDArray[np.integer]:
    """Return the values, shape (H, W): by their place in `colors` from 1, else as the palette numbers them."""
    values, palette = load(path)
    if palette is not None and not colors:
        return values
    found = np.zeros(values.shape, np.int32)
    if palette is None:
        known = [pack(*said) for said in colors] or [pack(*color(at)) for at in range(1, _MOST_OBJECTS)]
        order = np.argsort(known)
        at = np.clip(np.searchsorted(np.array(known), values, sorter=order), 0, len(known) - 1)
        return np.where(np.array(known)[order[at]] == values, order[at] + 1, 0).astype(np.int32)
    numbers = {said: at for at, said in enumerate(colors, start=1)}
    for value in np.unique(values).tolist():
        said = palette[value] if value < len(palette) else (0, 0, 0)
        found[values == value] = numbers.get(said, VOID if value == VOID else 0)
    return found


def _name(values: NDArray[np.integer], names: Sequence[str]) -> str | None:
    """Return the class that most of these pixels, shape (N,), have; None if that is none."""
    counted = np.bincount(values[(values > 0) & (values != VOID)])
    most = int(counted.argmax()) if counted.size else 0
    if not most:
        return None
    return names[most - 1] if most <= len(names) else str(most)
