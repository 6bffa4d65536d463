"""Classes of pictures as a whole, where pictures may have any number of them: given and taken in steps."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from modelyard.client.describing import Describing

_BULK = 5000


class ClassSteps(Describing):
    """The part of a project that gives classes to many pictures, or takes them away."""

    def give_class(self, class_name: str, image_ids: Iterable[str]) -> list[dict[str, Any]]:
        """Give pictures a class as a whole, beside those that they have; answers stay as they are.

        Args:
            class_name: One of the project's classes.
            image_ids: The pictures, as ids that `images` yields.

        Returns:
            The pictures that did not have it: image_id, revision, previous. `undo_class_step` takes them back.

        Raises:
            ClassNotFound: There is no class of this name.
            Invalid: Pictures of this project have one class each.
        """
        return self._change_class("add", class_name, image_ids)

    def take_class(self, class_name: str, image_ids: Iterable[str]) -> list[dict[str, Any]]:
        """Take a class from pictures that have it as a whole; the rest is as with `give_class`."""
        return self._change_class("remove", class_name, image_ids)

    def undo_class_step(self, changed: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Take back what `give_class` or `take_class` changed; what this returns can be taken back too.

        Raises:
            PreconditionFailed: Somebody changed one of the pictures since; of those sent together none was changed.
        """
        items = [
            {"image_id": row["image_id"], "revision": row["revision"], "to": row["revision"] - 1} for row in changed
        ]
        return self._send_steps("annotations/classes/restore", [{"items": part} for part in _batches(items)])

    def split_impact(
        self, class_name: str, rules: Sequence[Mapping[str, Any]], *, rest: str = "keep", rest_to: str | None = None
    ) -> dict[str, Any]:
        """Say what `split_class` would touch: how many images and objects each class would get."""
        body = {"rules": list(rules), "rest": rest, "rest_to": rest_to}
        found: dict[str, Any] = self._split(class_name, "/impact", body)
        return found

    def split_class(
        self, class_name: str, rules: Sequence[Mapping[str, Any]], *, rest: str = "keep", rest_to: str | None = None
    ) -> list[dict[str, Any]]:
        """Give annotations of a class to others, and return the class list; `undo_class_change` takes it back.

        Args:
            class_name: The class to split.
            rules: Each says `to` (a class, made if there is none) and what goes there: `picture` (part of its name),
                `author_id`, `import_id`, `attribute` ({"name", "value"}), `image_ids`, `object_ids`; the first rule
                that holds counts.
            rest: What no rule holds for: "keep" it in the class, "relabel" its images, or "move" it to `rest_to`.
            rest_to: The class for the rest; this class leaves the list.

        Raises:
            Invalid: A rule says nothing, or the classes don't fit each other.
        """
        body = {"rules": list(rules), "rest": rest, "rest_to": rest_to}
        found: list[dict[str, Any]] = self._split(class_name, "", body)
        return found

    def undo_class_change(self) -> dict[str, Any] | None:
        """Take back the latest change of classes or attributes, as a whole, and return it; None if there is none."""
        home = f"/projects/{self.id}/class-changes"
        changes = [row for row in self._connection.request("GET", home) if row["undone_at"] is None]
        if not changes:
            return None
        self._connection.request("POST", f"{home}/{changes[0]['id']}/undo")
        latest: dict[str, Any] = changes[0]
        return latest

    def _split(self, class_name: str, what: str, body: dict[str, Any]) -> Any:
        address = f"/projects/{self.id}/classes/{self.class_id(class_name)}/split{what}"
        return self._connection.request("POST", address, json=body)

    def _change_class(self, change: str, class_name: str, image_ids: Iterable[str]) -> list[dict[str, Any]]:
        step = {"class_id": self.class_id(class_name), "change": change}
        parts = [{**step, "image_ids": part} for part in _batches(list(image_ids))]
        return self._send_steps("annotations/classes", parts)

    def _send_steps(self, path: str, bodies: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        address = f"/projects/{self.id}/{path}"
        answers = [self._connection.request("POST", address, json=body) for body in bodies]
        return [row for answer in answers for row in answer["changed"]]


def _batches(rows: list[Any]) -> list[list[Any]]:
    return [rows[start : start + _BULK] for start in range(0, len(rows), _BULK)]
