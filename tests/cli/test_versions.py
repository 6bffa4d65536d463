"""Commands for dataset versions, on a project in which boxes are drawn."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.cli.test_cli import run, run_json

from modelyard.engine.backbones import FILES

pytestmark = pytest.mark.skipif(
    not (FILES / "efficientnet_lite0.onnx").is_file(), reason="The backbone is not built: run make setup."
)


@pytest.fixture(scope="module")
def trays(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Draw four pictures, and say what is on them in our own format."""
    folder = tmp_path_factory.mktemp("trays")
    shape = {"type": "box", "x1": 4, "y1": 4, "x2": 40, "y2": 30}
    lines = [{"format": "modelyard/1", "task": "detection", "classes": [{"name": "bun"}]}]
    for number in range(4):
        pixels = np.random.default_rng(number).integers(0, 255, (60, 80, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{number}.png")
        objects = [{"class": "bun", "shape": shape}] if number else []
        lines.append({"file_name": f"{number}.png", "answer": "objects", "objects": objects})
    (folder / "annotations.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


def test_versions_are_frozen_listed_compared_and_exported(tmp_path: Path, trays: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "out"
    run(data, "projects", "create", "Trays", "--task", "detection")
    assert "Nothing is frozen yet" in run(data, "versions", "list", "Trays")
    run(data, "import", "Trays", str(trays))
    said = run(data, "freeze", "Trays", "--note", "first")
    assert said.startswith("Version 1: 4 pictures, 3 objects (")
    assert "bun: 3 pictures, 3 objects" in said
    assert run_json(data, "freeze", "Trays")["number"] == 1
    assert "first" in run(data, "versions", "list", "Trays")
    assert "Pictures: 4 unchanged." in run(data, "versions", "compare", "Trays", "1", "1")
    run(data, "export", "Trays", str(out), "--format", "coco", "--version", "1")
    assert len(json.loads((out / "annotations.json").read_text())["annotations"]) == 3
    run(data, "export", "Trays", str(out), "--version", "7", code=3)
