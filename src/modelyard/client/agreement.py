"""How far people agree who labelled the same pictures of one project."""

from collections.abc import Iterator, Sequence
from typing import Any

from modelyard.client.batches import Batches
from modelyard.client.connection import Connection


class Agreement:
    """What `project.agreement` offers; a batch is named by its name or its id, no batch means all of them."""

    def __init__(self, connection: Connection, project_id: str, batches: Batches) -> None:
        self._connection = connection
        self._home = f"/projects/{project_id}/agreement"
        self._batches = batches

    def get(self, batch: str | None = None) -> dict[str, Any]:
        """Return how far people agree: together, each two, on each class, over time.

        Shares are in [0, 1], and None where nothing can be compared. Raises `BatchNotFound`.
        """
        found: dict[str, Any] = self._connection.request("GET", self._home, params=self._params(batch))
        return found

    def differing(
        self, batch: str | None = None, *, people: Sequence[str] = (), said: Sequence[str] = ()
    ) -> Iterator[dict[str, Any]]:
        """Yield the pictures in which people differ, with what each of them said.

        Args:
            batch: Of this batch alone.
            people: Ids of one or two people, as `get` names them: in which these differ.
            said: One or two of what `get` names as `said`: where one said the one and another the other.
        """
        params = self._params(batch) | {"person": [*people], "said": [*said]}
        return self._connection.pages(f"{self._home}/images", **params)  # type: ignore[no-any-return]

    def _params(self, batch: str | None) -> dict[str, Any]:
        return {} if batch is None else {"batch_id": self._batches.get(batch)["id"]}
