"""Skeletons and attributes go out with what is drawn, and make the same in a project that they come into."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from .test_drawn_exports import Studio
from .test_round_trip import bring

pytestmark = pytest.mark.one_engine

ARM = {"points": ["left", "middle", "right"], "edges": [[0, 1], [1, 2]], "pairs": [[0, 2]], "layout": []}
BENT = {"type": "keypoints", "points": [[10.0, 10.0, 2], [0.0, 0.0, 0], [30.0, 40.0, 1]]}


@pytest.fixture
def studio(owner: TestClient, run_jobs: Callable[[], int]) -> Studio:
    """Return a project for keypoints, with one object."""
    made = Studio(owner, run_jobs, "keypoints")
    path = f"/api/v1/projects/{made.project_id}/classes/{made.classes['bun']}/skeleton"
    assert owner.put(path, json={"skeleton": ARM}).status_code == 200
    made.draw(made.add("a.jpg", 10), ("bun", BENT))
    return made


def files(archive: bytes) -> zipfile.ZipFile:
    """Return what an export holds."""
    return zipfile.ZipFile(io.BytesIO(archive))


def there(studio: Studio, archive: bytes, name: str = "Empty") -> tuple[Any, list[dict[str, Any]]]:
    """Bring an export into an empty project; return the skeleton and the attributes that it has then."""
    project_id = studio.make(name, "keypoints", ())
    report = bring(studio.client, project_id, "export.zip", archive, studio.run_jobs)
    assert report["annotations"] == 1, report
    path = f"/api/v1/projects/{project_id}"
    found = next(row for row in studio.client.get(f"{path}/classes").json() if row["name"] == "bun")
    attributes = studio.client.get(f"{path}/attributes").json()
    return found["skeleton"], [{key: row[key] for key in ("subject", "name", "kind")} for row in attributes]


def test_coco_names_the_points_and_what_joins_them_and_brings_both_back(studio: Studio) -> None:
    _, archive = studio.export("coco")
    category = json.loads(files(archive).read("annotations.json"))["categories"][0]
    assert (category["keypoints"], category["skeleton"]) == (ARM["points"], [[1, 2], [2, 3]])
    skeleton, attributes = there(studio, archive)
    assert (skeleton["points"], skeleton["edges"]) == (ARM["points"], ARM["edges"])
    assert attributes == [{"subject": "object", "name": "burnt", "kind": "flag"}]


def test_our_own_format_brings_the_whole_skeleton_back(studio: Studio) -> None:
    _, archive = studio.export("jsonl")
    skeleton, attributes = there(studio, archive)
    assert skeleton == ARM
    assert attributes == [{"subject": "object", "name": "burnt", "kind": "flag"}]


def test_yolo_says_how_many_points_and_which_change_places_in_a_mirror(studio: Studio) -> None:
    _, archive = studio.export("yolo")
    config = files(archive).read("data.yaml").decode()
    assert "kpt_shape: [3, 3]\n" in config and "flip_idx: [2, 1, 0]\n" in config
    skeleton, _ = there(studio, archive)
    assert skeleton == {**ARM, "edges": []}


def test_cvat_and_datumaro_bring_points_and_what_joins_them(studio: Studio) -> None:
    for format_ in ("cvat", "datumaro"):
        result, archive = studio.export(format_)
        skeleton, attributes = there(studio, archive, format_)
        assert skeleton == {**ARM, "pairs": []}
        assert attributes == [{"subject": "object", "name": "burnt", "kind": "flag"}]
        assert "skeletons of classes" not in result["lost"]


def test_label_studio_brings_the_whole_skeleton_and_the_object_back(studio: Studio) -> None:
    result, archive = studio.export("label_studio")
    assert not {"skeletons of classes", "keypoints", "attributes of objects"} & set(result["lost"])
    config = files(archive).read("config.xml").decode()
    assert '<Label value="middle" model_index="1"/>' in config
    assert '<Choices name="object.flag.burnt" toName="image" perRegion="true">' in config
    project_id = studio.make("Empty", "keypoints", ())
    bring(studio.client, project_id, "export.zip", archive, studio.run_jobs)
    classes = studio.client.get(f"/api/v1/projects/{project_id}/classes").json()
    assert next(row["skeleton"] for row in classes if row["name"] == "bun") == ARM
    ((kind, shape, attributes),) = studio.drawn(project_id)["a.jpg"][1]
    assert (kind, attributes) == ("bun", {"burnt": True})
    for wanted, found in zip(BENT["points"], shape["points"], strict=True):
        assert found == pytest.approx(wanted, abs=1e-6)


def test_what_is_known_of_pictures_goes_out_and_comes_in_again(studio: Studio) -> None:
    path = f"/api/v1/projects/{studio.project_id}"
    studio.client.post(f"{path}/attributes", json={"subject": "image", "name": "tray", "kind": "number"})
    image_id, other = studio.client.get(f"{path}/images").json()["items"][0]["id"], studio.add("b.jpg", 40)
    for id_, body, revision in ((image_id, {}, 1), (other, {"answer": "not_sure"}, 0)):
        put = {"put": [], "attributes": {"tray": 4.0}, **body}
        done = studio.client.patch(f"/api/v1/images/{id_}/objects", json=put, headers={"If-Match": str(revision)})
        assert done.status_code == 200, done.text
    for format_ in ("jsonl", "datumaro", "label_studio", "hf_imagefolder"):
        result, archive = studio.export(format_)
        lost = [kind for kind in result["lost"] if "attributes of images" in kind]
        assert len(lost) == (format_ == "label_studio"), (
            "It knows no answer “not sure”, so it counts what is known of it."
        )
        project_id = studio.make(f"Copy {format_}", "keypoints", ())
        bring(studio.client, project_id, "export.zip", archive, studio.run_jobs)
        cards = studio.client.get(f"/api/v1/projects/{project_id}/images").json()["items"]
        shown = [studio.client.get(f"/api/v1/images/{card['id']}/objects").json() for card in cards]
        expected = 2 if format_ == "jsonl" else 1  # The others have no answer "not sure".
        assert [item["attributes"] for item in shown if item["answer"] != "none"] == [{"tray": 4.0}] * expected
    assert studio.export("coco")[0]["lost"]["attributes of images"] == 2


def test_a_class_without_points_gets_those_that_a_file_tells(studio: Studio) -> None:
    _, archive = studio.export("coco")
    project_id = studio.make("Named", "keypoints", ("bun",))
    bring(studio.client, project_id, "export.zip", archive, studio.run_jobs)
    rows = studio.client.get(f"/api/v1/projects/{project_id}/classes").json()
    found = next(row for row in rows if row["name"] == "bun")
    assert found["skeleton"]["points"] == ARM["points"]


def test_values_of_a_deleted_attribute_stay_here(studio: Studio) -> None:
    path = f"/api/v1/projects/{studio.project_id}/attributes"
    studio.client.delete(f"{path}/{studio.client.get(path).json()[0]['id']}")
    lost, archive = studio.export("jsonl")
    assert b"burnt" not in files(archive).read("annotations.jsonl")
    assert "attributes of objects" not in lost["lost"]
