"""Objects that were kept on disk come back as they were, image by image, and take no memory in between."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modelyard.formats import coco, csv_table, cvat, jsonl, label_studio
from modelyard.formats.entries import Entry, Item, LazyItems
from modelyard.formats.spool import NOTHING, Spool, Stored, kept_in, loaded
from modelyard.geometry.kinds import Box, Polygon, Whole
from tests.formats import drawings

SHAPES = st.one_of(
    drawings.boxes,
    drawings.turned,
    drawings.polygons,
    st.lists(drawings.rings, min_size=2, max_size=3).map(lambda rings: Polygon(tuple(rings))),
    drawings.ellipses,
    drawings.mask_shapes,
    drawings.keypoints,
    drawings.polylines,
    drawings.points,
    st.just(Whole()),
)
TEXTS = st.text(st.characters(), max_size=5)  # Lone halves of characters are among them.
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(TEXTS, inside, max_size=3),
    max_leaves=6,
)
ITEMS = st.builds(
    lambda name, shape, attributes, extra: Item(class_name=name, shape=shape, attributes=attributes, extra=extra),
    TEXTS,
    SHAPES,
    st.dictionaries(TEXTS, st.booleans() | st.floats(allow_nan=False) | TEXTS, max_size=3),
    st.dictionaries(TEXTS, VALUES, max_size=3),
)


@settings(deadline=None)
@given(rows=st.lists(st.tuples(st.integers(0, 3), ITEMS, st.integers(0, 9), TEXTS), max_size=12))
def test_objects_of_images_in_any_order_come_back(rows):
    spool, chains = Spool(), dict.fromkeys(range(4), NOTHING)
    for at, (image, item, line, place) in enumerate(rows):
        chains[image] = spool.add(item, chains[image], line=line, place=place)
        if at % 3 == 2:  # Reading moves the place in the file; writing goes on at the end all the same.
            assert spool.rows(chains[image])[-1].item == item
    assert [(row.item, row.line, row.place) for row in spool] == [(item, line, place) for _, item, line, place in rows]
    for image, chain in chains.items():
        own = [(item, line, place) for of, item, line, place in rows if of == image]
        assert [(row.item, row.line, row.place) for row in spool.rows(chain)] == own
        assert [row.item.shape.area() for row in spool.rows(chain)] == [item.shape.area() for item, _, _ in own]
        assert chain.length == len(own)
        assert chain.has_attributes == any(item.attributes for item, _, _ in own)


def test_more_than_fits_into_memory_comes_back():
    spool = Spool()
    rings = [tuple(float(at + n) for n in range(2000)) for at in range(200)]
    items = [Item(class_name=str(at % 7), shape=Polygon((ring,))) for at, ring in enumerate(rings)]
    small = Item(class_name="dot", shape=Box(0, 0, 1, 1))
    kept = [spool.keep([item, *[small] * (at % 5)]) for at, item in enumerate(items)]
    for at in (199, 0, 100, 57):
        assert list(kept[at]) == [items[at], *[small] * (at % 5)]
    assert sum(1 for _ in spool) == sum(map(len, kept))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="The system does not show where open files lie.")
def test_a_spool_lies_in_the_folder_that_is_given(tmp_path):
    with kept_in(tmp_path):
        spool = Spool()
    spool.keep([Item(class_name="bun", shape=Polygon((tuple(map(float, range(200_000))),)))])
    opened = [os.readlink(link) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert any(target.startswith(str(tmp_path)) for target in opened)
    assert not list(tmp_path.iterdir())  # It has no name, so that nobody has to clear it away.


def test_stored_items_are_a_sequence():
    items = [Item(class_name="bun", shape=Box(0, 0, at, 1), attributes={"n": 1.0}) for at in (1, 2, 3)]
    whole = Item(class_name="tray", shape=Whole())
    spool = Spool()
    chain = NOTHING
    for item in items:
        chain = spool.add(item, chain)
    stored = Stored(spool, chain, [whole])
    assert len(stored) == 4
    assert stored == (whole, *items)
    assert stored[1] == items[0]
    assert stored[-2:] == tuple(items[1:])
    assert stored.has_attributes
    assert not Spool().keep([])


def test_loaded_entry_holds_its_objects():
    item = Item(class_name="bun", shape=Box(0, 0, 1, 1))
    entry = Entry(name="1.jpg", answer="objects", items=Spool().keep([item]))
    assert type(loaded(entry).items) is tuple
    assert loaded(entry) == entry == replace(entry, items=(item,))


def test_what_readers_hand_on_is_not_in_memory():
    items = [Item(class_name="bun", shape=Box(0, 0, 1, 1), attributes={"n": 1.0})] * 3
    entries = [Entry(name="1.jpg", answer="objects", items=items, width=4, height=4)]
    boxes = [replace(entries[0], items=[replace(item, attributes={}) for item in items])]
    for listing in (
        coco.read("".join(coco.write(boxes)).encode()),
        coco.read("".join(coco.write(entries)).encode()),
        csv_table.read("".join(csv_table.write(entries)).encode()),
        cvat.read("".join(cvat.write(entries)).encode()),
        jsonl.read("".join(jsonl.write(entries)).encode()),
        label_studio.read("".join(label_studio.write(entries)).encode()),
    ):
        assert isinstance(listing.entries[0].items, LazyItems)
        assert len(listing.entries[0].items) == 3
