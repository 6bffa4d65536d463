"""Versions of projects in which objects are drawn, or images have several classes."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from modelyard.geometry.kinds import Box, Whole
from modelyard.server.datasets import freezing, manifest
from modelyard.server.services import AppServices
from modelyard.server.tables import Annotation, Image, Object, new_id, shape_columns
from tests.factories.images import add_images
from tests.server.datasets.conftest import Shelf


class Board(Shelf):
    """A project whose images are there as rows, with what is drawn into them."""

    services: AppServices

    def add(self, count: int, *drawn: str, source: str = "human", answer: str = "objects", **values: Any) -> list[UUID]:
        """Add images that were answered so, each with one object of each of these classes."""
        with self.services.db.write() as session:
            ids = add_images(session, UUID(self.project_id), count, **values)
            for image_id in ids:
                said = {"project_id": UUID(self.project_id), "image_id": image_id}
                session.add(Annotation(**said, answer=answer, source="human"))
                session.add_all(self._object(said, name, at, source) for at, name in enumerate(drawn))
        return ids

    def _object(self, said: dict[str, Any], name: str, at: int, source: str) -> Object:
        shape = Whole() if name.islower() and self.task == "multi_label" else Box(1.0 + at, 2.5, 30.25, 40.0)
        facts = {"object_id": new_id(), "class_id": UUID(self.classes[name]), "since_revision": 1, "source": source}
        return Object(**said, **facts, z=at, attributes={}, **shape_columns(shape))

    task: str = "detection"


@pytest.fixture
def board(owner: TestClient, services: AppServices, request: pytest.FixtureRequest) -> Board:
    task = getattr(request, "param", "detection")
    body = {"name": "Trays", "task": task, "classes": ["bun", "roll", "tart"]}
    project_id = owner.post("/api/v1/projects", json=body).json()["id"]
    classes = owner.get(f"/api/v1/projects/{project_id}/classes").json()
    made = Board(owner, project_id, {row["name"]: row["id"] for row in classes})
    made.services, made.task = services, task
    return made


def splits_of(board: Board, version: dict[str, Any], **params: Any) -> dict[str, str]:
    return {row["image"]["id"]: row["split"] for row in board.images(version, **params)}


@pytest.mark.parametrize("board", ["detection", "segmentation", "semantic", "keypoints", "multi_label"], indirect=True)
def test_freeze__holds_what_is_done_and_what_is_drawn(board: Board) -> None:
    board.add(6, "bun", "roll")
    board.add(4, "bun")
    board.add(3)
    board.add(2, answer="not_sure")
    board.add(2, "bun", answer="none")
    answer = board.freeze(note="first")
    assert answer.status_code == 201, answer.text
    version = answer.json()
    assert (version["number"], version["images"], version["objects"], version["nothing_here"]) == (1, 13, 16, 3)
    assert [(row["name"], row["images"], row["objects"]) for row in version["classes"]] == [
        ("bun", 10, 10),
        ("roll", 6, 6),
    ]
    assert sum(version["splits"].values()) == 13
    contents = manifest.read(board.services.blobs.local_path(version["content_hash"]))
    assert contents.task == board.task
    assert sum(map(len, contents.objects(contents.entries))) == 16


def test_freeze__the_manifest_says_all_that_is_known_of_an_object(board: Board) -> None:
    board.client.post(f"/api/v1/projects/{board.project_id}/attributes", json={"name": "burnt", "kind": "flag"})
    board.add(3, "bun")
    (image_id,) = board.add(1)
    object_id = str(new_id())
    turned = {"type": "box", "x1": 1.0, "y1": 2.0, "x2": 9.5, "y2": 8.0, "angle": 30.0}
    put = {"id": object_id, "class_id": board.classes["bun"], "shape": turned, "attributes": {"burnt": True}, "z": 4}
    path = f"/api/v1/images/{image_id}/objects"
    done = board.client.patch(path, json={"put": [put], "answer": "objects"}, headers={"If-Match": "1"})
    assert done.status_code == 200, done.text
    version = board.freeze().json()
    contents = manifest.read(board.services.blobs.local_path(version["content_hash"]))
    assert [(row["name"], row["kind"]) for row in contents.attributes] == [("burnt", "flag")]
    entry = next(row for row in contents.entries if row.image_id == str(image_id))
    assert entry.revision == 2
    (found,) = next(contents.objects([entry]))
    assert found == put | {"source": "human"}


def test_freeze__the_same_contents_give_the_same_version(board: Board) -> None:
    board.add(6, "bun")
    one = board.freeze()
    again = board.freeze(note="again")
    assert (one.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == one.json()["id"]
    board.add(1)
    assert board.freeze().json()["number"] == 2


def test_freeze__every_class_has_its_share_and_splits_stay(board: Board) -> None:
    board.add(40, "bun", is_reserved=True)
    board.add(20, "bun", "roll", is_reserved=True)
    board.add(10, "tart", is_reserved=True)
    board.add(10, is_reserved=True)
    first = splits_of(board, board.freeze().json())
    board.add(40, "bun", is_reserved=True)
    version = board.freeze(seed=7).json()
    after = splits_of(board, version)
    assert first.items() <= after.items()
    for name, total in (("bun", 100), ("roll", 20), ("tart", 10)):
        counts = Counter(splits_of(board, version, class_id=board.classes[name]).values())
        assert sum(counts.values()) == total
        assert abs(counts["test"] - 0.2 * total) <= 2
        assert abs(counts["val"] - 0.1 * total) <= 2


def test_freeze__twins_stay_together_and_given_splits_are_respected(board: Board) -> None:
    groups = {}
    for _ in range(15):
        group = new_id()
        groups |= dict.fromkeys(map(str, board.add(3, "bun", "roll", twin_group=group)), group)
    given = {str(image_id): split for split in ("val", "test") for image_id in board.add(3, "tart", given_split=split)}
    board.add(3, "tart")
    splits = splits_of(board, board.freeze().json())
    homes: dict[UUID, set[str]] = {}
    for image_id, group in groups.items():
        homes.setdefault(group, set()).add(splits[image_id])
    assert all(len(found) == 1 for found in homes.values())
    assert given.items() <= splits.items()


def test_freeze__what_a_model_had_a_hand_in_never_tests(board: Board) -> None:
    honest = set(map(str, board.add(10, "bun", is_reserved=True)))
    board.add(10, "bun", source="model-edited", is_reserved=True)
    board.add(10, "bun", source="model")
    board.add(20, "bun")
    tested = splits_of(board, board.freeze().json(), split="test")
    assert tested
    assert tested.keys() <= honest


def test_freeze__classes_that_cannot_be_learnt_yet_are_left_out_with_what_is_drawn_of_them(board: Board) -> None:
    board.add(5, "bun")
    both = board.add(1, "bun", "roll")
    board.add(3, "tart", given_split="test")
    version = board.freeze().json()
    assert [row["name"] for row in version["classes"]] == ["bun"]
    assert [(row["name"], row["images"], row["objects"], row["reason"]) for row in version["left_out"]] == [
        ("roll", 1, 1, "Only one picture has it."),
        ("tart", 3, 3, "Every picture that has it is kept for checking."),
    ]
    rows = {row["image"]["id"]: row["objects"] for row in board.images(version)}
    assert len(rows) == 6
    assert rows[str(both[0])] == [{"class_id": board.classes["bun"], "objects": 1}]


def test_freeze__says_everything_that_is_missing(board: Board) -> None:
    board.add(2)
    assert "Nothing is drawn yet" in board.freeze().json()["detail"]
    board.add(1, "bun")
    board.add(2, "roll", given_split="test")
    problem = board.freeze().json()
    assert problem["type"] == "/problems/version-not-ready"
    assert len(problem["reasons"]) == 2
    assert "'bun' (1 picture, 1 object)" in problem["detail"]
    assert "'roll' (2 pictures, 2 objects)" in problem["detail"]


@pytest.mark.parametrize("board", ["multi_label"], indirect=True)
def test_freeze__one_class_that_every_picture_has_teaches_nothing(board: Board) -> None:
    board.add(5, "bun")
    assert "nothing else" in board.freeze().json()["detail"]
    board.add(2)
    assert board.freeze().status_code == 201


def test_freeze__much_is_a_job_that_ends_with_the_version(
    board: Board, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freezing, "AT_ONCE", 10)
    board.add(12, "bun")
    asked = board.freeze(note="large")
    assert asked.status_code == 202, asked.text
    job = asked.json()
    assert asked.headers["Location"] == f"/api/v1/jobs/{job['id']}"
    run_jobs()
    ended = board.client.get(f"/api/v1/jobs/{job['id']}").json()
    assert ended["state"] == "succeeded", ended
    version = board.client.get(f"/api/v1/versions/{ended['result']['version_id']}").json()
    assert (version["number"], version["images"], version["note"], version["created_by_name"]) == (
        1,
        12,
        "large",
        "Ana",
    )
    again = board.freeze().json()
    run_jobs()
    result = board.client.get(f"/api/v1/jobs/{again['id']}").json()["result"]
    assert (result["version_id"], result["is_new"]) == (version["id"], False)


def test_freeze__a_job_that_finds_too_little_says_so(
    board: Board, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freezing, "AT_ONCE", 10)
    board.add(12)
    job = board.freeze().json()
    run_jobs()
    ended = board.client.get(f"/api/v1/jobs/{job['id']}").json()
    assert ended["state"] == "failed"
    assert "Nothing is drawn yet" in ended["problem"]["detail"]


def test_preview__counts_what_would_go_in(board: Board, stranger: TestClient) -> None:
    path = f"/api/v1/projects/{board.project_id}/versions/preview"
    board.add(3, "bun", "roll")
    board.add(2)
    board.add(2, "tart", answer="none")
    shown = board.client.get(path).json()
    assert (shown["images"], shown["objects"], shown["nothing_here"]) == (5, 6, 2)
    assert [(row["name"], row["images"], row["objects"]) for row in shown["classes"]] == [
        ("bun", 3, 3),
        ("roll", 3, 3),
        ("tart", 0, 0),
    ]
    assert stranger.get(path).status_code == 404


def test_diff__says_which_objects_changed(board: Board) -> None:
    image_id, other, *_ = board.add(5, "bun", "roll")
    old = board.freeze().json()
    shown = board.client.get(f"/api/v1/images/{image_id}/objects").json()
    bun, roll = shown["objects"]
    moved = {"id": bun["id"], "class_id": bun["class_id"], "shape": {**bun["shape"], "x2": 77.0}}
    added = {"id": str(new_id()), "class_id": board.classes["bun"], "shape": bun["shape"]}
    body = {"put": [moved, added], "delete": [roll["id"]]}
    path = f"/api/v1/images/{image_id}/objects"
    done = board.client.patch(path, json=body, headers={"If-Match": str(shown["revision"])})
    assert done.status_code == 200, done.text
    with board.services.db.write() as session:
        session.delete(session.get_one(Image, other))
    board.add(2, "bun")
    new = board.freeze().json()
    diff = board.client.get(f"/api/v1/versions/{new['id']}/diff", params={"against": old["id"]}).json()
    counts = {"added": 2, "removed": 1, "relabelled": 0, "changed": 1, "moved": 0, "unchanged": 3}
    assert diff["counts"] == counts
    assert diff["objects"] == {"added": 3, "removed": 3, "changed": 1, "unchanged": 6}
    said = {"added": 1, "removed": 1, "changed": 1, "is_described_otherwise": False}
    assert {key: diff["changed"][0][key] for key in said} == said
    assert diff["changed"][0]["image_id"] == str(image_id)
    same = board.client.get(f"/api/v1/versions/{new['id']}/diff", params={"against": new["id"]}).json()
    assert same["counts"]["unchanged"] == 6


def test_a44_training_on_what_is_drawn_is_refused_in_a_plain_sentence(board: Board) -> None:
    board.add(5, "bun")
    for version in ("latest", board.freeze().json()["id"]):
        answer = board.client.post(f"/api/v1/projects/{board.project_id}/runs", json={"version_id": version})
        assert answer.status_code == 409, answer.text
        assert "one class each so far" in answer.json()["detail"]
