"""Guidelines of one project and of its classes, in versions."""

from collections.abc import Sequence
from typing import Any

from modelyard.client.connection import Connection
from modelyard.errors import NotFound

Guideline = dict[str, Any]


class NoGuidelines(NotFound):
    """Nobody has written guidelines for this yet."""


class Guidelines:
    """What `project.guidelines` offers; a class is named by its name or id, the project as a whole by None."""

    def __init__(self, connection: Connection, project_id: str) -> None:
        self._connection = connection
        self._project = f"/projects/{project_id}"
        self._home = f"{self._project}/guidelines"

    def list(self) -> list[Guideline]:
        """Return the guidelines that count, the project's first, then those of its classes."""
        found: list[Guideline] = self._connection.request("GET", self._home)
        return found

    def get(self, of: str | None = None) -> Guideline:
        """Return the guidelines of a class, or of the project; raises `NoGuidelines`."""
        class_id = self._class_id(of)
        for row in self.list():
            if row["class_id"] == class_id:
                return row
        raise NoGuidelines(f"Nobody has written guidelines for {of!r} yet." if of else NoGuidelines.__doc__)

    def set(
        self, text: str, of: str | None = None, *, examples: Sequence[dict[str, Any]] | None = None, note: str = ""
    ) -> Guideline:
        """Save the next version.

        Args:
            text: Markdown.
            of: A class; None: the project as a whole.
            examples: {"image_id", "verdict": "good" or "bad", "caption"} each; None: those that there are.
            note: What changed.

        Raises:
            Conflict: Somebody else saved at the same time.
        """
        class_id = self._class_id(of)
        before = next((row for row in self.list() if row["class_id"] == class_id), None)
        if examples is None:
            kept = before["examples"] if before else []
            examples = [{k: v for k, v in row.items() if k != "is_missing"} for row in kept if not row["is_missing"]]
        body: dict[str, Any] = {"class_id": class_id, "text": text, "examples": list(examples), "note": note}
        body["based_on"] = before["number"] if before else 0
        saved: Guideline = self._connection.request("POST", self._home, json=body)
        return saved

    def versions(self, of: str | None = None) -> Sequence[Guideline]:
        """Return every version, newest first."""
        class_id = self._class_id(of)
        params = {"class_id": class_id} if class_id else {}
        found: Sequence[Guideline] = self._connection.request("GET", f"{self._home}/versions", params=params)
        return found

    def restore(self, number: int, of: str | None = None) -> Guideline:
        """Make an older version the newest one; raises `NoGuidelines`."""
        for row in self.versions(of):
            if row["number"] == number:
                path = f"/guideline-versions/{row['id']}/restore"
                restored: Guideline = self._connection.request("POST", path)
                return restored
        raise NoGuidelines(f"There is no version {number}.")

    def _class_id(self, of: str | None) -> str | None:
        if of is None:
            return None
        known = self._connection.request("GET", f"{self._project}/classes")
        for row in known:
            if of in (row["id"], row["name"]):
                return str(row["id"])
        names = ", ".join(repr(row["name"]) for row in known) or "none yet"
        raise NotFound(f"There is no class {of!r}. Known: {names}.")
