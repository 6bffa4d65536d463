"""A project with labelled images and the requests that freeze and export them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from modelyard.server.services import AppServices
from tests.factories.images import add_images


@dataclass
class Shelf:
    """One person's view of a project's versions."""

    client: TestClient
    project_id: str
    classes: dict[str, str]

    def freeze(self, **body: Any) -> Response:
        """Freeze what is labelled."""
        return self.client.post(f"/api/v1/projects/{self.project_id}/versions", json=body)

    def images(self, version: dict[str, Any], **params: Any) -> list[dict[str, Any]]:
        """Return every image of a version, page by page."""
        found: list[dict[str, Any]] = []
        cursor = None
        while True:
            query = {**params, "limit": 7} | ({"cursor": cursor} if cursor else {})
            page = self.client.get(f"/api/v1/versions/{version['id']}/images", params=query).json()
            found += page["items"]
            if not (cursor := page["next_cursor"]):
                return found

    def label(self, image_id: object, name: str, *, revision: int = 0) -> None:
        """Give an image a class."""
        body = {"answer": "class", "class_id": self.classes[name]}
        headers = {"If-Match": str(revision)}
        answer = self.client.put(f"/api/v1/images/{image_id}/annotation", json=body, headers=headers)
        assert answer.status_code == 200, answer.text


@pytest.fixture
def shelf(owner: TestClient, project: dict[str, Any]) -> Shelf:
    classes = owner.get(f"/api/v1/projects/{project['id']}/classes").json()
    return Shelf(owner, project["id"], {row["name"]: row["id"] for row in classes})


@pytest.fixture
def add(services: AppServices, shelf: Shelf) -> Callable[..., list[UUID]]:
    """Return a function that imports images of one class (or of none)."""

    def add_(count: int, name: str | None = None, **values: Any) -> list[UUID]:
        labels = dict.fromkeys(range(count), UUID(shelf.classes[name])) if name else {}
        with services.db.write() as session:
            return add_images(session, UUID(shelf.project_id), count, labels=labels, **values)

    return add_
