"""Classes given to many pictures and taken from them, by the command line and from Python."""

from pathlib import Path

import pytest
from tests.cli.test_cli import pytestmark, run, run_json
from tests.factories.pictures import picture

import modelyard
from modelyard.client.describing import ClassNotFound
from modelyard.errors import Invalid, PreconditionFailed

__all__ = ["pytestmark"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Make a data directory with three pictures of a multi-label project."""
    folder = tmp_path / "beach"
    folder.mkdir()
    for seed in range(3):
        (folder / f"{'summer' if seed else 'winter'}-{seed}.jpg").write_bytes(picture(seed))
    with modelyard.connect(tmp_path / "data") as client:
        project = client.projects.create("Beach", task="multi_label", classes=["sunny", "windy"])
        project.import_([folder])
        client.projects.create("Fruit", classes=["apple"])
    return tmp_path / "data"


def test_by_command_line(data: Path) -> None:
    assert "Gave 'sunny' to 2 of 2 pictures." in run(data, "classes", "give", "Beach", "sunny", "--named", "summer")
    assert run_json(data, "classes", "give", "Beach", "windy", "--all") == {"changed": 3, "matched": 3}
    assert run_json(data, "classes", "take", "Beach", "windy", "--with", "sunny") == {"changed": 2, "matched": 2}
    assert run(data, "classes", "list", "Beach").splitlines() == ["sunny: 2", "windy: 1"]
    run(data, "classes", "take", "Beach", "sunny", code=2)
    run(data, "classes", "give", "Beach", "rainy", "--all", code=3)


def test_from_python_with_undo(data: Path) -> None:
    with modelyard.connect(data) as client:
        project = client.projects.get("Beach")
        ids = [image["id"] for image in project.images()]
        changed = project.give_class("windy", ids[:2])
        assert len(changed) == 2
        assert project.give_class("windy", ids)[0]["image_id"] == ids[2]
        assert len(project.undo_class_step(changed)) == 2
        assert [row["images"] for row in project.classes()] == [0, 1]
        with pytest.raises(PreconditionFailed):
            project.undo_class_step(changed)
        assert project.take_class("windy", ids)[0]["image_id"] == ids[2]
        with pytest.raises(ClassNotFound, match="rainy"):
            project.give_class("rainy", ids)
        fruit = client.projects.get("Fruit")
        fruit.import_([data.parent / "beach" / "winter-0.jpg"])
        with pytest.raises(Invalid):
            fruit.give_class("apple", [image["id"] for image in fruit.images()])
