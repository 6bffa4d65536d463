"""Who did how much in one project and how it went, and how its classes fare."""

from pathlib import Path
from typing import Any

from modelyard.client.batches import Batches
from modelyard.client.connection import Connection

Rows = list[dict[str, Any]]


class Work:
    """What `project.work` offers; a batch is named by its name or its id, no batch means the whole project."""

    def __init__(self, connection: Connection, project_id: str, batches: Batches) -> None:
        self._connection = connection
        self._home = f"/projects/{project_id}/work"
        self._batches = batches

    def people(self, batch: str | None = None) -> Rows:
        """Return what people did: to those who lead the work everybody, to others their own row."""
        return self._rows("people", batch)

    def classes(self, batch: str | None = None) -> Rows:
        """Return how many there are of each class, how far people agree on it, how often suggestions are put right."""
        return self._rows("classes", batch)

    def save_csv(self, path: str | Path, *, what: str = "people", batch: str | None = None) -> Path:
        """Write "people" or "classes" as a table for spreadsheets; return where it is."""
        target = Path(path)
        params = f"?batch_id={self._batches.get(batch)['id']}" if batch else ""
        with target.open("wb") as out:
            self._connection.download(f"{self._home}/{what}.csv{params}", out)
        return target

    def _rows(self, what: str, batch: str | None) -> Rows:
        params = {} if batch is None else {"batch_id": self._batches.get(batch)["id"]}
        found: Rows = self._connection.request("GET", f"{self._home}/{what}", params=params)
        return found
