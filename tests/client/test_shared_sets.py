"""Real sets of pictures come in with their labels as `modelyard import … --format auto` brings them, counted."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import modelyard

pytestmark = pytest.mark.slow
Bring = Callable[..., "Brought"]


class Brought:
    """A set that was imported into a project of its own."""

    def __init__(self, client: Any, name: str, source: Path, task: str) -> None:
        self._client = client
        self.project = client.projects.create(name, task=task)
        self.report = self.project.import_([source])
        self.images = list(self.project.images())

    def classes(self) -> Counter[str]:
        """Count the objects of each class."""
        rows = self._client.request("GET", f"/projects/{self.project.id}/classes")
        names = {row["id"]: row["name"] for row in rows}
        found: Counter[str] = Counter()
        for image in self.images:
            shown = self._client.request("GET", f"/images/{image['id']}/objects")
            found.update(names[row["class_id"]] for row in shown["objects"])
        return found

    def splits(self) -> Counter[str]:
        """Count the images of each split that was said."""
        shown = (self._client.request("GET", f"/images/{image['id']}") for image in self.images)
        return Counter(str(image["given_split"]) for image in shown)


@pytest.fixture
def bring(tmp_path: Path, shared_data: Path) -> Any:
    with modelyard.connect(tmp_path / "data") as client:
        yield lambda folder, task: Brought(client, folder, shared_data / folder, task)


def test_shared_sets_blood_cells(bring: Bring) -> None:
    found = bring("bccd", "detection")
    assert (found.report["added"], found.report["duplicates"]) == (364, 0)
    # Two of the 4,155 have no width: they are named and left out, and stop nothing.
    assert found.classes() == {"RBC": 4155 - 2, "WBC": 372, "Platelets": 361}
    bad = [note for note in found.report["notes"] if "has no area" in note]
    assert [("00338.xml, object 13" in note, "00343.xml, object 4" in note) for note in bad] == [(1, 0), (0, 1)]
    assert found.splits() == {"train": 205, "val": 87, "test": 72}


def test_shared_sets_nuclei(bring: Bring) -> None:
    found = bring("nuclei", "segmentation")
    assert (found.report["added"], found.report["annotations"], found.report["notes"]) == (200, 200, [])
    assert found.classes().total() == 5685
    assert len(found.classes()) == 1


def test_shared_sets_ultrasound(bring: Bring) -> None:
    found = bring("ultrasound", "segmentation")
    assert (found.report["added"] + found.report["duplicates"], found.report["notes"]) == (100, [])
    assert found.report["annotations"] == found.report["added"] == 99  # Two pictures are the same.
    assert set(found.classes()) == {"1", "2"}


def test_shared_sets_circuit_boards(bring: Bring) -> None:
    found = bring("pcb", "detection")
    assert (found.report["added"], found.report["annotations"], found.report["notes"]) == (280, 140, [])
    assert found.classes() == {"1": 169, "2": 124, "3": 170, "4": 140, "5": 135, "6": 139}


def test_shared_sets_groceries(bring: Bring) -> None:
    found = bring("grocery", "classification")
    assert (found.report["added"] + found.report["duplicates"], found.report["notes"]) == (2936, [])
    classes = found._client.request("GET", f"/projects/{found.project.id}/classes")
    assert len(classes) == 81
