"""A project with pictures to label, and the requests that label them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from modelyard.server.services import AppServices
from tests.factories.images import add_images
from tests.server.annotations.boards import Board


@dataclass
class Desk:
    """One person's view of a project."""

    client: TestClient
    project_id: str
    classes: dict[str, str]

    def put(self, image_id: object, answer: str, *, revision: int | None = 0, **body: Any) -> Response:
        """Answer one image: a class's name, or one of the other answers."""
        if answer in self.classes:
            body |= {"answer": "class", "class_id": self.classes[answer]}
        else:
            body |= {"answer": answer}
        headers = {} if revision is None else {"If-Match": str(revision)}
        return self.client.put(f"/api/v1/images/{image_id}/annotation", json=body, headers=headers)

    def get(self, image_id: object) -> dict[str, Any]:
        """Return the present answer."""
        return self.client.get(f"/api/v1/images/{image_id}/annotation").json()

    def post(self, path: str, **body: Any) -> Response:
        """Post to an address of the project."""
        return self.client.post(f"/api/v1/projects/{self.project_id}/{path}", json=body)

    def next(self, **params: Any) -> dict[str, Any]:
        """Ask for the next images."""
        answer = self.client.get(f"/api/v1/projects/{self.project_id}/queue/next", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def drain(self, **params: Any) -> list[str]:
        """Borrow image after image until none is free; return their ids in order."""
        ids: list[str] = []
        while items := self.next(**params)["items"]:
            ids += [item["image"]["id"] for item in items]
        return ids


@pytest.fixture
def desk(owner: TestClient, project: dict[str, Any]) -> Desk:
    classes = owner.get(f"/api/v1/projects/{project['id']}/classes").json()
    return Desk(owner, project["id"], {row["name"]: row["id"] for row in classes})


@pytest.fixture
def add(services: AppServices, desk: Desk) -> Callable[..., list[UUID]]:
    """Return a function that adds images to the project."""

    def add_(count: int, **values: Any) -> list[UUID]:
        with services.db.write() as session:
            return add_images(session, UUID(desk.project_id), count, **values)

    return add_


@pytest.fixture
def board(owner: TestClient, services: AppServices) -> Board:
    """Return an image of a project in which objects are drawn."""
    return Board(owner, services)
