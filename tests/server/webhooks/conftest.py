"""A webhook of a project, a real receiver on loopback, and a courier whose clock stands until it is moved on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from modelyard.server.kit.events import publish
from modelyard.server.services import AppServices
from modelyard.server.tables import now
from modelyard.server.webhooks.courier import Courier
from tests.server.receiver import Receiver, receiving


@dataclass
class Clock:
    """Says what time it is."""

    at: datetime = field(default_factory=lambda: now() + timedelta(seconds=60))

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class Post:
    """One person's view of a project's webhooks."""

    client: TestClient
    services: AppServices
    project_id: str
    receiver: Receiver
    clock: Clock
    courier: Courier

    def send(self, method: str, path: str, **options: Any) -> Any:
        """Ask below the API's address."""
        answer = self.client.request(method, f"/api/v1/{path}", **options)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def hook(self, *event_types: str, **body: Any) -> dict[str, Any]:
        """Add a webhook that listens to the receiver."""
        asked = {"url": self.receiver.url, "event_types": list(event_types or ("version.frozen",)), **body}
        made: dict[str, Any] = self.send("POST", f"projects/{self.project_id}/webhooks", json=asked)
        return made

    def log(self, hook: dict[str, Any], **params: Any) -> list[dict[str, Any]]:
        """Return the newest deliveries."""
        items: list[dict[str, Any]] = self.send("GET", f"webhooks/{hook['id']}/deliveries", params=params)["items"]
        return items

    def shown(self, hook: dict[str, Any]) -> dict[str, Any]:
        """Return the webhook as it is now."""
        found = self.send("GET", f"projects/{self.project_id}/webhooks")
        return next(row for row in found if row["id"] == hook["id"])

    def tell(self, event: object) -> None:
        """Let something happen."""
        with self.services.db.write() as session:
            publish(session, event)

    def deliver(self) -> int:
        """Send everything that is due; return how many calls were made."""
        before = len(self.receiver.messages)
        while self.courier.step():
            pass
        return len(self.receiver.messages) - before

    @property
    def key(self) -> UUID:
        return UUID(self.project_id)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.fixture
def post(
    owner: TestClient,
    services: AppServices,
    project: dict[str, Any],
    receiver: Receiver,
    run_jobs: Callable[[], int],
) -> Post:
    services.settings.outgoing_allowed = "127.0.0.1"
    services.settings.outgoing_http = True
    clock = Clock()
    return Post(owner, services, project["id"], receiver, clock, Courier(services, clock=clock, lot=lambda: 0.0))
