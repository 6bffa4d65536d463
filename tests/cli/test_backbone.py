"""A network that somebody brings, from the command that adopts it to a trained model."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.factories.networks import write_backbone

import modelyard
from modelyard.cli.app import run as command_line
from modelyard.engine.backbones.__main__ import main
from modelyard.errors import NotFound

COLORS = {"apple": (200, 40, 40), "plum": (90, 40, 150)}


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Draw two colours of pictures in folders of classes."""
    folder, chance = tmp_path / "pictures", np.random.default_rng(0)
    for name, color in COLORS.items():
        (folder / name).mkdir(parents=True)
        for number in range(12):
            pixels = np.clip(np.array(color) + chance.normal(0, 25, (48, 48, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number}.png")
    return folder


def test_a_project_is_trained_on_a_network_that_was_brought(
    tmp_path: Path, pictures: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_backbone(tmp_path / "made")
    network = str(tmp_path / "made" / "network.onnx")
    assert main(["adopt", network, str(tmp_path / "nets"), "--name", "colours", "--input-px", "32"]) == 0
    assert "modelyard projects backbone PROJECT" in capsys.readouterr().out

    monkeypatch.chdir(tmp_path)
    with modelyard.connect(tmp_path / "data") as client:
        project = client.projects.create("Fruit")
        project.import_([pictures], format="folders")
        project.use_backbone("nets/colours.onnx")
        run = project.train()
        assert project.model()["backbone"].startswith("colours-")
        assert run["config"]["backbone"].startswith("colours-")
        (answer,) = project.predict([pictures / "plum" / "0.png"])
        assert answer["predictions"][0]["class"] == "plum"
        with pytest.raises(NotFound, match="missing"):
            project.use_backbone("nets/missing.onnx")


def test_the_command_names_what_there_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, code in (["create", "Fruit"], 0), (["backbone", "Fruit", "vit"], 3):
        with pytest.raises(SystemExit) as ended:
            command_line(["projects", *words, "--data", str(tmp_path / "data")])
        assert (ended.value.code or 0) == code
    assert "efficientnet_lite0" in capsys.readouterr().err
