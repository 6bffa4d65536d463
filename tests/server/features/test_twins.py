"""Near-duplicates and scenes among new images: groups, and who shares a lot for the test."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from modelyard.server.annotations.repository.waiting import RESERVED
from modelyard.server.features import service, twins
from modelyard.server.kit.database import WriteSession
from modelyard.server.services import AppServices
from modelyard.server.tables import Image, QueueItem, new_id
from tests.factories.images import add_images

BACKBONE = "efficientnet_lite0"


class Shelf:
    """Images with the embeddings that a test wants them to have."""

    def __init__(self, services: AppServices, project_id: UUID) -> None:
        self.services = services
        self.project_id = project_id

    def add(
        self, features: np.ndarray, *, reserved: list[int], answered: Mapping[int, UUID] | None = None
    ) -> list[UUID]:
        """Add an image a row, write its embedding, and look for twins and scenes."""
        with self.services.db.write() as session:
            ids = [
                self._add_one(session, number in reserved, (answered or {}).get(number))
                for number in range(len(features))
            ]
        db, blobs = self.services.db, self.services.blobs
        service.write_shard(db, blobs, self.project_id, ids, features, backbone=BACKBONE, view="plain")
        twins.regroup(db, blobs, self.project_id, BACKBONE, first_new=ids[0])
        return ids

    def _add_one(self, session: WriteSession, is_reserved: bool, class_id: UUID | None) -> UUID:
        labels = {0: class_id} if class_id else {}
        dhash = int.from_bytes(new_id().bytes[8:], "big", signed=True)
        (image_id,) = add_images(session, self.project_id, 1, labels=labels, is_reserved=is_reserved, dhash=dhash)
        return image_id

    def reserved(self, ids: list[UUID]) -> list[bool]:
        """Say of each image whether it is kept for the test."""
        with self.services.db.read() as session:
            return [session.get_one(Image, image_id).is_reserved for image_id in ids]

    def waits_last(self, ids: list[UUID]) -> list[bool]:
        """Say of each image whether the queue keeps it from being chosen."""
        with self.services.db.read() as session:
            query = select(QueueItem.image_id, QueueItem.priority).where(QueueItem.image_id.in_(ids))
            found = {image_id: priority for image_id, priority in session.execute(query)}
            return [found[image_id] <= RESERVED for image_id in ids]


@pytest.fixture
def shelf(services: AppServices, project: dict[str, Any]) -> Shelf:
    return Shelf(services, UUID(project["id"]))


def scenes(count: int, each: int, *, spread: float = 0.3, seed: int = 0) -> np.ndarray:
    """Return embeddings of `count` places with `each` pictures of each, shape (count * each, 64)."""
    centres = np.random.default_rng(7).normal(size=(count, 64))
    rows = np.repeat(centres, each, axis=0) + spread * np.random.default_rng(seed).normal(size=(count * each, 64))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_a_scene_shares_the_lot_of_its_first_picture(shelf: Shelf) -> None:
    ids = shelf.add(scenes(10, 4), reserved=[0, 5, 39])
    assert shelf.reserved(ids) == [number < 4 for number in range(40)]
    assert shelf.waits_last(ids) == [number < 4 for number in range(40)]


def test_later_pictures_of_a_scene_follow_it_and_earlier_ones_stay(shelf: Shelf) -> None:
    first = shelf.add(scenes(10, 2), reserved=[2])
    later = shelf.add(scenes(10, 2, seed=1), reserved=[0, 1])
    assert shelf.reserved(first) == [number in (2, 3) for number in range(20)]
    assert shelf.reserved(later) == [number in (2, 3) for number in range(20)]


def test_what_was_answered_keeps_its_lot(shelf: Shelf, owner: TestClient) -> None:
    class_id = owner.get(f"/api/v1/projects/{shelf.project_id}/classes").json()[0]["id"]
    ids = shelf.add(scenes(10, 3), reserved=[0], answered={1: UUID(class_id)})
    assert shelf.reserved(ids)[:3] == [True, False, True]


def test_where_everything_is_alike_each_picture_keeps_its_own_lot(shelf: Shelf) -> None:
    belt = scenes(2, 30)
    ids = shelf.add(belt, reserved=[3, 4, 40])
    assert shelf.reserved(ids) == [number in (3, 4, 40) for number in range(60)]
