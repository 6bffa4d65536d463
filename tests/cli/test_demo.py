"""The demo goes round the whole loop, on fewer pictures than people see."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from modelyard.cli.demo import DEPLOYMENT, PROJECT, run_demo
from modelyard.client import connect
from modelyard.demo import CLASSES
from modelyard.engine.backbones import FILES

pytestmark = pytest.mark.skipif(
    not (FILES / "efficientnet_lite0.onnx").is_file(), reason="The backbone is not built: run make setup."
)
EACH = 8
STAGES = ["Draw", "Import", "Features", "Label", "Freeze", "Train", "Evaluate", "Deploy and predict"]


def test_the_demo_ends_with_a_table_and_a_second_run_only_prints_it(tmp_path: Path) -> None:
    first, again = io.StringIO(), io.StringIO()
    with connect(tmp_path) as client:
        run_demo(client, Console(file=first, width=100), folder=tmp_path, per_class=EACH)
        found = json.loads((tmp_path / "demo.json").read_text(encoding="utf-8"))
        run_demo(client, Console(file=again, width=100), folder=tmp_path, per_class=EACH)
        project = client.projects.get(PROJECT)
        status = project.status()
        deployment = client.request("GET", f"/deployments/{DEPLOYMENT}")

    drawn = EACH * len(CLASSES)
    assert found["images"]["added"] == status["images"] == status["labelled"] > drawn * 0.9
    assert (found["images"]["duplicates"], found["images"]["refused"]) == (1, 2)
    work = found["labelling"]
    assert work["labels"] == status["labelled"]
    assert 0 < work["actions"] <= work["labels"] + work["taken_out"]
    assert work["actions"] == work["accepted"] + work["typed"] + work["pages"] + work["taken_out"]
    low, high = found["accuracy_interval"]
    assert 0 <= low <= found["accuracy"] <= high <= 1
    assert list(found["seconds"]) == STAGES
    assert deployment["is_active"]
    for row in ("Images", "Labels used", "Human actions", "Accuracy", "Together"):
        assert row in first.getvalue() and row in again.getvalue()
    assert "step by step" in first.getvalue()
    assert "step by step" not in again.getvalue()
