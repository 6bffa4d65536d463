"""YOLO: shapes come back from shares of the picture; nothing in data.yaml is run; broken lines are named."""

from pathlib import Path

import pytest
from hypothesis import given

from modelyard.formats import yolo
from modelyard.formats.entries import Entry, Item
from modelyard.geometry.shapes import Box, Ellipse, Keypoints, Polygon
from tests.formats import drawings
from tests.formats.drawings import image, images, on_disk, reasons

YAML = "names: {0: cell, 1: 'no'}\ntrain: ../images/train\n"
SIZES = {"images/train/1.jpg": (100, 50)}


def listing(labels, config=YAML, **more):
    with on_disk([("data.yaml", [config]), ("labels/train/1.txt", [labels])]) as files:
        return yolo.read(files, sizes=SIZES, **more)


def again(entries, kind):
    """Write and read, and return the entries under their own names with shapes that may differ by rounding."""
    with on_disk(yolo.write(entries, ["x"], kind=kind)) as files:
        places = yolo.places(entries, kind=kind)
        found = yolo.read(files, kind=kind, sizes={place: (64, 64) for place in places if place})
    assert found.faults == []
    by_name = {entry.name: entry for entry in found.entries}
    return [by_name[place] for place in places if place]


class TestRoundTrip:
    @given(images(drawings.boxes, splits=drawings.st.sampled_from(["train", "val", "test"])))
    def test_boxes(self, entries):
        for before, after in zip(entries, again(entries, "detect"), strict=True):
            assert (after.answer, after.split, len(after.items)) == ("objects", before.split, len(before.items))
            for a, b in zip(before.items, after.items, strict=True):
                assert a.class_name == b.class_name
                assert b.shape.bounds() == pytest.approx(a.shape.bounds(), abs=1e-5)

    @given(images(drawings.polygons))
    def test_polygons(self, entries):
        told = [entry for entry, place in zip(entries, yolo.places(entries, kind="segment"), strict=True) if place]
        for before, after in zip(told, again(entries, "segment"), strict=True):
            kept = [item for item in before.items if item.shape.area()]
            for a, b in zip(kept, after.items, strict=True):
                assert b.shape.rings[0] == pytest.approx(a.shape.rings[0], abs=1e-5)

    def test_turned_boxes(self):
        box = Box(20, 25, 44, 37, 30)
        (found,) = again([image(Item(class_name="a", shape=box))], "obb")
        after = found.items[0].shape
        assert (after.x1, after.y1, after.x2, after.y2, after.angle) == pytest.approx((20, 25, 44, 37, 30), abs=1e-5)

    def test_poses(self):
        shape = Keypoints(((1, 2, 2), (30, 40, 1), (0, 0, 0)))
        (found,) = again([image(Item(class_name="a", shape=shape))], "pose")
        assert found.items[0].shape == shape

    def test_an_image_without_an_answer_is_left_out_and_label_files_never_collide(self):
        entries = [image(name="1.jpg"), image(name="1.PNG"), Entry(name="2.jpg")]
        assert yolo.places(entries) == ["images/rest/1.jpg", "images/rest/1 (2).PNG", None]
        assert yolo.lost([*entries, image(Item(class_name="a", shape=Ellipse(5, 5, 2, 2)))]) == {
            "ellipses": 1,
            "images without an answer, which are left out": 1,
        }

    def test_holes_are_lost_and_parts_become_objects(self):
        square = lambda a, b: (a, a, b, a, b, b, a, b)  # noqa: E731
        shape = Polygon((square(0, 30), square(10, 20), square(40, 50)))
        (found,) = again([image(Item(class_name="a", shape=shape))], "segment")
        assert [item.shape.area() for item in found.items] == pytest.approx([900, 100])


class TestRead:
    def test_lines_as_people_have_them(self):
        found = listing("\ufeff0 0.5 0.5 0.1 0.2\r\n\r\n1 0 0 1 0 1 1\r\n0 .5 .5 .2 .2 0.9\r\n")
        shapes = [(item.class_name, item.shape) for item in found.entries[0].items]
        assert shapes[0][1].bounds() == pytest.approx((45, 20, 55, 30))
        assert shapes[1] == ("no", Polygon(((0, 0, 100, 0, 100, 50),)))
        assert found.entries[0].items[2].extra == {"score": 0.9}
        assert (found.entries[0].split, found.faults) == ("train", [])

    @pytest.mark.parametrize("labels", ["", "\n \r\n"])
    def test_an_empty_file_says_nothing_here(self, labels):
        (entry,) = listing(labels).entries
        assert (entry.answer, entry.items) == ("objects", ())

    def test_no_file_says_nothing_here(self):
        (entry,) = yolo.read({}, sizes=SIZES).entries
        assert (entry.answer, entry.items) == ("objects", ())

    @pytest.mark.parametrize(
        ("bad", "reason"),
        [
            ("0 0,5 0,5 0,1 0,2", "point, not a comma"),
            ("2 .5 .5 .1 .1", "class 2 is none of the 2"),
            ("-1 .5 .5 .1 .1", "no whole number"),
            ("nan .5 .5 .1 .1", "no whole number"),
            ("1e400 .5 .5 .1 .1", "no whole number"),
            ("cell .5 .5 .1 .1", "no number"),
            ("0 nan .5 .1 .1", "shares of the picture"),
            ("0 320 240 20 20", "shares of the picture"),
            ("0 .5 .5 0 .1", "no area"),
            ("0 .5 .5 -.1 .1", "no area"),
            ("0 .5 .5", "four numbers"),
            ("0 1.5 1.5 .1 .1", "outside"),
            ("0 1 .5 .5 .5", "was cut"),
            ("0 .1 .1 .2 .2 .3 .3 .4", "odd number"),
            ("0 " + "9" * 5000 + " .5 .5 .5", "shares of the picture"),
        ],
    )
    def test_bad_lines_are_named_and_stop_nothing(self, bad, reason):
        found = listing(f"0 .5 .5 .1 .1\n{bad}\n")
        assert len(found.entries[0].items) == (2 if reason == "was cut" else 1)
        (said,) = reasons(found)
        assert said.startswith("labels/train/1.txt, line 2: ")
        assert reason in said
        assert len(said) < 250

    def test_bad_lines_alone_do_not_say_nothing_here(self):
        assert listing("9 .5 .5 .1 .1").entries[0].answer == "none"

    @pytest.mark.parametrize(
        "config",
        [
            "names: !!python/object/apply:os.system ['touch /tmp/never']",
            "a: &a [x, x]\nb: &b [*a, *a]\nnames: [*b, *b]",
            "names: [" + "[" * 100_000,
            "names: {0: a, 0: [b]",
            "\x00",
            "names: [" + "a," * 600_000 + "]",
        ],
    )
    def test_a_hostile_config_is_named_and_classes_keep_their_numbers(self, config):
        found = listing("3 .5 .5 .1 .1", config)
        assert found.entries[0].items[0].class_name == "3"
        assert found.faults[0].place == "data.yaml"
        assert not Path("/tmp/never").exists()

    @pytest.mark.parametrize(
        "config", ["names: 5", "names: {a: b}", "names: [[x]]", "[]", "names: null", "kpt_shape: 7"]
    )
    def test_a_config_of_other_things(self, config):
        listing("0 .5 .5 .1 .1", config + "\ndownload: https://127.0.0.1/x.sh\n")

    def test_names_without_a_config(self):
        with on_disk([("classes.txt", ["cell\r\nno\r\n"]), ("1.txt", ["1 .5 .5 .1 .1"])]) as files:
            found = yolo.read(files, sizes={"1.jpg": (10, 10)})
        assert found.entries[0].items[0].class_name == "no"

    def test_labels_without_pictures_are_told(self):
        with on_disk([("labels/1.txt", ["0 .5 .5 .1 .1"])]) as files:
            assert reasons(yolo.read(files)) == ["labels/1.txt: There is no picture for this label file."]

    def test_a_picture_is_asked_for_its_size_upright(self, tmp_path):
        from PIL import Image

        exif = Image.Exif()
        exif[0x0112] = 6
        Image.new("RGB", (40, 20)).save(tmp_path / "1.jpg", exif=exif)
        (tmp_path / "1.txt").write_text("0 0.5 0.5 0.5 0.5")
        (entry,) = yolo.read({name: tmp_path / name for name in ("1.jpg", "1.txt")}).entries
        assert (entry.width, entry.height) == (20, 40)
        assert entry.items[0].shape == Box(5, 10, 15, 30)
