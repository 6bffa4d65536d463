"""The history of a project or of the installation: read page by page, written out, and the states of one picture."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

from modelyard.client.connection import Connection

Event = dict[str, Any]


class History:
    """What `project.history` and `client.history` offer: events, newest first, each with what was before and after."""

    def __init__(self, connection: Connection, home: str) -> None:
        self._connection = connection
        self._home = f"{home}/history"

    def list(
        self,
        *,
        person: str | None = None,
        kinds: Sequence[str] = (),
        since: datetime | None = None,
        until: datetime | None = None,
        text: str = "",
        most: int | None = None,
    ) -> Iterator[Event]:
        """Walk the events that match, newest first.

        Args:
            person: The id of whoever did it; `people` has them.
            kinds: "annotation", "class", "batch", "member" …; `kinds()` has those that there are.
            since: From this moment on; with a zone.
            until: Before this moment; with a zone.
            text: Part of a name, a value, or a picture's name.
            most: How many at most; all of them if nothing is said.
        """
        query = _query(person, kinds, since, until, text)
        return islice(self._connection.pages(self._home, **query), most)

    def kinds(self) -> Sequence[str]:
        """Return the kinds of events that there are."""
        found: Sequence[str] = self._connection.request("GET", f"{self._home}/kinds")
        return found

    def people(self) -> dict[str, str]:
        """Return everybody who appears, by id."""
        return {row["id"]: row["name"] for row in self._connection.request("GET", f"{self._home}/people")}

    def export(
        self,
        path: Path | str,
        *,
        format: Literal["csv", "jsonl"] | None = None,
        person: str | None = None,
        kinds: Sequence[str] = (),
        since: datetime | None = None,
        until: datetime | None = None,
        text: str = "",
    ) -> int:
        """Write the events that match into a file and return its size in bytes; raises `Invalid`.

        The format is that of the file's name unless it is said: a table (`.csv`) or JSON Lines. All else as in `list`.
        """
        target = Path(path)
        chosen = format or ("csv" if target.suffix.lower() == ".csv" else "jsonl")
        query = urlencode({**_query(person, kinds, since, until, text), "format": chosen}, doseq=True)
        with target.open("wb") as file:
            return self._connection.download(f"{self._home}/export?{query}", file)


class States:
    """What `project.states(image_id)` offers: how one picture came to be what it is, and the way back."""

    def __init__(self, connection: Connection, image_id: str) -> None:
        self._connection = connection
        self._home = f"/images/{image_id}"

    def list(self) -> Sequence[Event]:
        """Return every revision, newest first: who made it, when, and how."""
        found: Sequence[Event] = self._connection.request("GET", f"{self._home}/annotation/history")
        return found

    def get(self, revision: int) -> Event:
        """Return a state with the objects that were added, changed or removed by it; raises `NotFound`."""
        found: Event = self._connection.request("GET", f"{self._home}/states/{revision}")
        return found

    def restore(self, revision: int) -> Event:
        """Let a state hold again, as a new revision, and return it; restoring the one before undoes it.

        Raises:
            NotFound: There was no such state.
            Conflict: A class of that state is deleted by now.
            PreconditionFailed: Somebody changed the picture at this very moment.
        """
        latest = self.get(revision)["latest"]
        headers = {"If-Match": str(latest)}
        body = {"revision": revision}
        found: Event = self._connection.request("POST", f"{self._home}/states/restore", json=body, headers=headers)
        return found


def _query(
    person: str | None, kinds: Sequence[str], since: datetime | None, until: datetime | None, text: str
) -> Mapping[str, Any]:
    found: dict[str, Any] = {"person": person, "kind": list(kinds), "text": text}
    found |= {"since": since and since.isoformat(), "until": until and until.isoformat()}
    return {name: value for name, value in found.items() if value}
