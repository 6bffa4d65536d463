from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

import numpy as np
from fastapi.testclient import TestClient

from modelyard.server.datasets import manifest
from modelyard.server.features.service import write_shard
from modelyard.server.kit.blobs import hash_bytes
from modelyard.server.services import AppServices
from modelyard.server.tables import Image, new_id
from tests.server.datasets.conftest import Shelf

Add = Callable[..., list[UUID]]


def test_freeze__a_scene_goes_to_one_split(shelf: Shelf, add: Add, services: AppServices) -> None:
    chance = np.random.default_rng(0)
    homes: dict[str, list[UUID]] = {}
    for name in shelf.classes:
        ids = add(60, name)
        features = np.repeat(chance.normal(size=(12, 64)), 5, axis=0) + 0.3 * chance.normal(size=(60, 64))
        features = (features / np.linalg.norm(features, axis=1, keepdims=True)).astype(np.float32)
        write_shard(
            services.db,
            services.blobs,
            UUID(shelf.project_id),
            ids,
            features,
            backbone="efficientnet_lite0",
            view="plain",
        )
        homes |= {f"{name} {place}": ids[place * 5 : place * 5 + 5] for place in range(12)}
    version = shelf.freeze().json()
    splits = {row["image"]["id"]: row["split"] for row in shelf.images(version)}
    assert all(len({splits[str(image_id)] for image_id in ids}) == 1 for ids in homes.values())
    assert min(version["splits"].values()) >= 10


def test_freeze__holds_what_is_labelled_and_nothing_else(shelf: Shelf, add: Add, services: AppServices) -> None:
    add(20, "croissant")
    add(10, "bagel")
    add(5)
    answer = shelf.freeze(note="first")
    assert answer.status_code == 201, answer.text
    version = answer.json()
    assert (version["number"], version["images"], version["note"]) == (1, 30, "first")
    assert version["created_by_name"] == "Ana"
    assert [(row["name"], row["images"]) for row in version["classes"]] == [("croissant", 20), ("bagel", 10)]
    assert sum(version["splits"].values()) == 30
    data = services.blobs.get(version["content_hash"])
    assert hash_bytes(data) == version["content_hash"]
    assert len(manifest.from_bytes(data).entries) == 30


def test_freeze__the_same_contents_give_the_same_version(shelf: Shelf, add: Add) -> None:
    add(6, "croissant")
    (first, *_) = add(6, "bagel")
    one = shelf.freeze().json()
    again = shelf.freeze(note="again")
    assert (again.status_code, again.json()["id"]) == (200, one["id"])
    shelf.label(first, "croissant", revision=1)
    other = shelf.freeze()
    assert (other.status_code, other.json()["number"]) == (201, 2)


def test_freeze__splits_never_change_and_are_stratified(shelf: Shelf, add: Add) -> None:
    add(40, "croissant")
    add(20, "bagel")
    before = {row["image"]["id"]: row["split"] for row in shelf.images(shelf.freeze().json())}
    add(40, "croissant")
    add(20, "bagel")
    version = shelf.freeze(seed=99).json()
    after = {row["image"]["id"]: row["split"] for row in shelf.images(version)}
    assert before.items() <= after.items()
    assert len(after) == 120
    for name, total in (("croissant", 80), ("bagel", 40)):
        rows = shelf.images(version, class_id=shelf.classes[name])
        assert len(rows) == total
        counts = Counter(row["split"] for row in rows)
        assert abs(counts["test"] - 0.2 * total) <= 2
        assert abs(counts["val"] - 0.1 * total) <= 2


def test_freeze__given_splits_are_respected(shelf: Shelf, add: Add) -> None:
    given: dict[str, str] = {}
    for split in ("train", "val", "test"):
        for name in shelf.classes:
            given |= {str(image_id): split for image_id in add(4, name, given_split=split)}
    version = shelf.freeze().json()
    assert {row["image"]["id"]: row["split"] for row in shelf.images(version)} == given


def test_freeze__twins_stay_together(shelf: Shelf, add: Add) -> None:
    groups = {}
    for name in shelf.classes:
        for _ in range(15):
            group = new_id()
            groups |= dict.fromkeys(map(str, add(3, name, twin_group=group)), group)
    version = shelf.freeze().json()
    homes: dict[UUID, set[str]] = {}
    for row in shelf.images(version):
        homes.setdefault(groups[row["image"]["id"]], set()).add(row["split"])
    assert all(len(splits) == 1 for splits in homes.values())
    assert version["splits"]["test"] > 0


def test_freeze__what_a_model_had_a_hand_in_never_tests(shelf: Shelf, add: Add) -> None:
    reserved, helped = [], []
    for name in shelf.classes:
        reserved += add(10, is_reserved=True)
        helped += add(30)
        for image_id in (*reserved[-10:], *helped[-30:]):
            shelf.label(image_id, name)
    rows = shelf.images(shelf.freeze().json())
    tested = {row["image"]["id"] for row in rows if row["split"] == "test"}
    assert tested
    assert tested <= set(map(str, reserved))


def test_freeze__says_everything_that_is_missing(shelf: Shelf, add: Add, owner: TestClient) -> None:
    assert shelf.freeze().status_code == 409
    assert "No picture has a class yet" in shelf.freeze().json()["detail"]
    add(1, "croissant")
    problem = shelf.freeze().json()
    assert problem["type"] == "/problems/version-not-ready"
    assert len(problem["reasons"]) == 2
    assert "'croissant' has only one labelled picture" in problem["detail"]
    assert owner.get(f"/api/v1/projects/{shelf.project_id}/versions").json()["items"] == []


def test_freeze__classes_that_cannot_be_learnt_yet_are_left_out(shelf: Shelf, add: Add, owner: TestClient) -> None:
    path = f"/api/v1/projects/{shelf.project_id}/classes"
    for name in ("rye", "wheat"):
        owner.post(path, json={"name": name})
    shelf.classes |= {row["name"]: row["id"] for row in owner.get(path).json()}
    add(5, "croissant")
    add(5, "bagel")
    add(1, "rye")
    add(3, "wheat", given_split="test")
    version = shelf.freeze().json()
    assert [row["name"] for row in version["classes"]] == ["croissant", "bagel"]
    assert [(row["name"], row["images"], row["reason"]) for row in version["left_out"]] == [
        ("rye", 1, "Only one picture is labelled."),
        ("wheat", 3, "Every picture is kept for checking."),
    ]
    assert version["images"] == len(shelf.images(version)) == 10


def test_freeze__class_that_is_only_in_test_is_refused(shelf: Shelf, add: Add) -> None:
    add(5, "croissant")
    add(5, "bagel", given_split="test")
    problem = shelf.freeze()
    assert problem.status_code == 409
    assert "Every picture of 'bagel' is kept for checking" in problem.json()["detail"]


def test_freeze__leaves_out_deleted_images(shelf: Shelf, add: Add, services: AppServices) -> None:
    add(5, "croissant")
    gone = add(5, "bagel")
    with services.db.write() as session:
        from modelyard.server.tables import now

        session.get_one(Image, gone[0]).deleted_at = now()
    assert shelf.freeze().json()["images"] == 9


def test_versions__are_listed_newest_first_and_hidden_from_strangers(
    shelf: Shelf, add: Add, owner: TestClient, stranger: TestClient
) -> None:
    add(5, "croissant")
    add(5, "bagel")
    version = shelf.freeze().json()
    add(1, "bagel")
    shelf.freeze()
    address = f"/api/v1/projects/{shelf.project_id}/versions"
    first = owner.get(address, params={"limit": 1}).json()
    second = owner.get(address, params={"limit": 1, "cursor": first["next_cursor"]}).json()
    assert [page["items"][0]["number"] for page in (first, second)] == [2, 1]
    assert second["next_cursor"] is None
    for path in ("", "/images", f"/diff?against={version['id']}"):
        assert stranger.get(f"/api/v1/versions/{version['id']}{path}").status_code == 404


def test_diff__between_two_versions(shelf: Shelf, add: Add, owner: TestClient) -> None:
    add(5, "croissant")
    (first, *_) = add(5, "bagel")
    old = shelf.freeze().json()
    shelf.label(first, "croissant", revision=1)
    new_ids = add(2, "bagel")
    new = shelf.freeze().json()
    diff: dict[str, Any] = owner.get(f"/api/v1/versions/{new['id']}/diff", params={"against": old["id"]}).json()
    assert diff["counts"] == {"added": 2, "removed": 0, "relabelled": 1, "changed": 0, "moved": 0, "unchanged": 9}
    assert {row["image_id"] for row in diff["added"]} == set(map(str, new_ids))
    assert diff["relabelled"][0]["image_id"] == str(first)
