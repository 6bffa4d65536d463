"""The manifest of what is drawn: it says everything, and equal contents give equal bytes."""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from modelyard.geometry.kinds import Box, Mask
from modelyard.geometry.shapes import to_json
from modelyard.server.datasets import manifest, objects
from modelyard.server.datasets.manifest import Entry
from modelyard.server.kit.blobs import hash_file
from tests.formats import drawings

CLASSES = [{"id": "c1", "name": "Käsestange", "color": "#aa0000"}, {"id": "c2", "name": "bagel", "color": "#00aa00"}]
HEADER = objects.Header("detection", CLASSES, [], {"seed": 0, "test_share": 0.2})
BOX = to_json(Box(1.5, 2.0, 30.25, 40.0))

shapes = st.one_of(
    drawings.boxes,
    drawings.turned,
    drawings.polygons,
    drawings.ellipses,
    drawings.mask_shapes,
    drawings.keypoints,
    drawings.polylines,
    drawings.points,
)
values = st.one_of(st.booleans(), st.floats(-1e6, 1e6), st.text(max_size=8))
attributes = st.dictionaries(st.text(min_size=1, max_size=5), values, max_size=2)
drawn = st.builds(
    lambda number, class_id, shape, said, z: objects.to_object(
        id=f"o{number}", class_id=class_id, shape=to_json(shape), attributes=said, extra={"z": z, "source": "human"}
    ),
    st.integers(0, 99),
    st.sampled_from(["c1", "c2"]),
    shapes,
    attributes,
    st.integers(-5, 5),
)
contents = st.lists(st.lists(drawn, max_size=4), max_size=5)


def entry(number: int, found: list[dict[str, Any]], **values: Any) -> Entry:
    ids = [row["class_id"] for row in found]
    plain = Entry(
        hash=f"{number:064x}",
        image_id=f"i{number}",
        name=f"tray\u2028 {number}.jpg",
        size_bytes=1000 + number,
        width=640,
        height=480,
        class_id=None,
        revision=1,
        source="human",
        split="train",
        twin_group=None,
        objects={class_id: ids.count(class_id) for class_id in ids},
    )
    return replace(plain, **values)


def write(folder: str, name: str, images: list[list[dict[str, Any]]], header: objects.Header = HEADER) -> Path:
    path = Path(folder) / name
    count = objects.write(path, header, [(entry(at, found), found) for at, found in enumerate(images)])
    assert count == len(images)
    return path


@given(contents)
def test_reads_what_it_wrote(images: list[list[dict[str, Any]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = manifest.read(write(folder, "a", images))
        assert (found.task, found.classes, found.options) == ("detection", CLASSES, HEADER.options)
        assert list(found.objects(found.entries)) == images
        assert list(found.objects(reversed(found.entries))) == images[::-1]
        kept = [replace(row, bytes=0) for row in found.entries]
        assert kept == [entry(at, rows) for at, rows in enumerate(images)]


@given(contents)
def test_equal_contents_give_equal_bytes_and_other_options_hold_the_same(images: list[list[dict[str, Any]]]) -> None:
    turned = [[dict(reversed(list(row.items()))) for row in rows] for rows in images]
    with tempfile.TemporaryDirectory() as folder:
        one, other = write(folder, "a", images), write(folder, "b", turned)
        assert one.read_bytes() == other.read_bytes()
        assert objects.holds_the_same(one, write(folder, "c", images, replace(HEADER, options={"seed": 1})))
        assert not objects.holds_the_same(one, write(folder, "d", [*images, []]))
        assert not objects.holds_the_same(one, write(folder, "e", images, replace(HEADER, classes=CLASSES[:1])))


@given(drawn)
def test_a_shape_comes_back_as_it_was(row: dict[str, Any]) -> None:
    item = objects.to_item(row, {"c1": "a", "c2": "b"}, with_lineage=True)
    said = to_json(item.shape)
    assert said == ({"angle": 0.0} | row["shape"] if row["shape"]["type"] == "box" else row["shape"])
    assert item.extra == {"id": row["id"], "z": row["z"], "source": "human"}
    assert not objects.to_item(row, {"c1": "a", "c2": "b"}, with_lineage=False).extra


def test_hash_is_the_same_forever(tmp_path: Path) -> None:
    mask = to_json(Mask(3, 4, 2, 2, "04"))
    first = objects.to_object(id="o1", class_id="c1", shape=BOX, attributes={"burnt": True}, extra={"z": 0})
    second = objects.to_object(id="o2", class_id="c2", shape=mask, attributes={}, extra={"z": 1})
    path = write(str(tmp_path), "a", [[first, second], [], [second]])
    assert hash_file(path) == "a276d65b457f22f58e6da500d491d881edff7c1924961220e618901e7337f3d2"
