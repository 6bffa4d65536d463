"""Issues of one project: what people say about its pictures."""

from collections.abc import Iterator, Sequence
from typing import Any

from modelyard.client.connection import Connection

Issue = dict[str, Any]


class Issues:
    """What `project.issues` offers; an issue is named by its id and holds its thread in `comments`."""

    def __init__(self, connection: Connection, project_id: str) -> None:
        self._connection = connection
        self._home = f"/projects/{project_id}/issues"

    def list(self, state: str = "open", *, mine: bool = False, text: str = "") -> Iterator[Issue]:
        """Yield issues with their threads, the latest news first.

        Args:
            state: "open", "resolved" or "all".
            mine: Only threads that one wrote in, or is mentioned in.
            text: Part of what is said in it, or of the picture's name.
        """
        params: dict[str, Any] = {"state": state, "mine": mine, "limit": 100} | ({"text": text} if text else {})
        rows: Iterator[Issue] = self._connection.pages(self._home, **params)
        return rows

    def of_image(self, image_id: str) -> Sequence[Issue]:
        """Return the issues of one picture, open and resolved, oldest first."""
        found: Sequence[Issue] = self._connection.request("GET", f"/images/{image_id}/issues")
        return found

    def open(
        self, image_id: str, text: str, *, at: tuple[float, float] | None = None, mentions: Sequence[str] = ()
    ) -> Issue:
        """Open an issue on a picture.

        Args:
            image_id: Which picture.
            text: What it is about.
            at: The place (x, y) in pixels of the upright picture; None: the picture as a whole.
            mentions: Ids of members who are told; the text names them as @Name.

        Raises:
            Invalid: The place is outside of the picture, or somebody mentioned is no member.
        """
        place = {} if at is None else {"x": at[0], "y": at[1]}
        body = {"text": text, "mentions": list(mentions), **place}
        made: Issue = self._connection.request("POST", f"/images/{image_id}/issues", json=body)
        return made

    def reply(self, issue_id: str, text: str, *, mentions: Sequence[str] = ()) -> Issue:
        """Say something in a thread."""
        body = {"text": text, "mentions": list(mentions)}
        changed: Issue = self._connection.request("POST", f"/issues/{issue_id}/comments", json=body)
        return changed

    def resolve(self, issue_id: str) -> Issue:
        """Say that an issue is settled."""
        return self._settle(issue_id, "resolved")

    def reopen(self, issue_id: str) -> Issue:
        """Say that an issue is not settled after all."""
        return self._settle(issue_id, "open")

    def delete(self, issue_id: str) -> None:
        """Delete one's own issue that nobody else wrote in; managers delete any."""
        self._connection.request("DELETE", f"/issues/{issue_id}")

    def _settle(self, issue_id: str, state: str) -> Issue:
        changed: Issue = self._connection.request("PATCH", f"/issues/{issue_id}", json={"state": state})
        return changed
