"""What is written here is read by each format's own tool, and what those tools write is read here.

The tools stand in an environment of their own, `.venv-peers`, which `make test` sets up; without it, these are skipped.
"""

import hashlib
import json
import os
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from modelyard.formats import coco, croissant, cvat, datumaro, hf_imagefolder, label_studio, voc
from modelyard.formats.entries import Entry, Item
from modelyard.formats.label_studio_screen import Screen
from modelyard.formats.recognise import DOCUMENTS, SETS, Hints, plan, split_of
from modelyard.geometry import masks
from modelyard.geometry.shapes import Box, Ellipse, Keypoints, Point, Polygon, Polyline, to_mask
from tests.formats.drawings import image

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-peers/bin/python"
WIDTH, HEIGHT = 64, 48
CLASSES = ["roll", "bun", "unused"]
BOX, OTHER = Box(1, 2, 30, 40), Box(10.5, 2, 30, 40.25)
RING = Polygon(((1, 2, 30, 4, 5, 40),))
BLOB = to_mask(Ellipse(20, 20, 3, 4), WIDTH, HEIGHT)

pytestmark = [
    pytest.mark.skipif(not PYTHON.exists(), reason="The other tools are not here: run make .make/peers."),
    pytest.mark.slow,
]


def drawn(*shapes, name="1.jpg", split="train"):
    found = image(*(Item(class_name="bun", shape=shape) for shape in shapes), name=name, split=split)
    return replace(found, height=HEIGHT)


BOXES = [drawn(BOX, OTHER), drawn(name="2.jpg", split="val"), drawn(OTHER, name="3.jpg", split="val")]
AREAS = [drawn(BOX, RING, BLOB), *BOXES[1:]]


def ask(folder, *tasks):
    """Have the other tools do these tasks and return their answers."""
    answer = folder / "answer.json"
    done = subprocess.run(
        [PYTHON, ROOT / "tests/formats/peer.py", answer],
        input=json.dumps(tasks, default=str),
        text=True,
        capture_output=True,
        check=False,
        env={**os.environ, "HF_HOME": str(folder / "hf"), "PYTHONPATH": "", "HOME": str(folder)},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(answer.read_text())


def put(folder, files, pictures):
    """Write files of labels and pictures, which are never all alike, into a folder."""
    for name, pieces in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces))
    for at, name in enumerate(pictures):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (WIDTH, HEIGHT), (at * 40, 90, 30)).save(path)
    return folder


def take_in(folder, task="detection"):
    """Read a folder as an import does with the format “auto”; return what each picture's file name is said to hold."""
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
    found = plan(files, "auto", task=task)
    if found.kind:
        listings = [(None, SETS[found.kind](files, Hints(task)))]
    else:
        listings = [
            (split_of(name), DOCUMENTS[kind](files[name].read_bytes())) for name, kind in found.documents.items()
        ]
    assert listings, "Nothing was recognised."
    faults = [fault.reason for _, listing in listings for fault in listing.faults]
    assert all("another's as well" in reason for reason in faults), faults  # Datumaro numbers annotations by image.
    return {
        Path(entry.name).name: replace(entry, split=entry.split or split)
        for split, listing in listings
        for entry in listing.entries
    }


def shapes(found):
    return {name.split("__")[-1]: Counter(described(item) for item in entry.items) for name, entry in found.items()}


def described(item):
    kind = type(item.shape).__name__
    area = round(item.shape.area()) if kind == "Mask" else 0
    return item.class_name, kind, *(area,) * (kind == "Mask"), *(round(value, 2) for value in item.shape.bounds())


def wanted(entries):
    return shapes({entry.name: entry for entry in entries})


def rows(answer, *, kinds=("bbox",)):
    return {
        key: sorted(
            (row["type"], row["label"], *(row.get("points") or [row.get("area")]))
            for row in item["annotations"]
            if row["type"] in kinds
        )
        for key, item in answer["items"].items()
    }


def test_datumaro_reads_what_is_written(tmp_path):
    names = [entry.name for entry in BOXES]
    folders = {
        "coco": put(
            tmp_path / "coco",
            [("annotations/instances_default.json", coco.write(AREAS, CLASSES))],
            [f"images/default/{name}" for name in names],
        ),
        "cvat": put(
            tmp_path / "cvat", [("annotations.xml", cvat.write(AREAS, CLASSES))], [f"images/{name}" for name in names]
        ),
        "voc": put(tmp_path / "voc", voc.write(BOXES, CLASSES), [f"JPEGImages/{name}" for name in names]),
        "voc_segmentation": put(
            tmp_path / "voc_masks", voc.write(AREAS, CLASSES, kind="masks"), [f"JPEGImages/{name}" for name in names]
        ),
        "datumaro": put(
            tmp_path / "datumaro",
            datumaro.write(AREAS, CLASSES),
            [f"images/{entry.split}/{entry.name}" for entry in BOXES],
        ),
    }
    answers = dict(
        zip(
            folders,
            ask(
                tmp_path, *({"do": "datumaro_read", "path": path, "format": format} for format, path in folders.items())
            ),
            strict=True,
        )
    )
    box, other = ("bbox", "bun", 1, 2, 30, 40), ("bbox", "bun", 10.5, 2, 30, 40.25)
    ring, blob = ("polygon", "bun", 1, 2, 30, 4, 5, 40), ("mask", "bun", int(BLOB.area()))
    for name in ("coco", "cvat", "datumaro"):
        assert answers[name]["labels"] == CLASSES, name
        assert all(item["size"] in (None, [HEIGHT, WIDTH]) for item in answers[name]["items"].values())
        found = rows(answers[name], kinds=("bbox", "polygon"))
        assert {box, ring} <= set(found["1"]), name
        assert (found["2"], found["3"]) == ([], [other]), name
    assert blob in rows(answers["datumaro"], kinds=("mask",))["1"]
    assert blob in rows(answers["coco"], kinds=("mask",))["1"]
    assert rows(answers["voc"]) == {"1": [box, other], "2": [], "3": [other]}
    assert {key: item["subset"] for key, item in answers["voc"]["items"].items()} == {
        "1": "train",
        "2": "val",
        "3": "val",
    }
    assert [label for label in answers["voc"]["labels"] if label in CLASSES] == CLASSES
    painted = {key: len(found) for key, found in rows(answers["voc_segmentation"], kinds=("mask",)).items()}
    assert painted == {"1": 3, "2": 0, "3": 1}


@pytest.mark.parametrize("format", ["coco", "cvat", "voc", "yolo", "datumaro"])
def test_a47_what_datumaro_exports_comes_in_as_it_is(tmp_path, format):
    source = put(tmp_path / "from", datumaro.write(BOXES, CLASSES), [f"images/{e.split}/{e.name}" for e in BOXES])
    task = {"do": "datumaro_convert", "path": source, "format": "datumaro", "target": tmp_path / "to", "to": format}
    ask(tmp_path, task)
    found = take_in(tmp_path / "to")
    assert shapes({Path(name).stem: entry for name, entry in found.items()}) == {
        Path(name).stem: kinds for name, kinds in wanted(BOXES).items()
    }
    if format != "cvat":  # It has one document for each split, and other formats folders or lists.
        assert {Path(name).stem: entry.split for name, entry in found.items()} == {"1": "train", "2": "val", "3": "val"}


def test_a47_label_studio_parses_what_is_written_and_its_exports_come_in(tmp_path):
    used = Screen()
    entries = [drawn(BOX, OTHER, RING), drawn(OTHER, name="3.jpg")]
    folder = put(tmp_path, [("tasks.json", label_studio.write(entries, used))], ["1.jpg", "3.jpg"])
    (tmp_path / "config.xml").write_text(label_studio.config(CLASSES, used))
    convert = {"do": "label_studio", "tasks": folder / "tasks.json", "config": folder / "config.xml"}
    targets = {"COCO": tmp_path / "coco", "YOLO": tmp_path / "yolo", "VOC": tmp_path / "voc"}
    parsed, *_ = ask(tmp_path, *({**convert, "target": target, "to": to} for to, target in targets.items()))
    assert parsed == {"box": sorted(CLASSES), "polygon": sorted(CLASSES)}
    assert shapes(take_in(targets["COCO"])) == wanted(entries)
    put(targets["YOLO"], [], [f"images/{path.stem}.jpg" for path in sorted((targets["YOLO"] / "labels").glob("*.txt"))])
    assert shapes(take_in(targets["YOLO"])) == wanted(entries)
    boxes = {
        name: Counter(row for row in found.elements() if row[1] == "Box") for name, found in wanted(entries).items()
    }
    rounded = {name: len(found) for name, found in shapes(take_in(targets["VOC"])).items()}
    assert rounded == {name: len(found) for name, found in boxes.items()}


def test_label_studio_s_tools_take_skeletons_lines_and_attributes(tmp_path):
    arm = {"points": ["shoulder", "elbow", "wrist"], "edges": [[0, 1], [1, 2]]}
    shapes = (Keypoints(((10, 10, 2), (0, 0, 0), (30, 20, 1))), Keypoints(((50, 40, 2), (52, 41, 2), (0, 0, 0))))
    lines = (Polyline((1, 2, 30, 40, 50, 20)), BOX)
    entries = [
        replace(drawn(*shapes), attributes={"light": "day", "tray": 4.0, "sharp": True, "note": "a\nb"}),
        replace(drawn(*lines, name="3.jpg"), attributes={"light": "night"}),
    ]
    entries = [
        replace(e, items=[replace(item, attributes={"burnt": False, "state": "raw"}) for item in e.items])
        for e in entries
    ]
    screen = Screen({("image", "light"): ["day", "night"], ("object", "state"): ["raw", "baked"]})
    tasks = "".join(label_studio.write(entries, screen, skeletons={"bun": arm}))
    config = label_studio.config(CLASSES, screen)
    (tmp_path / "tasks.json").write_text(tasks)
    (tmp_path / "config.xml").write_text(config)
    put(tmp_path, [], ["1.jpg", "3.jpg"])
    checked, parsed = ask(
        tmp_path,
        {"do": "label_studio_check", "tasks": tmp_path / "tasks.json", "config": tmp_path / "config.xml"},
        {
            "do": "label_studio",
            "tasks": tmp_path / "tasks.json",
            "config": tmp_path / "config.xml",
            "target": tmp_path / "yolo",
            "to": "YOLO",
        },
    )
    assert checked == []
    assert parsed["keypoints"] == sorted(arm["points"])
    assert parsed["image.choice.light"] == ["day", "night"]
    files = [path.read_text().splitlines() for path in (tmp_path / "yolo/labels").glob("*.txt")]
    poses = next(lines for lines in files if len(lines) == len(shapes))
    numbers = [float(word) for word in poses[0].split()]
    assert numbers[5:] == pytest.approx([10 / WIDTH, 10 / HEIGHT, 2, 0, 0, 0, 30 / WIDTH, 20 / HEIGHT, 2])
    found = label_studio.read(tasks.encode())
    assert [entry.attributes for entry in found.entries] == [entry.attributes for entry in entries]
    assert [[item.attributes for item in entry.items] for entry in found.entries] == [
        [item.attributes for item in entry.items] for entry in entries
    ]


def test_label_studio_unpacks_brushes_as_they_are_packed(tmp_path):
    array = np.zeros((HEIGHT, WIDTH), bool)
    array[3:9, 5:40] = array[20, ::3] = True
    entry = replace(drawn(masks.from_array(array)), name="1.jpg")
    (task,) = json.loads("".join(label_studio.write([entry])))
    packed = task["annotations"][0]["result"][0]["value"]["rle"]
    assert ask(tmp_path, {"do": "label_studio_brush", "rle": packed, "width": WIDTH, "height": HEIGHT}) == [array.sum()]


def test_datasets_loads_the_image_folder(tmp_path):
    boxes = [replace(entry, attributes={"tray": 4.0} if entry.split == "val" else {}) for entry in BOXES]
    put(tmp_path / "data", hf_imagefolder.write(boxes), hf_imagefolder.places(boxes))
    whole = [
        Entry(name="a.jpg", class_name="bun", answer="class"),
        Entry(name="b.jpg", class_name="roll", answer="class"),
    ]
    put(tmp_path / "whole", hf_imagefolder.write(whole), hf_imagefolder.places(whole))
    found, classes = ask(tmp_path, *({"do": "datasets", "path": tmp_path / name} for name in ("data", "whole")))
    assert {split: len(rows) for split, rows in found.items()} == {"train": 1, "validation": 2}
    assert found["train"][0]["objects"] == {"bbox": [[1, 2, 29, 38], [10.5, 2, 19.5, 38.25]], "categories": ["bun"] * 2}
    assert found["validation"][0]["objects"]["bbox"] == []
    assert [rows[0]["attributes"] for rows in found.values()] == ["{}", '{"tray": 4.0}']
    assert found["train"][0]["size"] == [WIDTH, HEIGHT]
    assert [row["label"] for row in classes["train"]] == ["bun", "roll"]


def test_mlcroissant_validates_the_description_and_yields_its_records(tmp_path):
    entries = [replace(entry, name=f"images/{entry.name}") for entry in AREAS]
    whole = Entry(name="images/4.png", class_name="roll", answer="class", width=WIDTH, height=HEIGHT)
    entries.append(whole)
    put(tmp_path, [("objects.jsonl", croissant.objects(entries))], [entry.name for entry in entries])

    def checksum(name):
        return hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()

    put(tmp_path, [("images.jsonl", croissant.images(entries, checksum))], [])
    about = croissant.About(
        name="Trays", description="Buns.", url="urn:x:1", creator="Ana", published="2026-01-31", version="3.0.0"
    )
    names = [entry.name for entry in entries]
    text = croissant.describe(
        about, names, CLASSES, {name: checksum(name) for name in ("images.jsonl", "objects.jsonl")}
    )
    (tmp_path / "croissant.json").write_text(text)
    (found,) = ask(tmp_path, {"do": "croissant", "path": tmp_path / "croissant.json"})
    assert (found["name"], found["issues"]) == ("Trays", [])
    assert [row["classes/name"] for row in found["records"]["classes"]] == CLASSES
    images = found["records"]["images"]
    assert [row["images/split"] for row in images] == ["train", "val", "val", ""]
    assert [row["images/sha256"] for row in images] == [checksum(name) for name in names]
    assert images[3]["images/classes"] == ["roll"]
    objects = found["records"]["objects"]
    assert [row["objects/bbox"] for row in objects[:2]] == [[1, 2, 30, 40], [1, 2, 30, 40]]
    assert objects[1]["objects/segmentation"] == "1 2,30 4,5 40"
    # A file that is not what its checksum says is refused.
    (tmp_path / "objects.jsonl").write_text("{}")
    with pytest.raises(AssertionError, match=r"objects\.jsonl"):
        ask(tmp_path, {"do": "croissant", "path": tmp_path / "croissant.json"})


def test_points_and_turned_boxes_pass_through_label_studio_s_numbers():
    entry = drawn(Box(10, 10, 30, 20, 30), Point(3, 4))
    assert wanted(label_studio.read("".join(label_studio.write([entry])).encode()).entries) == wanted([entry])
