"""Detectors of one project: bring them, say what their classes mean, have them look at images."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from modelyard.client.connection import Connection, OnProgress
from modelyard.errors import NotFound


class DetectorNotFound(NotFound):
    """This project has no such detector."""


class DetectorFileMissing(NotFound):
    """There is no such file."""


class Detectors:
    """What `project.detectors` offers; a detector is named by its name or its id."""

    def __init__(self, connection: Connection, project_id: str) -> None:
        self._connection = connection
        self._home = f"/projects/{project_id}"

    def list(self) -> list[dict[str, Any]]:
        """Return the detectors, newest first, with their classes and what became of their suggestions."""
        found: list[dict[str, Any]] = self._connection.request("GET", f"{self._home}/detectors")
        return found

    def get(self, name_or_id: str) -> dict[str, Any]:
        """Return one detector; raises `DetectorNotFound`."""
        known = self.list()
        for entry in known:
            if name_or_id == entry["id"] or name_or_id.lower() == entry["name"].lower():
                return entry
        names = ", ".join(repr(entry["name"]) for entry in known) or "none"
        raise DetectorNotFound(f"This project has no detector {name_or_id!r}. It has: {names}.")

    def add(
        self, network: str | Path, card: str | Path, *, name: str = "", create_classes: bool = False
    ) -> dict[str, Any]:
        """Bring a detector; the server tries it before it accepts it.

        Args:
            network: The ONNX file.
            card: The JSON file that describes it.
            name: What people call it; the file's name if empty.
            create_classes: Add every class of the card that the project lacks.

        Raises:
            DetectorFileMissing: One of the files is not there.
            Invalid: The card or the network is refused; the message names the field.
        """
        paths = {"network": Path(network), "card": Path(card)}
        if missing := [str(path) for path in paths.values() if not path.is_file()]:
            raise DetectorFileMissing(f"There is no file {missing[0]!r}.")
        with paths["network"].open("rb") as first, paths["card"].open("rb") as second:
            files = {"network": (paths["network"].name, first), "card": (paths["card"].name, second)}
            data = {"name": name} if name else {}
            made: dict[str, Any] = self._connection.request(
                "POST", f"{self._home}/detectors", files=files, data=data, timeout=600
            )
        if not create_classes:
            return made
        for entry in made["classes"]:
            if entry["class_id"] is None:
                self._connection.request("POST", f"{self._home}/classes", json={"name": entry["name"]})
        return self.get(made["id"])

    def map(self, name_or_id: str, classes: Mapping[str, str | None]) -> dict[str, Any]:
        """Say which of the project's classes (by name) the detector's classes mean; None: nothing of it is suggested.

        Raises:
            DetectorNotFound: There is no such detector.
            NotFound: The project has no such class.
        """
        rows = self._connection.request("GET", f"{self._home}/classes")
        known = {row["name"].lower(): row["id"] for row in rows}
        if missing := [name for name in classes.values() if name is not None and name.lower() not in known]:
            raise NotFound(f"The project has no class {missing[0]!r}.")
        body = {"classes": {key: known[name.lower()] if name else None for key, name in classes.items()}}
        path = f"/detectors/{self.get(name_or_id)['id']}"
        changed: dict[str, Any] = self._connection.request("PATCH", path, json=body)
        return changed

    def suggest(
        self,
        name_or_id: str,
        *,
        image_ids: Sequence[str] | None = None,
        next_count: int | None = None,
        filters: Mapping[str, Any] | None = None,
        on_progress: OnProgress | None = None,
    ) -> dict[str, Any]:
        """Have a detector look at images and wait for it: all unlabelled ones, unless something else is said.

        Args:
            name_or_id: The detector.
            image_ids: These images.
            next_count: So many, those that are labelled next.
            filters: Those that match these filters of the grid.
            on_progress: Told how far it is.

        Returns:
            The report: looked_at, suggested, kept_for_test, failed, and faults (image_id, name, reason).
        """
        body: dict[str, Any] = {"images": "unlabelled"}
        if image_ids is not None:
            body = {"images": "chosen", "image_ids": list(image_ids)}
        elif next_count is not None:
            body = {"images": "next", "count": next_count}
        elif filters is not None:
            body = {"images": "filtered", "filters": dict(filters)}
        job = self._connection.request("POST", f"/detectors/{self.get(name_or_id)['id']}/suggest", json=body)
        result: dict[str, Any] = self._connection.wait(job["id"], on_progress)["result"]
        return result

    def suggestions(self, image_id: str) -> Sequence[dict[str, Any]]:
        """Return the objects that are suggested for an image and undecided, the surest first."""
        found = self._connection.request("GET", f"/images/{image_id}/suggestions")
        suggested: Sequence[dict[str, Any]] = found["suggestions"]
        return suggested

    def statistics(self) -> dict[str, Any]:
        """Say what became of suggested objects, and how long an object takes with and without them."""
        said: dict[str, Any] = self._connection.request("GET", f"{self._home}/detectors/statistics")
        return said

    def delete(self, name_or_id: str) -> None:
        """Put a detector away: its undecided suggestions are shown no more."""
        self._connection.request("DELETE", f"/detectors/{self.get(name_or_id)['id']}")
