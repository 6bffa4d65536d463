"""Detectors by the command line and from Python: brought, mapped, sent to look, and put away."""

import json
from pathlib import Path

import pytest
from tests.cli.test_cli import pytestmark, run, run_json
from tests.factories.networks import draw_finder_of_red
from tests.server.assist.test_detectors import picture

import modelyard
from modelyard.client.detectors import DetectorFileMissing, DetectorNotFound
from modelyard.errors import Invalid, NotFound

__all__ = ["pytestmark"]

CARD = {"classes": ["bun", "tin"], "input_width": 64, "input_height": 64, "layout": "yolox", "strides": [8]}
LOOKING = {**CARD, "classes": ["bun"], "resize": "stretch", "divide_by": 255, "score_threshold": 0.5}


@pytest.fixture
def trays(tmp_path: Path) -> Path:
    """Make a detection project of four pictures, and the files of a detector beside it."""
    folder = tmp_path / "trays"
    folder.mkdir()
    for count in range(4):
        (folder / f"{count}.png").write_bytes(picture(*((at, at) for at in range(count))))
    (tmp_path / "red.onnx").write_bytes(draw_finder_of_red().SerializeToString())
    (tmp_path / "red.json").write_text(json.dumps(LOOKING))
    (tmp_path / "wrong.json").write_text(json.dumps({**LOOKING, "layout": "yolo99"}))
    with modelyard.connect(tmp_path / "data") as client:
        client.projects.create("Trays", task="detection", classes=["Roll"]).import_([folder])
    return tmp_path


def test_a36_by_command_line(trays: Path) -> None:
    data, network, card = trays / "data", str(trays / "red.onnx"), str(trays / "red.json")
    assert "No detector yet." in run(data, "detectors", "list", "Trays")
    told = run(data, "detectors", "add", "Trays", network, "--card", card, "--name", "Red")
    assert told.splitlines()[:2] == ["Red is ready.", "0 of its 1 classes mean a class of the project."]
    run(data, "detectors", "add", "Trays", network, "--card", str(trays / "wrong.json"), code=4)
    run(data, "detectors", "map", "Trays", "Red", "bun", code=2)
    run(data, "detectors", "map", "Trays", "Red", "bun=Cake", code=3)
    assert run_json(data, "detectors", "map", "Trays", "red", "bun=Roll")["classes"][0]["class_id"]
    report = run_json(data, "detectors", "suggest", "Trays", "Red")
    assert report["looked_at"] + report["kept_for_test"] == 4 and report["faults"] == []
    counts = f"Red: {report['suggested']} undecided, 0 accepted, 0 edited, 0 rejected"
    assert counts in run(data, "detectors", "list", "Trays")
    assert "Put away." in run(data, "detectors", "delete", "Trays", "Red")
    run(data, "detectors", "delete", "Trays", "Red", code=3)


def test_from_python(trays: Path) -> None:
    with modelyard.connect(trays / "data") as client:
        project = client.projects.get("Trays")
        with pytest.raises(DetectorFileMissing, match=r"nowhere\.onnx"):
            project.detectors.add(trays / "nowhere.onnx", trays / "red.json")
        with pytest.raises(Invalid, match="layout"):
            project.detectors.add(trays / "red.onnx", trays / "wrong.json")
        made = project.detectors.add(trays / "red.onnx", trays / "red.json", create_classes=True)
        assert (made["name"], made["classes"][0]["class_id"] is not None) == ("red", True)
        assert [row["name"] for row in project.classes()] == ["Roll", "bun"]
        with pytest.raises(NotFound, match="Cake"):
            project.detectors.map("red", {"bun": "Cake"})
        project.detectors.map("red", {"bun": "Roll"})
        seen: list[str] = []
        report = project.detectors.suggest("red", next_count=2, on_progress=lambda job: seen.append(job["state"]))
        assert (report["looked_at"] + report["kept_for_test"], seen[-1]) == (2, "succeeded")
        ids = [image["id"] for image in project.images()]
        chosen = project.detectors.suggest("red", image_ids=ids)
        found = [row for image_id in ids for row in project.detectors.suggestions(image_id)]
        assert len(found) == report["suggested"] + chosen["suggested"] > 0  # What was found before is not new.
        assert {row["class_id"] for row in found} == {project.classes()[0]["id"]}
        assert project.detectors.statistics()["detectors"][0]["detector_id"] == made["id"]
        project.detectors.delete("red")
        with pytest.raises(DetectorNotFound, match="none"):
            project.detectors.get("red")
