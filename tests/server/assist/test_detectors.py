"""Detectors that people bring: tried first, mapped to classes, asked to look, and what becomes of what they suggest."""

import io
import json
import os
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pytest
from fastapi.testclient import TestClient
from httpx import Response
from PIL import Image as Picture
from sqlalchemy import text

from modelyard.server.assist.service import detectors
from modelyard.server.services import AppServices
from modelyard.server.tables import Detector, Image, Object, ObjectSuggestion
from tests.factories.networks import draw_detector, draw_finder_of_red

CARD = {"classes": ["bun"], "input_width": 64, "input_height": 64, "layout": "yolox", "strides": [8]}
RED = draw_finder_of_red().SerializeToString()


def picture(*places: tuple[int, int], size: tuple[int, int] = (64, 64)) -> bytes:
    """Return a PNG of a dark table with a red square of eight pixels at each of these cells of eight pixels."""
    pixels = np.zeros((size[1], size[0], 3), np.uint8)
    pixels[..., 2] = np.random.default_rng(len(places) + size[0]).integers(0, 3, pixels.shape[:2])
    for column, row in places:
        pixels[8 * row : 8 * row + 8, 8 * column : 8 * column + 8] = [200 + column, 0, 0]
    stream = io.BytesIO()
    Picture.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


class Bakery:
    """A detection project, and what a person does in it."""

    def __init__(self, client: TestClient, services: AppServices, run_jobs: Callable[[], int]) -> None:
        self.client, self.services, self.run_jobs = client, services, run_jobs
        body = {"name": "Trays", "task": "detection", "classes": ["Bun", "roll"]}
        self.project_id = client.post("/api/v1/projects", json=body).json()["id"]
        self.home = f"/api/v1/projects/{self.project_id}"
        self.classes = {row["name"]: row["id"] for row in client.get(f"{self.home}/classes").json()}

    def send(self, network: bytes = RED, card: Any = CARD, **fields: str) -> Response:
        """Bring a detector."""
        said = card if isinstance(card, bytes) else json.dumps(card).encode()
        files = {"network": ("red.onnx", network), "card": ("red.json", said)}
        return self.client.post(f"{self.home}/detectors", files=files, data=fields)

    def bring(self, **fields: str) -> str:
        """Bring the finder of red and return its id."""
        answer = self.send(**fields)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def add(self, *places: tuple[int, int], name: str = "", **options: Any) -> str:
        """Add a picture and return its id."""
        content = picture(*places, **options)
        answer = self.client.post(f"{self.home}/images", params={"name": name or f"{uuid4()}.png"}, content=content)
        assert answer.status_code == 201, answer.text
        image_id = str(answer.json()["image"]["id"])
        with self.services.db.write() as session:  # drawn by lot otherwise
            session.get_one(Image, UUID(image_id)).is_reserved = False
        return image_id

    def suggest(self, detector_id: str, **body: Any) -> dict[str, Any]:
        """Have the detector look, and return the job's report."""
        job = self.client.post(f"/api/v1/detectors/{detector_id}/suggest", json=body)
        assert job.status_code == 202, job.text
        self.run_jobs()
        ended = self.client.get(f"/api/v1/jobs/{job.json()['id']}").json()
        assert ended["state"] == "succeeded", ended
        return dict(ended["result"])

    def suggested(self, image_id: str) -> list[dict[str, Any]]:
        """Return what is suggested for an image."""
        return list(self.client.get(f"/api/v1/images/{image_id}/suggestions").json()["suggestions"])

    def change(self, image_id: str, revision: int, **body: Any) -> dict[str, Any]:
        """Change what is drawn."""
        headers = {"If-Match": str(revision)}
        answer = self.client.patch(f"/api/v1/images/{image_id}/objects", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def outcomes(self) -> dict[str, int]:
        """Return what became of the suggestions of the only detector."""
        return dict(self.client.get(f"{self.home}/detectors").json()[0]["outcomes"])


def taken(suggestion: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return the object that a suggestion becomes."""
    kept = {key: suggestion[key] for key in ("id", "class_id", "shape")}
    return {**kept, "suggestion_id": suggestion["id"], **changes}


@pytest.fixture
def bakery(owner: TestClient, services: AppServices, run_jobs: Callable[[], int]) -> Bakery:
    return Bakery(owner, services, run_jobs)


def test_a_detector_is_tried_and_its_classes_go_by_name(bakery: Bakery) -> None:
    answer = bakery.send(name=" Finder of red ")
    assert answer.status_code == 201, answer.text
    shown = answer.json()
    assert (shown["name"], shown["shape"], shown["size_bytes"]) == ("Finder of red", "box", len(RED))
    assert shown["classes"] == [{"name": "bun", "class_id": bakery.classes["Bun"], "is_chosen": False}]
    assert bakery.client.get(f"{bakery.home}/detectors").json() == [shown]
    assert bakery.send(name="finder of RED").json()["type"] == "/problems/detector-name-taken"
    assert bakery.send().json()["name"] == "red"  # the file's name, where nothing else is said
    assert bakery.send(name="re\0d\n squares").json()["name"] == "red squares"
    assert list(bakery.services.uploads.iterdir()) == []


@pytest.mark.parametrize(
    ("network", "card", "code", "words"),
    [
        (RED, {**CARD, "score_threshold": 2}, "detector-card-invalid", "score_threshold"),
        (RED, b"{", "detector-card-invalid", "card"),
        (RED, {**CARD, "classes": ["bu\0n"]}, "detector-card-invalid", "classes"),
        (b"no network", CARD, "detector-refused", "not an ONNX network"),
        (RED, {**CARD, "input_width": 128}, "detector-refused", "(1, 3, 64, 64), but its card says (1, 3, 64, 128)"),
        (RED, {**CARD, "classes": ["a", "b"]}, "detector-refused", "(64, 6); the card leads to (64, 7)"),
        (RED, {**CARD, "layout": "boxes_scores_labels"}, "detector-refused", "no output “boxes”; it has output"),
    ],
)
def test_what_is_no_detector_is_refused_and_says_why(
    bakery: Bakery, network: bytes, card: Any, code: str, words: str
) -> None:
    refused = bakery.send(network, card)
    assert (refused.status_code, refused.json()["type"]) == (422, f"/problems/{code}")
    assert words in refused.json()["detail"]
    assert bakery.client.get(f"{bakery.home}/detectors").json() == []
    assert list(bakery.services.uploads.iterdir()) == []


def test_a_network_with_weights_in_a_second_file_is_refused(bakery: Bakery) -> None:
    network = draw_finder_of_red()
    weights = network.graph.initializer[0]
    weights.ClearField("raw_data")
    weights.data_location = 1
    weights.external_data.add(key="location", value="/etc/passwd")
    assert "second file" in bakery.send(network.SerializeToString()).json()["detail"]


def test_a_detector_waits_for_no_more_than_a_few_others(bakery: Bakery) -> None:
    with ExitStack() as others:
        for _ in range(4):
            others.enter_context(detectors._WAITING)
        refused = bakery.send()
    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/trials-busy")
    assert refused.headers["Retry-After"] == "60"
    assert list(bakery.services.uploads.iterdir()) == []
    assert bakery.send().status_code == 201


def test_what_a_killed_server_left_of_a_trial_goes(bakery: Bakery) -> None:
    old, young = (bakery.services.uploads / f"detector-{name}.onnx" for name in ("old", "young"))
    for path in (old, young):
        path.write_bytes(RED)
    os.utime(old, (100, 100))
    bakery.bring()
    assert list(bakery.services.uploads.iterdir()) == [young]


def test_a_form_that_is_none_or_lacks_a_file_is_refused(bakery: Bakery) -> None:
    address = f"{bakery.home}/detectors"
    assert bakery.client.post(address, json={}).json()["type"] == "/problems/form-invalid"
    lacking = bakery.client.post(address, files={"card": ("red.json", b"{}")})
    assert lacking.json()["type"] == "/problems/detector-incomplete"


def test_a38_suggestions_are_kept_apart_with_detector_and_score(bakery: Bakery) -> None:
    detector_id = bakery.bring()
    image_id = bakery.add((1, 2), (5, 6))
    report = bakery.suggest(detector_id)
    assert report == {"looked_at": 1, "suggested": 2, "kept_for_test": 0, "failed": 0, "faults": []}
    found = bakery.suggested(image_id)
    assert {(entry["detector_id"], entry["class_id"]) for entry in found} == {(detector_id, bakery.classes["Bun"])}
    assert sorted(entry["shape"]["x1"] for entry in found) == [8.0, 40.0]
    assert all(0.25 <= entry["score"] <= 1 for entry in found)
    drawn = bakery.client.get(f"/api/v1/images/{image_id}/objects").json()
    assert (drawn["objects"], drawn["revision"]) == ([], 0)  # nothing is mixed with what people draw
    assert bakery.client.get(f"{bakery.home}/queue/next").json()["items"]  # and the picture still waits


def test_a38_what_becomes_of_a_suggestion_is_written_with_the_object(bakery: Bakery) -> None:
    image_id = bakery.add((0, 0), (2, 2), (4, 4), (6, 6))
    bakery.suggest(bakery.bring())
    one, two, three, four = bakery.suggested(image_id)
    moved = {**two["shape"], "x2": two["shape"]["x2"] + 3}
    put = [taken(one, active_s=0.5), taken(two, shape=moved, active_s=2.0)]
    shown = bakery.change(image_id, 0, put=put, reject=[three["id"]])
    by_id = {item["id"]: (item["source"], item["suggestion_id"]) for item in shown["objects"]}
    assert by_id == {one["id"]: ("model", one["id"]), two["id"]: ("model-edited", two["id"])}
    assert bakery.outcomes() == {"undecided": 1, "accepted": 1, "edited": 1, "rejected": 1}
    assert [entry["id"] for entry in bakery.suggested(image_id)] == [four["id"]]
    with bakery.services.db.read() as session:
        row = session.get_one(ObjectSuggestion, UUID(one["id"]))
        assert (row.object_id, row.outcome) == (row.id, "accepted") and row.decided_by and row.decided_at


def test_a38_undo_takes_the_outcome_back_too(bakery: Bakery) -> None:
    image_id = bakery.add((0, 0), (4, 4))
    bakery.suggest(bakery.bring())
    one, two = bakery.suggested(image_id)
    bakery.change(image_id, 0, put=[taken(one)], reject=[two["id"]])
    bakery.change(image_id, 1, delete=[one["id"]], reconsider=[two["id"]])
    assert bakery.outcomes() == {"undecided": 2, "accepted": 0, "edited": 0, "rejected": 0}
    bakery.change(image_id, 2, put=[taken(one)])
    bakery.change(image_id, 3, delete=[one["id"]], reject=[one["id"]])  # deleted on purpose
    assert bakery.outcomes() == {"undecided": 1, "accepted": 0, "edited": 0, "rejected": 1}


def test_a38_an_object_stays_what_it_came_from(bakery: Bakery) -> None:
    image_id = bakery.add((0, 0))
    bakery.suggest(bakery.bring())
    (one,) = bakery.suggested(image_id)
    bakery.change(image_id, 0, put=[taken(one)])
    later = taken(one, class_id=bakery.classes["roll"])
    del later["suggestion_id"]  # need not be said again
    assert bakery.change(image_id, 1, put=[later])["objects"][0]["source"] == "model-edited"
    assert bakery.outcomes()["edited"] == 1
    back = bakery.change(image_id, 2, put=[taken(one)])["objects"][0]
    assert (back["source"], back["suggestion_id"]) == ("model", one["id"])
    assert bakery.outcomes()["accepted"] == 1
    copy = bakery.change(image_id, 3, put=[taken(one, id=str(uuid4()))])["objects"]
    assert sorted(item["source"] for item in copy) == ["human", "model"]
    strange = bakery.change(image_id, 4, put=[taken(one, id=str(uuid4()), suggestion_id=str(uuid4()))])["objects"]
    assert sorted(item["source"] for item in strange) == ["human", "human", "model"]


def test_a_decision_about_suggestions_alone_makes_no_new_revision(bakery: Bakery) -> None:
    image_id = bakery.add((0, 0))
    bakery.suggest(bakery.bring())
    (one,) = bakery.suggested(image_id)
    assert bakery.change(image_id, 0, reject=[one["id"]])["revision"] == 0
    assert bakery.suggested(image_id) == []
    bakery.change(image_id, 0, reconsider=[one["id"]])
    bakery.change(image_id, 0, put=[taken(one)])
    bakery.change(image_id, 1, reject=[one["id"]])  # somebody else has accepted it
    assert bakery.outcomes()["accepted"] == 1


def test_another_look_replaces_only_what_is_undecided(bakery: Bakery) -> None:
    detector_id = bakery.bring()
    image_id = bakery.add((0, 0), (2, 2), (4, 4))
    bakery.suggest(detector_id)
    one, two, three = bakery.suggested(image_id)
    bakery.change(image_id, 0, put=[taken(one)], reject=[two["id"]])
    assert bakery.suggest(detector_id, images="chosen", image_ids=[image_id])["suggested"] == 0
    assert bakery.suggested(image_id) == [three]  # the same row: whoever has it on screen can accept it
    with bakery.services.db.write() as session:  # as if it had been found elsewhere before
        session.get_one(ObjectSuggestion, UUID(three["id"])).x1 -= 5
    assert bakery.suggest(detector_id, images="chosen", image_ids=[image_id])["suggested"] == 1
    (new,) = bakery.suggested(image_id)
    assert new["id"] != three["id"]
    assert bakery.outcomes() == {"undecided": 1, "accepted": 1, "edited": 0, "rejected": 1}
    accepted = bakery.change(image_id, 1, put=[taken(three)])["objects"]  # by somebody who still saw the old one
    assert accepted[1]["suggestion_id"] == three["id"]


def test_what_is_drawn_already_is_not_suggested(bakery: Bakery) -> None:
    image_id = bakery.add((1, 1))
    box = {"type": "box", "x1": 8.5, "y1": 8, "x2": 16, "y2": 16}
    bakery.change(image_id, 0, put=[{"id": str(uuid4()), "class_id": bakery.classes["Bun"], "shape": box}])
    assert bakery.suggest(bakery.bring())["suggested"] == 0


def test_classes_are_chosen_ignored_and_follow_merges(bakery: Bakery) -> None:
    detector_id = bakery.bring()
    image_id = bakery.add((0, 0))
    address = f"/api/v1/detectors/{detector_id}"
    chosen = bakery.client.patch(address, json={"classes": {"bun": bakery.classes["roll"]}}).json()
    assert chosen["classes"] == [{"name": "bun", "class_id": bakery.classes["roll"], "is_chosen": True}]
    bakery.suggest(detector_id)
    assert bakery.suggested(image_id)[0]["class_id"] == bakery.classes["roll"]
    merge = {"into": bakery.classes["Bun"]}
    merged = bakery.client.post(f"{bakery.home}/classes/{bakery.classes['roll']}/merge", json=merge)
    assert merged.status_code == 200, merged.text
    assert bakery.suggested(image_id)[0]["class_id"] == bakery.classes["Bun"]
    assert bakery.client.get(f"{bakery.home}/detectors").json()[0]["classes"][0]["class_id"] == bakery.classes["Bun"]
    bakery.client.patch(address, json={"classes": {"bun": None}})
    refused = bakery.client.post(f"{address}/suggest", json={})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/no-class-meant")
    for classes in ({"tray": None}, {"bun": str(uuid4())}):
        answer = bakery.client.patch(address, json={"classes": classes})
        assert answer.json()["type"] == "/problems/detector-class-unknown"


def test_nothing_is_suggested_for_what_is_kept_for_the_test(bakery: Bakery) -> None:
    detector_id = bakery.bring()
    other = [(column, row) for column in range(0, 8, 2) for row in range(8)]  # no twin of the others
    ids = [*(bakery.add((0, 0), (at, 7)) for at in range(3)), bakery.add(*other)]
    with bakery.services.db.write() as session:
        session.get_one(Image, UUID(ids[0])).is_reserved = True
        session.get_one(Image, UUID(ids[1])).split = "test"
        session.get_one(Image, UUID(ids[2])).given_split = "test"
    report = bakery.suggest(detector_id)
    assert (report["looked_at"], report["kept_for_test"]) == (1, 3)
    assert [bool(bakery.suggested(image_id)) for image_id in ids] == [False, False, False, True]
    refused = bakery.client.post(f"/api/v1/images/{ids[0]}/suggestions/{detector_id}")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/kept-for-testing")
    with bakery.services.db.write() as session:  # kept for the test only now: what was suggested is not shown
        session.get_one(Image, UUID(ids[3])).is_reserved = True
    shown = bakery.client.get(f"/api/v1/images/{ids[3]}/suggestions").json()
    assert (shown["is_kept_back"], shown["suggestions"]) == (True, [])


def test_which_images_a_detector_looks_at(bakery: Bakery) -> None:
    detector_id = bakery.bring()
    ids = [bakery.add((0, 0), (at, 7), name=f"tray-{at}.png") for at in range(4)]
    bakery.change(ids[0], 0, answer="objects")
    assert bakery.suggest(detector_id)["looked_at"] == 3
    assert bakery.suggest(detector_id, images="filtered", filters={"name": "tray-2"})["looked_at"] == 1
    assert bakery.suggest(detector_id, images="chosen", image_ids=[ids[0], ids[0], str(uuid4())])["looked_at"] == 1
    assert bakery.suggest(detector_id, images="next", count=2)["looked_at"] == 2
    for body in ({"images": "filtered"}, {"images": "chosen"}, {"filters": {}}):
        assert bakery.client.post(f"/api/v1/detectors/{detector_id}/suggest", json=body).status_code == 422


def test_a35_a_bad_picture_is_reported_and_stops_nothing(bakery: Bakery) -> None:
    detector_id = bakery.bring()
    bad, good = bakery.add((0, 0), name="bad.png"), bakery.add((1, 1))
    with bakery.services.db.read() as session:
        key = session.get_one(Image, UUID(bad)).content_hash
    bakery.services.blobs.put_at(bakery.services.blobs.key(key), b"no picture any more")
    report = bakery.suggest(detector_id)
    assert (report["looked_at"], report["failed"]) == (1, 1)
    assert [(fault["image_id"], fault["name"]) for fault in report["faults"]] == [(bad, "bad.png")]
    assert "not a picture" in report["faults"][0]["reason"]
    assert bakery.suggested(good)


def test_a36_suggestions_for_the_picture_on_screen_come_by_a_job(bakery: Bakery) -> None:
    detector_id = bakery.bring()
    image_id = bakery.add((3, 3))
    job = bakery.client.post(f"/api/v1/images/{image_id}/suggestions/{detector_id}")
    assert (job.status_code, job.json()["state"]) == (202, "queued")
    # Meanwhile the picture is labelled as if there were no model.
    assert bakery.suggested(image_id) == []
    assert bakery.change(image_id, 0, answer="not_sure")["revision"] == 1
    bakery.run_jobs()
    assert len(bakery.suggested(image_id)) == 1


def test_pictures_that_people_see_in_another_size_get_exact_places(bakery: Bakery) -> None:
    image_id = bakery.add((2, 2), size=(64, 128))
    bakery.suggest(bakery.bring())
    found = bakery.suggested(image_id)
    assert all(0 <= entry["shape"]["x1"] < entry["shape"]["x2"] <= 64 for entry in found) and found


def test_a_segmenter_suggests_masks(bakery: Bakery) -> None:
    outputs = {
        "boxes": np.array([[8.0, 8.0, 24.0, 24.0]]),
        "scores": np.array([0.9]),
        "labels": np.array([0.0]),
        "masks": np.kron(np.eye(2), np.ones((32, 32)))[None],
    }
    names = {"outputs": {"masks": "masks"}}
    card = {"classes": ["bun"], "input_width": 64, "input_height": 64, "layout": "boxes_scores_labels", **names}
    answer = bakery.send(draw_detector(outputs).SerializeToString(), card)
    assert answer.json()["shape"] == "mask", answer.text
    image_id = bakery.add()
    bakery.suggest(answer.json()["id"])
    (found,) = bakery.suggested(image_id)
    assert found["shape"]["type"] == "mask"
    assert bakery.change(image_id, 0, put=[taken(found)])["objects"][0]["source"] == "model"


def test_a_detector_is_put_away_and_brought_back(bakery: Bakery) -> None:
    detector_id = bakery.bring()
    image_id = bakery.add((0, 0), (4, 4))
    bakery.suggest(detector_id)
    one, _ = bakery.suggested(image_id)
    bakery.change(image_id, 0, put=[taken(one)])
    address = f"/api/v1/detectors/{detector_id}"
    assert bakery.client.delete(address).status_code == 204
    assert bakery.client.get(f"{bakery.home}/detectors").json() == []
    assert bakery.suggested(image_id) == []
    assert bakery.client.get(f"/api/v1/images/{image_id}/objects").json()["objects"][0]["source"] == "model"
    assert bakery.client.delete(address).status_code == 404
    other = bakery.send().json()  # the name is free
    assert bakery.client.post(f"{address}/restore").json()["type"] == "/problems/detector-name-taken"
    bakery.client.patch(f"/api/v1/detectors/{other['id']}", json={"name": "another"})
    assert bakery.client.post(f"{address}/restore").json()["outcomes"]["undecided"] == 1
    assert len(bakery.suggested(image_id)) == 1


def test_statistics_say_what_suggestions_are_worth(bakery: Bakery) -> None:
    detector_id = bakery.bring()
    image_id = bakery.add((0, 0), (2, 2), (4, 4))
    bakery.suggest(detector_id)
    one, two, three = bakery.suggested(image_id)
    box = {"type": "box", "x1": 30, "y1": 40, "x2": 50, "y2": 60}
    own = {"id": str(uuid4()), "class_id": bakery.classes["roll"], "shape": box, "active_s": 6.0}
    moved = {**two["shape"], "x2": two["shape"]["x2"] + 3}
    bakery.change(image_id, 0, put=[own, taken(one, active_s=0.8), taken(two, active_s=0.5)], reject=[three["id"]])
    bakery.change(image_id, 1, put=[taken(two, shape=moved, active_s=1.5)])
    said = bakery.client.get(f"{bakery.home}/detectors/statistics").json()
    counts = {"undecided": 0, "accepted": 1, "edited": 1, "rejected": 1, "class_id": bakery.classes["Bun"]}
    assert said["detectors"] == [{"detector_id": detector_id, "name": "red", "classes": [counts]}]
    assert said["drawn"] == {"objects": 1, "median_s": 6.0}
    assert said["accepted"] == {"objects": 1, "median_s": 0.8}
    assert said["edited"] == {"objects": 1, "median_s": 2.0}  # all of its versions together


def test_detectors_are_their_projects_alone(bakery: Bakery, stranger: TestClient) -> None:
    detector_id = bakery.bring()
    files = {"network": ("red.onnx", RED), "card": ("red.json", json.dumps(CARD).encode())}
    assert stranger.post(f"{bakery.home}/detectors", files=files).status_code == 404
    assert stranger.patch(f"/api/v1/detectors/{detector_id}", json={"name": "mine"}).status_code == 404
    assert stranger.post(f"/api/v1/detectors/{detector_id}/suggest", json={}).status_code == 404
    with bakery.services.db.read() as session:
        assert session.get_one(Detector, UUID(detector_id)).name == "red"
        assert session.query(Object).count() == 0


def test_a38_an_export_carries_where_objects_come_from(bakery: Bakery) -> None:
    image_id = bakery.add((0, 0))
    bakery.suggest(bakery.bring(name="Finder"))
    (one,) = bakery.suggested(image_id)
    bakery.change(image_id, 0, put=[taken(one, active_s=0.5)], answer="objects")
    job = bakery.client.post(f"{bakery.home}/exports", json={"format": "jsonl", "version": "current"}).json()
    bakery.run_jobs()
    archive = bakery.client.get(f"/api/v1/exports/{job['id']}/download").content
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        name = next(name for name in packed.namelist() if name.endswith(".jsonl"))
        lines = [json.loads(line) for line in packed.read(name).decode().splitlines()]
    (shown,) = lines[1]["objects"]
    assert (shown["source"], shown["active_s"]) == ("model", 0.5)
    assert shown["suggestion"] == {"id": one["id"], "detector": "Finder", "score": one["score"]}


def test_what_is_listed_is_counted_from_an_index(services: AppServices) -> None:
    """A page of detectors costs no look at each of a hundred thousand suggestions; nor does a step of an import."""
    if not services.db.is_sqlite:
        pytest.skip("PostgreSQL chooses by what the tables hold; these are empty.")
    steps = "SELECT image_id FROM annotation_revisions WHERE project_id = 'a' AND action = 'import:a'"
    outcomes = (
        "SELECT detector_id, class_id, outcome, count(*) FROM object_suggestions WHERE detector_id IN "
        "(SELECT id FROM detectors WHERE project_id = 'a') AND (outcome IS NULL OR outcome != 'replaced') "
        "GROUP BY detector_id, class_id, outcome"
    )
    with services.db.read() as session:
        plans = [str(session.execute(text(f"EXPLAIN QUERY PLAN {query}")).all()) for query in (steps, outcomes)]
    assert "ix_annotation_revisions_project_id_action (project_id=? AND action=?)" in plans[0]
    assert "COVERING INDEX ix_object_suggestions_detector_id (detector_id=?)" in plans[1]
