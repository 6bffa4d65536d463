"""Plain boxes read as columns say the same as boxes looked at one by one."""

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from modelyard.formats import coco
from modelyard.formats.entries import Entry, Listing

CATEGORIES = [{"id": 7, "name": "bun"}, {"id": "x", "name": "roll"}]
IMAGES = [
    {"id": 1, "file_name": "1.jpg", "width": 64, "height": 48},
    {"id": 2, "file_name": "2.jpg"},
    {"id": "b", "file_name": "3.jpg", "width": 10, "height": 10},
    {"id": 4, "file_name": "4.jpg", "width": 30},
]
NUMBERS = st.one_of(
    st.floats(-3, 70, width=32),
    st.integers(-3, 70),
    st.sampled_from([0, 0.0, -0.5, 1e-320, 2.0**31, 1e300, float("inf"), float("nan"), 10**400, True, None, "1"]),
)
BOXES = st.one_of(st.lists(NUMBERS, min_size=4, max_size=4), st.lists(NUMBERS, min_size=1, max_size=5))


def read(annotations: list[dict[str, object]]) -> Listing:
    return coco.read(json.dumps({"categories": CATEGORIES, "images": IMAGES, "annotations": annotations}).encode())


def without_attributes(entry: Entry) -> Entry:
    return replace(entry, items=tuple(replace(item, attributes={}) for item in entry.items))


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from([1, 2, "b", 4, 5, True, None, 2**70]), st.sampled_from([7, "x", 8, None, 2**70]), BOXES
        ),
        max_size=12,
    ),
    odd=st.sets(st.integers(0, 11)),
)
def test_columns__say_what_a_closer_look_says(rows, odd):
    plain = [{"id": at, "image_id": row[0], "category_id": row[1], "bbox": row[2]} for at, row in enumerate(rows)]
    # Without a place an annotation is of the whole image: then attributes make an object of it.
    closer = [row | ({"attributes": {"seen": True}} if row["bbox"] else {}) for row in plain]
    some = [closer[at] if at in odd else row for at, row in enumerate(plain)]
    wanted, found, mixed = read(closer), read(plain), read(some)
    assert found.entries == [without_attributes(entry) for entry in wanted.entries]
    assert [without_attributes(entry) for entry in mixed.entries] == found.entries
    assert sorted(map(str, found.faults)) == sorted(map(str, wanted.faults)) == sorted(map(str, mixed.faults))


def test_columns__the_boxes_of_an_image_are_a_sequence():
    rows = [{"image_id": 1, "category_id": 7, "bbox": [at, 2, 3, 4]} for at in range(3)]
    items = read(rows).entries[0].items
    assert len(items) == 3 and items[1].shape.x1 == 1 and [item.shape.x1 for item in items[1:]] == [1, 2]
    assert items == tuple(items) and tuple(items) == items
    assert repr(items) == repr(tuple(items)) and items != ()
