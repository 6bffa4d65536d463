"""What a format cannot carry: counted, kind to number, and never told as “nothing here”. Each says what it carries."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from modelyard.formats.entries import Entry, Item
from modelyard.geometry.kinds import Box, Ellipse, Keypoints, Polygon, Whole

ATTRIBUTES = "attributes of objects"
IMAGE_ATTRIBUTES = "attributes of images"
ROTATION = "rotation of boxes and ellipses"
HOLES = "holes in polygons"
MASKS = "masks"
POLYGONS = "polygons"
FLAT = "polygons without an area"
ELLIPSES = "ellipses"
KEYPOINTS = "keypoints"
UNLABELLED = "keypoints of which no point is labelled"
POLYLINES = "polylines"
POINTS = "points"
BOXES = "boxes"
CLASSES = "classes of whole images"
OBJECTS = "objects"
ANSWERS = "answers other than a class or objects"
SPLITS = "splits"
EVERY_SHAPE = (OBJECTS, BOXES, POLYGONS, FLAT, ELLIPSES, MASKS, KEYPOINTS, UNLABELLED, POLYLINES, POINTS, ROTATION)

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


def add(counts: Counter[str], entry: Entry) -> None:
    """Count the kinds of an entry; plain boxes, of which there may be a million, at once.

    Example:
        >>> found = Counter()
        >>> add(found, Entry(name="1.jpg", answer="objects", items=(Item(class_name="bun", shape=Box(0, 0, 1, 1)),)))
        >>> dict(found)
        {'objects': 1, 'boxes': 1}
    """
    counts.update(_of_head(entry))
    boxes = 0
    for item in entry.items:
        if type(item.shape) is Box and not (item.shape.angle or item.attributes):
            boxes += 1
        else:
            counts.update(_of_item(item))
    if boxes:
        counts[OBJECTS] += boxes
        counts[BOXES] += boxes


def kinds(entry: Entry) -> Iterator[str]:
    """Yield a kind for each thing in an entry that some format cannot carry.

    Example:
        >>> list(kinds(Entry(name="1.jpg", split="val", answer="not_sure")))
        ['splits', 'answers other than a class or objects']
    """
    yield from _of_head(entry)
    for item in entry.items:
        yield from _of_item(item)


def kept(entry: Entry, is_carried: Callable[[Item], bool]) -> Entry:
    """Return an entry with the objects that a format carries.

    An image none of whose objects is carried has no answer: without any it would say that there is nothing here.

    Example:
        >>> kept(Entry(name="1.jpg", answer="objects", items=(Item(class_name="bun", shape=Whole()),)), has_box).answer
        'none'
    """
    items = [item for item in entry.items if is_carried(item)]
    if len(items) == len(entry.items):
        return entry
    return replace(entry, items=items, answer=entry.answer if items else "none")


def has_box(item: Item) -> bool:
    """Say whether the box around an object has an area; that of a point, a level line or the whole image has none."""
    x1, y1, x2, y2 = item.shape.bounds()
    return x1 < x2 and y1 < y2


def _of_head(entry: Entry) -> Iterator[str]:
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


def _of_item(item: Item) -> Iterator[str]:
    if isinstance(item.shape, Whole):
        yield CLASSES
    else:
        yield OBJECTS
        yield _KINDS[type(item.shape).__name__]
    if isinstance(item.shape, Keypoints) and not any(point[2] for point in item.shape.points):
        yield UNLABELLED
    if item.attributes:
        yield ATTRIBUTES
    if isinstance(item.shape, Box | Ellipse) and item.shape.angle:
        yield ROTATION
    if isinstance(item.shape, Polygon):
        if item.shape.holes():
            yield HOLES
        if not item.shape.area():
            yield FLAT
