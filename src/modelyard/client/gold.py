"""Pictures with known answers of one project, and how people do on them."""

from collections.abc import Iterator, Sequence
from typing import Any

from modelyard.client.connection import Connection
from modelyard.errors import NotFound


class PersonNotMeasured(NotFound):
    """Nobody of this name or id labels in this project."""


class Gold:
    """What `project.gold` offers to those who lead the work."""

    def __init__(self, connection: Connection, project_id: str) -> None:
        self._connection = connection
        self._home = f"/projects/{project_id}/gold"

    def list(self) -> list[dict[str, Any]]:
        """Return the pictures with known answers, and how people did on each, newest first."""
        found: list[dict[str, Any]] = self._connection.request("GET", self._home)
        return found

    def mark(self, image_ids: Sequence[str], *, is_onboarding: bool = False) -> dict[str, Any]:
        """Keep the present labels of pictures as known answers, and say what became of each picture.

        They come unseen among those of batches that have a `gold_share`; those for onboarding come first to each new
        person.
        """
        body = {"image_ids": [*image_ids], "is_onboarding": is_onboarding}
        marked: dict[str, Any] = self._connection.request("POST", self._home, json=body)
        return marked

    def remove(self, image_ids: Sequence[str]) -> int:
        """Let pictures be like any other again; return how many were known."""
        body = {"image_ids": [*image_ids]}
        return int(self._connection.request("POST", f"{self._home}/remove", json=body)["removed"])

    def people(self) -> dict[str, Any]:
        """Return how people do on known pictures, with and without suggestions, and who was asked to stop."""
        found: dict[str, Any] = self._connection.request("GET", f"{self._home}/people")
        return found

    def answers(self, person: str) -> Iterator[dict[str, Any]]:
        """Yield what a person (a name or an id) said of known pictures, the last first; raises `PersonNotMeasured`."""
        return self._connection.pages(f"{self._home}/people/{self._id(person)}/answers")  # type: ignore[no-any-return]

    def resume(self, person: str) -> None:
        """Hand out pictures again to a person (a name or an id) who was asked to stop.

        Raises `PersonNotMeasured`, and `NotFound` for somebody who gets pictures already.
        """
        self._connection.request("POST", f"{self._home}/people/{self._id(person)}/resume")

    def _id(self, person: str) -> str:
        rows = self.people()["people"]
        for row in rows:
            if person == row["user_id"] or person.lower() == row["name"].lower():
                return str(row["user_id"])
        names = ", ".join(repr(row["name"]) for row in rows) or "nobody"
        raise PersonNotMeasured(f"Nobody called {person!r} labels in this project. There is {names}.")
