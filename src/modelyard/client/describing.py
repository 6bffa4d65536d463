"""What a project asks of pictures and objects besides their class: attributes, and the points of skeletons."""

from collections.abc import Mapping, Sequence
from typing import Any

from modelyard.client.connection import Connection
from modelyard.errors import NotFound


class ClassNotFound(NotFound):
    """There is no class of this name."""


class Describing:
    """The part of a project that says what objects are described by."""

    _connection: Connection
    id: str

    def classes(self) -> list[dict[str, Any]]:
        """Return the classes in their order on screen, each with its skeleton."""
        found: list[dict[str, Any]] = self._connection.request("GET", f"/projects/{self.id}/classes")
        return found

    def set_skeleton(self, class_name: str, skeleton: Mapping[str, Any] | None) -> None:
        """Name the points that objects of a class are marked by; None takes them away.

        Args:
            class_name: The class.
            skeleton: `points` (names), and where wanted `edges` and `pairs` (left and right) by their places.
        """
        found = self.class_id(class_name)
        path = f"/projects/{self.id}/classes/{found}/skeleton"
        self._connection.request("PUT", path, json={"skeleton": dict(skeleton) if skeleton is not None else None})

    def attributes(self) -> list[dict[str, Any]]:
        """Return what is asked of objects, then what is asked of pictures."""
        found: list[dict[str, Any]] = self._connection.request("GET", f"/projects/{self.id}/attributes")
        return found

    def add_attribute(
        self,
        name: str,
        kind: str,
        *,
        choices: Sequence[str] = (),
        subject: str = "object",
        class_name: str | None = None,
    ) -> None:
        """Ask something of every object, or of every picture.

        Args:
            name: What it is called.
            kind: "choice", "number", "text" or "flag" (yes or no).
            choices: The answers that there are, for a choice.
            subject: "object" or "image".
            class_name: Ask it only of objects of this class.
        """
        body = {"subject": subject, "name": name, "kind": kind, "choices": list(choices)}
        if class_name is not None:
            body["class_id"] = self.class_id(class_name)
        self._connection.request("POST", f"/projects/{self.id}/attributes", json=body)

    def class_id(self, name: str) -> str:
        """Return the id of the class of this name; raises `ClassNotFound`."""
        found = {str(row["name"]): str(row["id"]) for row in self.classes()}
        if name not in found:
            known = ", ".join(repr(other) for other in list(found)[:10]) or "none yet"
            raise ClassNotFound(f"There is no class {name!r}. Known: {known}.")
        return found[name]
