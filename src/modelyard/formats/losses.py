"""What a format cannot carry, counted: kind to number; each format says what it carries."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from modelyard.formats.entries import Entry, Item
from modelyard.geometry.kinds import Box, Ellipse, Polygon, Whole

ATTRIBUTES = "attributes of objects"
IMAGE_ATTRIBUTES = "attributes of images"
ROTATION = "rotation of boxes and ellipses"
HOLES = "holes in polygons"
MASKS = "masks"
POLYGONS = "polygons"
ELLIPSES = "ellipses"
KEYPOINTS = "keypoints"
POLYLINES = "polylines"
POINTS = "points"
BOXES = "boxes"
CLASSES = "classes of whole images"
OBJECTS = "objects"
ANSWERS = "answers other than a class or objects"
SPLITS = "splits"

_KINDS = {
    "Box": BOXES,
    "Polygon": POLYGONS,
    "Ellipse": ELLIPSES,
    "Mask": MASKS,
    "Keypoints": KEYPOINTS,
    "Polyline": POLYLINES,
    "Point": POINTS,
}


def count(entries: Sequence[Entry], carried: Collection[str]) -> dict[str, int]:
    """Count what is not among the kinds that are carried.

    Example:
        >>> count([Entry(name="1.jpg", split="val", answer="not_sure")], [ANSWERS])
        {'splits': 1}
    """
    counted = getattr(entries, "loss_counts", None)  # They may have been counted while they were written.
    found = counted() if counted else Counter(kind for entry in entries for kind in kinds(entry))
    return {kind: number for kind, number in found.items() if kind not in carried}


def kinds(entry: Entry) -> Iterator[str]:
    """Yield a kind for each thing in an entry that some format cannot carry.

    Example:
        >>> list(kinds(Entry(name="1.jpg", split="val", answer="not_sure")))
        ['splits', 'answers other than a class or objects']
    """
    if entry.split:
        yield SPLITS
    if entry.attributes:
        yield IMAGE_ATTRIBUTES
    if entry.answer == "class":
        yield CLASSES
    elif entry.answer in ("does_not_belong", "not_sure"):
        yield ANSWERS
    elif entry.answer == "objects" and not entry.items:
        yield OBJECTS
    for item in entry.items:
        yield from _of_item(item)


def _of_item(item: Item) -> Iterator[str]:
    if isinstance(item.shape, Whole):
        yield CLASSES
    else:
        yield OBJECTS
        yield _KINDS[type(item.shape).__name__]
    if item.attributes:
        yield ATTRIBUTES
    if isinstance(item.shape, Box | Ellipse) and item.shape.angle:
        yield ROTATION
    if isinstance(item.shape, Polygon) and item.shape.holes():
        yield HOLES
