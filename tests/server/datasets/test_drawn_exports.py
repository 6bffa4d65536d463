"""What is drawn goes out in every format and comes in again: equal as far as the format can say it."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from modelyard.formats import losses
from tests.factories.pictures import picture

from .test_round_trip import bring

pytestmark = pytest.mark.one_engine

BOX = {"type": "box", "x1": 10.0, "y1": 20.0, "x2": 110.5, "y2": 90.0, "angle": 0.0}
TURNED = {"type": "box", "x1": 40.0, "y1": 40.0, "x2": 80.0, "y2": 60.0, "angle": 30.0}
POLYGON = {"type": "polygon", "rings": [[5.0, 5.0, 50.0, 5.0, 5.0, 50.0]]}
HOLED = {
    "type": "polygon",
    "rings": [[60.0, 10.0, 120.0, 10.0, 120.0, 70.0, 60.0, 70.0], [80.0, 30.0, 90.0, 30.0, 90.0, 40.0]],
}
ELLIPSE = {"type": "ellipse", "cx": 60.0, "cy": 60.0, "rx": 20.0, "ry": 10.0, "angle": 15.0}
MASK = {"type": "mask", "x": 3, "y": 4, "width": 2, "height": 2, "counts": "04"}
POINT = {"type": "point", "x": 7.5, "y": 8.25}
LINE = {"type": "polyline", "points": [1.0, 2.0, 30.0, 40.0, 50.0, 20.0]}
DRAWN = (
    "jsonl",
    "croissant",
    "coco",
    "voc",
    "yolo",
    "csv",
    "masks",
    "cvat",
    "label_studio",
    "hf_imagefolder",
    "datumaro",
)
WIDTH, HEIGHT = 160, 120


class Studio:
    """A person with a project in which objects are drawn."""

    def __init__(self, client: TestClient, run_jobs: Callable[[], int], task: str) -> None:
        self.client, self.run_jobs = client, run_jobs
        self.project_id = self.make("Trays", task)
        self.classes = self.class_ids(self.project_id)
        client.post(f"/api/v1/projects/{self.project_id}/attributes", json={"name": "burnt", "kind": "flag"})

    def make(self, name: str, task: str, classes: tuple[str, ...] = ("bun", "roll")) -> str:
        """Make a project."""
        body = {"name": name, "task": task, "classes": list(classes)}
        return str(self.client.post("/api/v1/projects", json=body).json()["id"])

    def class_ids(self, project_id: str) -> dict[str, str]:
        """Return the id of each class."""
        return {row["name"]: row["id"] for row in self.client.get(f"/api/v1/projects/{project_id}/classes").json()}

    def add(self, name: str, shade: int) -> str:
        """Add a picture."""
        added = self.client.post(
            f"/api/v1/projects/{self.project_id}/images",
            params={"name": name},
            content=picture(shade, (WIDTH, HEIGHT)),
        )
        return str(added.json()["image"]["id"])

    def draw(self, image_id: str, *objects: tuple[str, dict[str, Any]], answer: str | None = "objects") -> None:
        """Draw objects, and say that the picture is done."""
        put = [
            {"id": str(uuid4()), "class_id": self.classes[name], "shape": shape, "attributes": {"burnt": True}, "z": at}
            for at, (name, shape) in enumerate(objects)
        ]
        body = {"put": put} | ({"answer": answer} if answer else {})
        done = self.client.patch(f"/api/v1/images/{image_id}/objects", json=body, headers={"If-Match": "0"})
        assert done.status_code == 200, done.text

    def export(self, format_: str) -> tuple[dict[str, Any], bytes]:
        """Export everything as it is now; return the report and the archive."""
        started = self.client.post(f"/api/v1/projects/{self.project_id}/exports", json={"format": format_})
        assert started.status_code == 202, started.text
        self.run_jobs()
        job = self.client.get(f"/api/v1/jobs/{started.json()['id']}").json()
        assert job["state"] == "succeeded", job
        return job["result"], self.client.get(f"/api/v1/exports/{job['id']}/download").content

    def drawn(self, project_id: str) -> dict[str, tuple[str, list[tuple[str, dict[str, Any], dict[str, Any]]]]]:
        """Return each picture's answer and objects, by its name."""
        names = {id_: name for name, id_ in self.class_ids(project_id).items()}
        found = {}
        listed = self.client.get(f"/api/v1/projects/{project_id}/images", params={"limit": 100}).json()["items"]
        for card in listed:
            shown = self.client.get(f"/api/v1/images/{card['id']}/objects").json()
            objects = [(names[row["class_id"]], row["shape"], row["attributes"]) for row in shown["objects"]]
            found[card["name"]] = (shown["answer"], sorted(objects, key=str))
        return found


@pytest.fixture
def studio(owner: TestClient, run_jobs: Callable[[], int], request: pytest.FixtureRequest) -> Studio:
    return Studio(owner, run_jobs, getattr(request, "param", "detection"))


def again(studio: Studio, archive: bytes, task: str) -> tuple[dict[str, Any], str]:
    """Bring an archive into an empty project; return the import's report and the project."""
    fresh = studio.make("Copy", task, ())
    return bring(studio.client, fresh, "export.zip", archive, studio.run_jobs), fresh


@pytest.mark.parametrize(
    "format_", ["jsonl", "coco", "voc", "yolo", "csv", "cvat", "label_studio", "hf_imagefolder", "datumaro"]
)
def test_a13_boxes_go_out_and_come_in_again(studio: Studio, format_: str) -> None:
    one, two, empty = studio.add("shop/one.jpg", 10), studio.add("two.jpg", 90), studio.add("empty.jpg", 170)
    studio.draw(one, ("bun", BOX), ("roll", {**BOX, "x1": 30.0, "y2": 111.25}))
    studio.draw(two, ("roll", BOX))
    studio.draw(empty)
    report, archive = studio.export(format_)
    assert report["images"] == 3
    done, fresh = again(studio, archive, "detection")
    assert (done["state"], done["added"], done["refused"]) == ("finished", 3, 0), done
    wanted = {name.split("/")[-1]: drawn for name, drawn in studio.drawn(studio.project_id).items()}
    found = {name.split("/")[-1].removeprefix("shop_"): drawn for name, drawn in studio.drawn(fresh).items()}
    assert found.keys() == wanted.keys()
    for name, (answer, objects) in wanted.items():
        assert found[name][0] == answer, (name, found[name])
        for (kind, shape, _), (found_kind, found_shape, _) in zip(objects, found[name][1], strict=True):
            assert (kind, shape["type"]) == (found_kind, found_shape["type"])
            for side in ("x1", "y1", "x2", "y2"):
                assert found_shape[side] == pytest.approx(shape[side], abs=1e-3)


@pytest.mark.parametrize("studio", ["segmentation"], indirect=True)
@pytest.mark.parametrize("format_", ["jsonl", "coco", "cvat", "label_studio", "datumaro"])
def test_a13_outlines_go_out_and_come_in_again(studio: Studio, format_: str) -> None:
    image_id = studio.add("one.jpg", 10)
    shapes = [POLYGON, BOX, MASK] if format_ != "jsonl" else [POLYGON, BOX, MASK, HOLED, ELLIPSE, TURNED, POINT, LINE]
    studio.draw(image_id, *(("bun", shape) for shape in shapes))
    report, archive = studio.export(format_)
    assert report["lost"] == {} or format_ != "jsonl"
    done, fresh = again(studio, archive, "segmentation")
    assert (done["state"], done["annotations"]) == ("finished", 1), done
    (_, wanted), (_, found) = studio.drawn(studio.project_id)["one.jpg"], next(iter(studio.drawn(fresh).values()))
    if format_ == "jsonl":
        assert found == wanted
    assert [kind for kind, _, _ in found] == [kind for kind, _, _ in wanted]
    assert sum(shape["type"] == "polygon" for _, shape, _ in found) >= 1


@pytest.mark.parametrize("studio", ["segmentation"], indirect=True)
def test_a13_masks_as_pictures_go_out_and_come_in_again(studio: Studio) -> None:
    studio.draw(studio.add("one.jpg", 10), ("bun", MASK))
    _, archive = studio.export("masks")
    done, fresh = again(studio, archive, "segmentation")
    assert done["added"] == 1, done
    assert [shape for _, shape, _ in studio.drawn(fresh)["images/one.jpg"][1]] == [MASK]


@pytest.mark.parametrize("studio", ["segmentation"], indirect=True)
def test_a16_the_report_counts_what_each_format_cannot_carry(studio: Studio) -> None:
    studio.draw(studio.add("one.jpg", 10), ("bun", HOLED), ("roll", ELLIPSE), ("roll", TURNED))
    lost, _ = studio.export("coco")
    assert lost["lost"]["polygons with holes, which become masks"] == 1
    assert lost["lost"]["rotation of boxes and ellipses, which become polygons"] == 2
    assert lost["lost"]["attributes, but for a field that COCO does not know"] == 3
    turned, attributes = losses.ROTATION, losses.ATTRIBUTES
    counted = {
        "jsonl": {},
        "croissant": {},
        "csv": {losses.HOLES: 1, losses.POLYGONS: 1, losses.ELLIPSES: 1, turned: 2, attributes: 3},
        "hf_imagefolder": {losses.HOLES: 1, losses.POLYGONS: 1, losses.ELLIPSES: 1, turned: 2, attributes: 3},
        "yolo": {losses.HOLES: 1, losses.ELLIPSES: 1, losses.BOXES: 1, turned: 2, attributes: 3},
        "cvat": {"polygons with holes, which become masks": 1},
        "label_studio": {"polygons with holes, which become brushes": 1},
        "datumaro": {"polygons with holes, which become masks": 1, "turned ellipses, which become polygons": 1},
        "masks": {losses.HOLES: 1, turned: 2, attributes: 3, "objects that become one with others of their class": 1},
        "voc": {losses.HOLES: 1, turned: 2, attributes: 3},
    }
    for format_, wanted in counted.items():
        found = studio.export(format_)[0]["lost"]
        assert {kind: found.get(kind) for kind in wanted} == wanted, format_


def test_a17_pictures_keep_the_names_under_which_they_came(studio: Studio) -> None:
    for at, name in enumerate(("shop/one 1.jpg", "shop/två.jpg", "z+%20.jpg")):
        studio.draw(studio.add(name, at * 40), ("bun", BOX))
    for format_, before in (
        ("coco", ""),
        ("jsonl", ""),
        ("csv", ""),
        ("cvat", ""),
        ("label_studio", ""),
        ("hf_imagefolder", ""),
        ("yolo", "images/rest/"),
        ("masks", "images/"),
        ("croissant", "images/"),
        ("datumaro", "images/default/"),
    ):
        _, archive = studio.export(format_)
        names = {name.removeprefix(before) for name in zipfile.ZipFile(io.BytesIO(archive)).namelist()}
        assert {"shop/one 1.jpg", "shop/två.jpg", "z+%20.jpg"} <= names, (format_, names)


def test_a17_pascal_voc_that_came_in_goes_out_under_the_same_names(studio: Studio) -> None:
    studio.draw(studio.add("JPEGImages/one.jpg", 0), ("bun", BOX))
    _, archive = studio.export("voc")
    names = zipfile.ZipFile(io.BytesIO(archive)).namelist()
    assert {"JPEGImages/one.jpg", "Annotations/one.xml"} <= set(names), names


def test_croissant_describes_every_file_with_its_checksum_and_comes_in_again(studio: Studio) -> None:
    studio.draw(studio.add("shop/one.jpg", 10), ("bun", BOX), ("roll", MASK))
    studio.draw(studio.add("two.jpg", 90))
    report, archive = studio.export("croissant")
    assert report["lost"] == {}
    files = zipfile.ZipFile(io.BytesIO(archive))
    described = json.loads(files.read("croissant.json"))
    assert (described["name"], described["conformsTo"]) == ("Trays", "http://mlcommons.org/croissant/1.1")
    checksums = {row["contentUrl"]: row["sha256"] for row in described["distribution"] if "sha256" in row}
    checksums |= {row["content_url"]: row["sha256"] for row in map(json.loads, files.read("images.jsonl").splitlines())}
    assert checksums.keys() == set(files.namelist()) - {"croissant.json"}
    assert all(hashlib.sha256(files.read(name)).hexdigest() == checksum for name, checksum in checksums.items())
    objects = [json.loads(line) for line in files.read("objects.jsonl").splitlines()]
    assert [(row["class"], row["bbox"]) for row in objects] == [
        ("bun", [BOX["x1"], BOX["y1"], BOX["x2"], BOX["y2"]]),
        ("roll", [3, 4, 5, 6]),
    ]
    done, fresh = again(studio, archive, "detection")
    assert (done["added"], done["refused"], done["notes"]) == (2, 0, []), done
    assert list(studio.drawn(fresh).values()) == list(studio.drawn(studio.project_id).values())


def test_a48_a_picture_with_nothing_in_it_is_an_answer_in_every_format_that_can_say_so(studio: Studio) -> None:
    studio.draw(studio.add("empty.jpg", 10))
    studio.draw(studio.add("full.jpg", 90), ("bun", BOX))
    studio.draw(studio.add("point.jpg", 170), ("bun", POINT))
    for format_ in DRAWN:
        lost, archive = studio.export(format_)
        fresh = studio.make(f"Copy of {format_}", "detection", ())
        bring(studio.client, fresh, "export.zip", archive, studio.run_jobs)
        found = {name.split("/")[-1]: drawn for name, drawn in studio.drawn(fresh).items()}
        assert found["empty.jpg"] == ("objects", []), format_
        if format_ not in ("jsonl", "croissant", "cvat", "label_studio", "datumaro"):
            assert lost["lost"]["points"] == 1
            assert found.get("point.jpg", ("none",))[0] == "none", "What is there is not told as nothing here."


def test_what_is_not_done_stays_here_and_the_report_says_so(studio: Studio) -> None:
    studio.draw(studio.add("one.jpg", 10), ("bun", BOX), answer=None)
    report, archive = studio.export("coco")
    assert report["lost"]["objects on images that are not done"] == 1
    said = json.loads(zipfile.ZipFile(io.BytesIO(archive)).read("annotations.json"))
    assert said["annotations"] == []


def test_a_format_that_cannot_carry_the_task_is_refused_by_name(studio: Studio, project: dict[str, Any]) -> None:
    refused = studio.client.post(f"/api/v1/projects/{studio.project_id}/exports", json={"format": "folders"})
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/format-does-not-fit")
    refused = studio.client.post(f"/api/v1/projects/{project['id']}/exports", json={"format": "voc"})
    assert "Choose folders" in refused.json()["detail"]


@pytest.mark.parametrize("studio", ["multi_label"], indirect=True)
@pytest.mark.parametrize("format_", ["jsonl", "csv", "coco", "cvat", "label_studio", "hf_imagefolder", "datumaro"])
def test_a13_several_classes_of_a_picture_go_out_and_come_in_again(studio: Studio, format_: str) -> None:
    whole = {"type": "whole"}
    for at, names in enumerate((("bun", "roll"), ("roll",), ())):
        studio.draw(studio.add(f"shop/{at}.jpg", 10 + 60 * at), *((name, whole) for name in names))
    studio.add("waits.jpg", 190)
    _, archive = studio.export(format_)
    done, fresh = again(studio, archive, "multi_label")
    assert (done["state"], done["added"], done["annotations"]) == ("finished", 4, 3), done
    wanted, found = studio.drawn(studio.project_id), studio.drawn(fresh)
    for name, (answer, objects) in wanted.items():
        kept = found[name] if name in found else found[next(key for key in found if key.endswith(name))]
        assert kept[0] == answer, (name, kept)
        assert [kind for kind, _, _ in kept[1]] == [kind for kind, _, _ in objects]
        assert all(shape == whole for _, shape, _ in kept[1])


@pytest.mark.parametrize("studio", ["multi_label"], indirect=True)
def test_formats_of_one_class_do_not_take_several(studio: Studio) -> None:
    for format_ in ("folders", "voc", "yolo", "masks"):
        refused = studio.client.post(f"/api/v1/projects/{studio.project_id}/exports", json={"format": format_})
        assert (refused.status_code, "several classes" in refused.json()["detail"]) == (422, True)


@pytest.mark.parametrize("studio", ["multi_label"], indirect=True)
def test_several_classes_do_not_fit_a_project_of_one_and_the_report_names_the_pictures(studio: Studio) -> None:
    studio.draw(studio.add("two.jpg", 10), ("bun", {"type": "whole"}), ("roll", {"type": "whole"}))
    studio.draw(studio.add("one.jpg", 90), ("bun", {"type": "whole"}))
    _, archive = studio.export("cvat")
    done, _ = again(studio, archive, "classification")
    assert (done["added"], done["annotations"]) == (2, 1)
    assert any("several classes" in note and "two.jpg" in note for note in done["notes"])
