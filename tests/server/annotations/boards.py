"""One image of a project in which objects are drawn, and the requests that draw them."""

from typing import Any
from uuid import UUID, uuid4

from fastapi.testclient import TestClient
from httpx import Response

from modelyard.server.services import AppServices
from tests.factories.images import add_images

BOX = {"type": "box", "x1": 10.0, "y1": 20.0, "x2": 110.5, "y2": 90.0, "angle": 0.0}
TRIANGLE = {"type": "polygon", "rings": [[5.0, 5.0, 50.0, 5.0, 5.0, 50.0]]}


class Board:
    """One image of a detection project, and a person who draws."""

    def __init__(self, client: TestClient, services: AppServices) -> None:
        self.client, self.services = client, services
        body = {"name": "Trays", "task": "detection", "classes": ["bun", "roll"]}
        self.project = client.post("/api/v1/projects", json=body).json()
        self.classes = {row["name"]: row["id"] for row in self.send("GET", "classes").json()}
        with services.db.write() as session:
            (self.image_id,) = add_images(session, UUID(self.project["id"]), 1)

    def send(self, method: str, path: str, **options: Any) -> Response:
        """Ask below the project."""
        return self.client.request(method, f"/api/v1/projects/{self.project['id']}/{path}", **options)

    def object(self, shape: dict[str, Any] = BOX, name: str = "bun", **more: Any) -> dict[str, Any]:
        """Return an object to be put."""
        return {"id": str(uuid4()), "class_id": self.classes[name], "shape": shape, **more}

    def change(self, *put: dict[str, Any], revision: int = 0, **body: Any) -> Response:
        """Change the image's objects at this revision."""
        headers = {"If-Match": str(revision)}
        address = f"/api/v1/images/{self.image_id}/objects"
        return self.client.patch(address, json={"put": list(put), **body}, headers=headers)

    def shown(self) -> dict[str, Any]:
        """Return what is drawn now."""
        found: dict[str, Any] = self.client.get(f"/api/v1/images/{self.image_id}/objects").json()
        return found

    def waits(self) -> bool:
        """Say whether the image waits in the queue."""
        return bool(self.send("GET", "queue/next").json()["items"])
