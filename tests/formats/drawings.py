"""Images with drawn objects, for the round trips of formats; coordinates are quarters, so that no sum is rounded."""

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from modelyard.formats.entries import Entry, Item, to_class_name
from modelyard.geometry import masks
from modelyard.geometry.shapes import Box, Ellipse, Keypoints, Point, Polygon, Polyline

SIDE = 64
PLACES = st.integers(0, SIDE * 4).map(lambda quarter: quarter / 4)
SPANS = st.lists(PLACES, min_size=2, max_size=2, unique=True).map(sorted)
ANGLES = st.integers(1, 359).map(float)
CLASSES = st.sampled_from(["red cell", "Brötchen", "a, b; c", "<&>'\"", "7"])
NAMES = st.sampled_from(["a/1.jpg", "a/2.jpg", "b/c.png", "Ü & <x>.jpg", "5.jpg"])
SPLITS = st.sampled_from([None, "train", "val", "test"])
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["color", "is burnt", "count"]),
    st.booleans() | st.integers(-9, 9).map(float) | st.sampled_from(["red", "a <b> & c"]),
    max_size=2,
)

boxes = st.builds(lambda x, y: Box(x[0], y[0], x[1], y[1]), SPANS, SPANS)
turned = st.builds(lambda x, y, angle: Box(x[0], y[0], x[1], y[1], angle), SPANS, SPANS, ANGLES)
rings = st.lists(st.tuples(PLACES, PLACES), min_size=3, max_size=7, unique=True).map(lambda ps: sum(ps, ()))
polygons = rings.map(lambda ring: Polygon((ring,)))
ellipses = st.builds(lambda rx, ry: Ellipse(32, 32, rx, ry), st.integers(1, 31), st.integers(1, 31))
mask_shapes = st.builds(
    lambda array, x, y: masks.from_array(array, x, y) or masks.from_array(np.ones((1, 1), np.bool_), x, y),
    hnp.arrays(np.bool_, st.tuples(st.integers(1, 9), st.integers(1, 9))),
    st.integers(0, SIDE - 9),
    st.integers(0, SIDE - 9),
)
keypoints = st.lists(st.tuples(PLACES, PLACES, st.sampled_from([1, 2])), min_size=1, max_size=4).map(
    lambda points: Keypoints((*points, (0, 0, 0)))
)
polylines = st.lists(st.tuples(PLACES, PLACES), min_size=2, max_size=5).map(lambda ps: Polyline(sum(ps, ())))
points = st.builds(Point, PLACES, PLACES)


def items(shapes, attributes=ATTRIBUTES):
    return st.builds(
        lambda name, shape, more: Item(class_name=to_class_name(name), shape=shape, attributes=more),
        CLASSES,
        shapes,
        attributes,
    )


def images(shapes, attributes=ATTRIBUTES, names=NAMES, splits=SPLITS, most=4):
    """Lists of images with different names, of which each has objects, or nothing."""
    one = st.builds(
        lambda name, found, split: Entry(
            name=name, answer="objects", items=tuple(found), split=split, width=SIDE, height=SIDE
        ),
        names,
        st.lists(items(shapes, attributes), max_size=4),
        splits,
    )
    return st.lists(one, max_size=most, unique_by=lambda entry: entry.name)


def image(*found, name="1.jpg", **more):
    return Entry(name=name, answer="objects", items=tuple(found), width=SIDE, height=SIDE, **more)


def reasons(listing):
    return [f"{fault.where}: {fault.reason}" for fault in listing.faults]


@contextmanager
def on_disk(written):
    """Write (path, pieces) into a folder of its own and yield its files by their paths."""
    with TemporaryDirectory() as folder:
        for name, pieces in written:
            path = Path(folder, name)
            assert Path(folder) in path.resolve().parents
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"".join(p.encode() if isinstance(p, str) else p for p in pieces))
        yield {p.relative_to(folder).as_posix(): p for p in sorted(Path(folder).rglob("*")) if p.is_file()}
