"""A scripted person who labels the bakery truthfully, through the same addresses as the browser, and counts actions.

It knows the classes from the drawing alone; suggestions never decide what it answers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Protocol

_PAGE = 24
_AT_ONCE = 4

OnLabels = Callable[[int], None]


class Api(Protocol):
    """What the labeller needs of the SDK's client."""

    def request(self, method: str, path: str, **options: Any) -> Any:
        """Call an address below `/api/v1`."""


@dataclass
class Work:
    """What labelling took: labels given, and a person's actions for them.

    An accepted suggestion or a typed class is one action. A page of pictures that look alike is one action, and one
    more for each picture that is taken out of it first.
    """

    labels: int = 0
    actions: int = 0
    accepted: int = 0
    typed: int = 0
    pages: int = 0
    taken_out: int = 0


class Labeller:
    """One person at one project."""

    def __init__(self, api: Api, project_id: str, truth: Mapping[str, str], on_labels: OnLabels | None = None) -> None:
        self._api = api
        self._project = f"/projects/{project_id}"
        self._truth = truth
        self._on_labels = on_labels
        self._class_ids: dict[str, str] = {
            entry["name"]: entry["id"] for entry in api.request("GET", f"{self._project}/classes")
        }
        self.work = Work()

    def label_one_by_one(self, limit: int) -> int:
        """Answer the queue's pictures in its helpful order, at most so many; return how many were answered."""
        answered = 0
        while answered < limit:
            params = {"order": "helpful", "count": min(_AT_ONCE, limit - answered)}
            items = self._api.request("GET", f"{self._project}/queue/next", params=params)["items"]
            if not items:
                break
            for item in items:
                self._answer(item)
            answered += len(items)
            self._tell()
        return answered

    def label_pages(self, rounds: int = 40) -> int:
        """Confirm pages of pictures that look alike, surest first, until no page is worth it; return how many."""
        labelled = 0
        for _ in range(rounds):
            done = sum(self._label_page(class_id) for class_id in self._class_ids.values())
            labelled += done
            if not done:
                break
        return labelled

    def _answer(self, item: dict[str, Any]) -> None:
        """Press Enter where the suggestion is right, the class's key where it is not or there is none."""
        class_id, guess = self._class_of(item["image"]), item["guess"]
        body: dict[str, Any] = {"answer": "class", "class_id": class_id}
        if guess:
            body["suggestion"] = {key: guess[key] for key in ("class_id", "score", "version")}
        self._api.request("PUT", f"/images/{item['image']['id']}/annotation", json=body, headers={"If-Match": "0"})
        is_right = bool(guess) and guess["class_id"] == class_id
        self.work.accepted += is_right
        self.work.typed += not is_right
        self.work.labels += 1
        self.work.actions += 1

    def _label_page(self, class_id: str) -> int:
        """Look at one page of pictures suggested as a class, take out what is not, and label the rest at once."""
        params = {"suggested_class_id": class_id, "labelled": False, "sort": "-score", "limit": _PAGE}
        page = self._api.request("GET", f"{self._project}/images", params=params)["items"]
        fitting = [image["id"] for image in page if self._class_of(image) == class_id]
        wrong = len(page) - len(fitting)
        if len(fitting) < 2 or wrong + 1 >= len(fitting):
            return 0
        body = {"image_ids": fitting, "answer": "class", "class_id": class_id}
        self._api.request("POST", f"{self._project}/annotations/bulk", json=body)
        self.work.pages += 1
        self.work.taken_out += wrong
        self.work.labels += len(fitting)
        self.work.actions += 1 + wrong
        self._tell()
        return len(fitting)

    def _class_of(self, image: dict[str, Any]) -> str:
        return self._class_ids[self._truth[PurePosixPath(image["name"]).name]]

    def _tell(self) -> None:
        if self._on_labels:
            self._on_labels(self.work.labels)
