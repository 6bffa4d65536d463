"""Webhooks of one project: addresses outside that are told what happens, and the log of what they were sent."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from modelyard.client.connection import Connection
from modelyard.errors import NotFound

Hook = dict[str, Any]


class WebhookNotFound(NotFound):
    """This project has no such webhook."""


class Webhooks:
    """What `project.webhooks` offers; a webhook is named by its id, or by its address where no other has it."""

    def __init__(self, connection: Connection, project_id: str) -> None:
        self._connection = connection
        self._home = f"/projects/{project_id}/webhooks"

    def types(self) -> dict[str, str]:
        """Return the events that a webhook can be told of, with what they mean."""
        return {row["name"]: row["text"] for row in self._connection.request("GET", "/webhook-types")}

    def list(self) -> list[Hook]:
        """Return the webhooks, oldest first, without their secrets."""
        found: list[Hook] = self._connection.request("GET", self._home)
        return found

    def get(self, url_or_id: str) -> Hook:
        """Return one webhook; raises `WebhookNotFound`."""
        known = self.list()
        same = [hook for hook in known if url_or_id in (hook["id"], hook["url"])]
        if len(same) == 1:
            return same[0]
        if same:
            ids = ", ".join(hook["id"] for hook in same)
            raise WebhookNotFound(f"{len(same)} webhooks have the address {url_or_id!r}; name one by its id: {ids}.")
        names = ", ".join(repr(hook["url"]) for hook in known) or "none"
        raise WebhookNotFound(f"This project has no webhook {url_or_id!r}. It has: {names}.")

    def add(self, url: str, event_types: Sequence[str], *, description: str = "") -> Hook:
        """Have an address told of events; the answer's `secret` is shown this once.

        Raises:
            Invalid: The address is refused, or there is no such event.
        """
        body = {"url": url, "event_types": list(event_types), "description": description}
        made: Hook = self._connection.request("POST", self._home, json=body)
        return made

    def update(
        self,
        url_or_id: str,
        *,
        url: str | None = None,
        event_types: Sequence[str] | None = None,
        description: str | None = None,
        is_active: bool | None = None,
    ) -> Hook:
        """Change what is named; switched off, a webhook gives up what waits for it."""
        given = {"url": url, "description": description, "is_active": is_active}
        body: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        if event_types is not None:
            body["event_types"] = list(event_types)
        changed: Hook = self._connection.request("PATCH", self._at(url_or_id), json=body)
        return changed

    def delete(self, url_or_id: str) -> None:
        """Delete a webhook with its log."""
        self._connection.request("DELETE", self._at(url_or_id))

    def rotate_secret(self, url_or_id: str) -> Hook:
        """Make a new secret, shown this once; for a day the one before signs too."""
        changed: Hook = self._connection.request("POST", f"{self._at(url_or_id)}/rotate-secret")
        return changed

    def test(self, url_or_id: str) -> dict[str, Any]:
        """Send a test event; how it went stands in `deliveries` a moment later."""
        asked: dict[str, Any] = self._connection.request("POST", f"{self._at(url_or_id)}/test")
        return asked

    def deliveries(self, url_or_id: str, *, state: str | None = None, limit: int = 50) -> Sequence[dict[str, Any]]:
        """Return what was sent and what waits, newest first; `state` is "waiting", "delivered" or "failed"."""
        params = {"state": state} if state else {}
        rows: Iterator[dict[str, Any]] = self._connection.pages(f"{self._at(url_or_id)}/deliveries", **params)
        return [*islice(rows, limit)]

    def delivery(self, url_or_id: str, delivery_id: str) -> dict[str, Any]:
        """Return one delivery with exactly what is sent (`body`)."""
        found: dict[str, Any] = self._connection.request("GET", f"{self._at(url_or_id)}/deliveries/{delivery_id}")
        return found

    def replay(self, url_or_id: str, delivery_id: str) -> dict[str, Any]:
        """Send once more what was sent before, under the same id."""
        path = f"{self._at(url_or_id)}/deliveries/{delivery_id}/replay"
        again: dict[str, Any] = self._connection.request("POST", path)
        return again

    def _at(self, url_or_id: str) -> str:
        return f"/webhooks/{self.get(url_or_id)['id']}"
