"""Batches of one project: pictures that are labelled together, by whom, how many labels each, how far they are."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from modelyard.client.connection import Connection
from modelyard.errors import NotFound

Rows = list[dict[str, Any]]


class BatchNotFound(NotFound):
    """This project has no such batch."""


class MemberNotFound(NotFound):
    """This project has no such member."""


class Batches:
    """What `project.batches` offers; a batch is named by its name or its id."""

    def __init__(self, connection: Connection, project_id: str) -> None:
        self._connection = connection
        self._home = f"/projects/{project_id}"

    def list(self) -> Rows:
        """Return the batches with their progress, newest first."""
        found: Rows = self._connection.request("GET", f"{self._home}/batches")
        return found

    def get(self, name_or_id: str) -> dict[str, Any]:
        """Return one batch; of several with one name the newest. Raises `BatchNotFound`."""
        known = self.list()
        for entry in known:
            if name_or_id == entry["id"] or name_or_id.lower() == entry["name"].lower():
                return entry
        names = ", ".join(repr(entry["name"]) for entry in known) or "none"
        raise BatchNotFound(f"This project has no batch {name_or_id!r}. It has: {names}.")

    def create(
        self,
        name: str,
        *,
        count: int | None = None,
        image_ids: Sequence[str] | None = None,
        filters: dict[str, Any] | None = None,
        overlap: int = 1,
        order: str = "random",
        people: Sequence[str] = (),
        deadline: datetime | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """Put pictures into a batch; they leave the open queue.

        Args:
            name: What people call it.
            count: So many pictures of the open queue, those that come first in `order`; or else
            image_ids: these pictures, in this order; or else
            filters: every picture that matches, as `GET /projects/{id}/images` takes them: `{"labelled": False}`.
            overlap: Labels wanted of each picture, each by another person.
            order: "upload", "random", "priority", "uncertainty", "diversity" or "disagreement".
            people: E-mail addresses of whom it is meant for; nobody: every member.
            deadline: When it should be done, with its time zone.
            more: `note`, `consensus` ("unanimous" or "weighted": where people differ the more skilled count more),
                `random_share`, `gold_share` (of pictures with known answers), `review_share`, `review_differing`,
                `review_by_class` and `review_by_person` (id to share).

        Returns:
            The batch, with `in_other_batches` and `on_screens`: pictures that stay where they are.

        Raises:
            Invalid: No picture can be put into it; the message says why.
            MemberNotFound: One of the people is not a member.
        """
        pictures: dict[str, Any] = {"kind": "next", "count": count or 100, "order": order}
        if image_ids is not None:
            pictures = {"kind": "ids", "image_ids": [*image_ids]}
        elif filters is not None:
            pictures = {"kind": "filter", "filters": filters}
        body = {"name": name, "pictures": pictures, "overlap": overlap, "order": order, "people": self._ids(people)}
        body |= {"deadline": deadline.isoformat() if deadline else None, **more}
        made: dict[str, Any] = self._connection.request("POST", f"{self._home}/batches", json=body)
        return {**made.pop("batch"), **made}

    def update(self, name_or_id: str, *, people: Sequence[str] | None = None, **changes: Any) -> dict[str, Any]:
        """Change a batch and return it.

        Args:
            name_or_id: The batch.
            people: E-mail addresses of whom it is meant for from now on; an empty list: every member.
            changes: `name`, `state` ("open", "paused", "closed"), `overlap`, `order`, `deadline` (None: none), `note`,
                `random_share`, `gold_share`, `review_share`, `review_differing`, `review_by_class`, `review_by_person`.

        Raises:
            Conflict: It is closed for good.
        """
        if isinstance(changes.get("deadline"), datetime):
            changes["deadline"] = changes["deadline"].isoformat()
        body = changes if people is None else changes | {"people": self._ids(people)}
        path = f"/batches/{self.get(name_or_id)['id']}"
        changed: dict[str, Any] = self._connection.request("PATCH", path, json=body)
        return changed

    def delete(self, name_or_id: str) -> None:
        """Put a batch away: labels that are in and agree count, its other pictures go back to the open queue."""
        self._connection.request("DELETE", f"/batches/{self.get(name_or_id)['id']}")

    def audit(self, name: str, *, count: int = 100, people: Sequence[str] = ()) -> dict[str, Any]:
        """Have so many labels, that were suggestions taken unchanged, given again blind; return the batch of them.

        `audited` says what came of it.

        Raises:
            Invalid: There are no such labels.
        """
        body = {"name": name, "pictures": {"kind": "accepted", "count": count}, "people": self._ids(people)}
        made: dict[str, Any] = self._connection.request("POST", f"{self._home}/batches", json=body)
        return made["batch"]  # type: ignore[no-any-return]

    def audited(self, name_or_id: str) -> dict[str, Any]:
        """Return how often suggestions taken unchanged were wrong, with the interval of that share."""
        found: dict[str, Any] = self._connection.request("GET", f"/batches/{self.get(name_or_id)['id']}/audit")
        return found

    def on_screens(self, name_or_id: str) -> Rows:
        """Return who has pictures of a batch on the screen just now."""
        found: Rows = self._connection.request("GET", f"/batches/{self.get(name_or_id)['id']}/on-screens")
        return found

    def disputed(self, name_or_id: str) -> Iterator[dict[str, Any]]:
        """Yield the pictures of which all labels are in, and differ."""
        return self._connection.pages(f"/batches/{self.get(name_or_id)['id']}/disputed")  # type: ignore[no-any-return]

    def opinions(self, name_or_id: str, image_id: str) -> Rows:
        """Return what each person said of a picture; raises `Conflict` while others still label it."""
        path = f"/batches/{self.get(name_or_id)['id']}/images/{image_id}/opinions"
        found: Rows = self._connection.request("GET", path)
        return found

    def decide(
        self,
        name_or_id: str,
        image_id: str,
        *,
        take: str | None = None,
        answer: str | None = None,
        class_id: str | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """Give a picture in which people differ its answer; what they said by themselves stays.

        Args:
            name_or_id: The batch.
            image_id: The picture.
            take: The `author_id` of the opinion that becomes the answer; or else
            answer: "class", "objects", "does_not_belong" or "not_sure".
            class_id: The class, for the answer "class".
            more: `objects` (all of them, as `PATCH /images/{id}/objects` takes them), `attributes`.

        Raises:
            Conflict: Labels of the picture are still wanted.
        """
        body = {"take": take, "answer": answer, "class_id": class_id, **more}
        return self._decision("PUT", name_or_id, image_id, json=body)

    def undo_decision(self, name_or_id: str, image_id: str) -> dict[str, Any]:
        """Take a decision back: people differ again, or the picture has the answer that it had before."""
        return self._decision("DELETE", name_or_id, image_id)

    def _decision(self, method: str, name_or_id: str, image_id: str, **options: Any) -> dict[str, Any]:
        revision = self._connection.request("GET", f"/images/{image_id}/annotation")["revision"]
        path = f"/batches/{self.get(name_or_id)['id']}/images/{image_id}/decision"
        headers = {"If-Match": str(revision)}
        decided: dict[str, Any] = self._connection.request(method, path, headers=headers, **options)
        return decided

    def _ids(self, emails: Sequence[str]) -> Sequence[str]:
        if not emails:
            return []
        members = {
            row["email"].lower(): row["user_id"] for row in self._connection.request("GET", f"{self._home}/members")
        }
        missing = [email for email in emails if email.lower() not in members]
        if missing:
            raise MemberNotFound(f"{missing[0]!r} is not a member of this project. Invite them first.")
        return [members[email.lower()] for email in emails]
