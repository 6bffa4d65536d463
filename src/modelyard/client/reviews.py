"""Reviews of one project: a second look at what was labelled in batches, from Python."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from modelyard.client.batches import Batches
from modelyard.client.connection import Connection


class Reviews:
    """What `project.reviews` offers to reviewers, managers and owners."""

    def __init__(self, connection: Connection, project_id: str, batches: Batches) -> None:
        self._connection = connection
        self._home = f"/projects/{project_id}"
        self._batches = batches

    def list(self, batch: str, *, states: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
        """Yield what is, or was, reviewed in a batch, newest first: `{"review": …, "image": …}`.

        Args:
            batch: Its name or id.
            states: Of these alone: "waiting", "accepted", "corrected", "rejected".
        """
        path = f"/batches/{self._batches.get(batch)['id']}/reviews"
        return self._connection.pages(path, **({"state": [*states]} if states else {}))  # type: ignore[no-any-return]

    def next(self, batch: str | None = None) -> dict[str, Any] | None:
        """Borrow the next picture to review for five minutes, of a batch or of the project; None if there is none.

        It holds the `review`, the `image`, the `author`'s version of the label, what a model suggests (`guess`,
        `suggested`), and what was said of the picture before (`past`).
        """
        params = {} if batch is None else {"batch_id": self._batches.get(batch)["id"]}
        found = self._connection.request("GET", f"{self._home}/reviews/next", params=params)
        return found["items"][0]["detail"] if found["items"] else None

    def get(self, review_id: str) -> dict[str, Any]:
        """Return a review with its picture and every version of the label."""
        found: dict[str, Any] = self._connection.request("GET", f"/reviews/{review_id}")
        return found

    def accept(self, review_id: str) -> dict[str, Any]:
        """Accept a label as it is.

        Raises:
            Conflict: Somebody decided already, or has it on screen.
            Forbidden: It is one's own label, and the project lets nobody review their own.
        """
        return self._decide(review_id, verdict="accepted")

    def correct(self, review_id: str, **right: Any) -> dict[str, Any]:
        """Put a label right and accept it; the author's version stays in the history.

        Args:
            review_id: The review.
            right: `class_id` or `answer` ("does_not_belong", "not_sure") of a picture that has one class; `put` and
                `delete` of objects, as `PATCH /images/{id}/objects` takes them.
        """
        if {"put", "delete"} & set(right):
            return self._decide(review_id, verdict="corrected", objects={"answer": "objects", **right})
        answer = {"answer": "class"} if "class_id" in right else {}
        return self._decide(review_id, verdict="corrected", annotation={**answer, **right})

    def send_back(self, review_id: str, reason: str, *, to: str = "author") -> dict[str, Any]:
        """Take a label away with a reason, so that its "author", or anybody (the "pool"), labels the picture again."""
        return self._decide(review_id, verdict="rejected", reason=reason, return_to=to)

    def undo(self, review_id: str) -> dict[str, Any]:
        """Take one's own decision back; raises `Conflict` where the picture moved on since."""
        found: dict[str, Any] = self._connection.request("POST", f"/reviews/{review_id}/undo")
        review: dict[str, Any] = found["detail"]["review"]
        return review

    def _decide(self, review_id: str, **body: Any) -> dict[str, Any]:
        seen: Mapping[str, Any] = self.get(review_id)["review"]
        headers = {"If-Match": str(seen["revision"])}
        path = f"/reviews/{review_id}/decision"
        done: dict[str, Any] = self._connection.request("POST", path, json=body, headers=headers)
        return done
