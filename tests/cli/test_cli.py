"""The fixed forms of the command line, end to end on a data directory of its own."""

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select

from modelyard.cli.app import run as command_line
from modelyard.engine.backbones import FILES
from modelyard.server.services import open_services
from modelyard.server.settings import Settings
from modelyard.server.tables import SecondFactor, User, now

pytestmark = pytest.mark.skipif(
    not (FILES / "efficientnet_lite0.onnx").is_file(), reason="The backbone is not built: run make setup."
)
COLORS = {"apple": (200, 40, 40), "lime": (60, 190, 60), "plum": (90, 40, 150)}


def run(data: Path, *words: str, code: int = 0) -> str:
    """Run a command in this process, which saves the second that a new one needs; return its standard output."""
    out, err = io.StringIO(), io.StringIO()
    wide = patch.dict(os.environ, COLUMNS="200")
    with wide, redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        command_line([*words, "--data", str(data)])
    assert (ended.value.code or 0) == code, err.getvalue()
    return out.getvalue()


def run_json(data: Path, *words: str) -> Any:
    """Run a command with --json; standard output must hold JSON and nothing else."""
    return json.loads(run(data, *words, "--json"))


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Draw thirty pictures of three colours in folders of classes, and one file that is none."""
    folder = tmp_path_factory.mktemp("pictures")
    chance = np.random.default_rng(0)
    for name, color in COLORS.items():
        (folder / name).mkdir()
        for number in range(10):
            noise = chance.normal(0, 25, (96, 96, 3)) + chance.normal(0, 15, 3)
            pixels = np.clip(np.array(color) + noise, 0, 255).astype(np.uint8)
            Image.fromarray(pixels).resize((180, 140)).save(folder / name / f"{number}.jpg")
    (folder / "apple" / "broken.jpg").write_text("no picture")
    return folder


def test_the_loop_by_command_line(tmp_path: Path, pictures: Path) -> None:
    data = tmp_path / "data"
    project = run_json(data, "projects", "create", "Fruit", "--task", "classification", "--classes", "apple")
    assert project["name"] == "Fruit"

    report = run_json(data, "import", "Fruit", str(pictures), "--format", "folders")
    assert (report["added"], report["duplicates"], report["annotations"]) == (30, 0, 30)
    assert [entry["name"] for entry in report["refused"]] == ["apple/broken.jpg"]
    assert report["refused"][0]["reason"]
    assert run_json(data, "import", "Fruit", str(pictures / "lime"))["duplicates"] == 10

    trained = run_json(data, "train", "Fruit", "--recipe", "auto", "--budget", "1m")
    assert {"run", "model", "recipe", "seconds", "metrics"} <= trained.keys()

    measured = run_json(data, "evaluate", "Fruit", "--model", "latest", "--split", "test")
    assert measured["accuracy"] >= 0.8
    assert measured["accuracy_interval"][0] <= measured["accuracy"] <= measured["accuracy_interval"][1]
    assert {"macro_f1", "n"} <= measured.keys()

    lines = run(data, "predict", "Fruit", str(pictures / "plum"), str(pictures / "apple" / "1.jpg"), "--json")
    answers = [json.loads(line) for line in lines.splitlines()]
    assert len(answers) == 11
    assert answers[-1]["path"].endswith("1.jpg")
    assert answers[-1]["predictions"][0]["class"] == "apple"
    assert isinstance(answers[-1]["undecided"], bool)

    exported = run_json(data, "export", "Fruit", str(tmp_path / "out"), "--format", "csv", "--version", "latest")
    assert exported["images"] == exported["annotations"] == 30
    assert "lost" in exported


def test_a_process_of_its_own_prints_results_and_errors_apart(tmp_path: Path) -> None:
    def start(*words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "modelyard.cli", *words, "--data", str(tmp_path / "data")]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    made = start("projects", "create", "Fruit", "--json")
    assert (made.returncode, json.loads(made.stdout)["name"]) == (0, "Fruit")
    refused = start("train", "Nothing")
    assert (refused.returncode, refused.stdout) == (3, "")
    assert refused.stderr.strip() == "Error: There is no project 'Nothing'. Known: 'Fruit'."


def test_errors_are_sentences_with_exit_codes(tmp_path: Path) -> None:
    data = tmp_path / "data"
    run(data, "projects", "create", "Fruit")
    run(data, "train", "Nothing", code=3)
    run(data, "projects", "create", "Fruit", code=4)
    run(data, "import", "Fruit", str(tmp_path / "missing"), code=4)
    run(data, "predict", "Fruit", str(tmp_path), code=4)
    run(data, "no-such-command", code=2)
    run(data, "train", "Fruit", "--budget", "soon", code=2)


def test_backup_and_restore(tmp_path: Path) -> None:
    data = tmp_path / "data"
    run(data, "projects", "create", "Fruit")
    run(data, "backup", str(tmp_path / "copy.tar"))
    run(data, "backup", str(tmp_path / "copy.tar"), "--restore", code=4)
    restored = tmp_path / "restored"
    run(restored, "backup", str(tmp_path / "copy.tar"), "--restore")
    assert [row["name"] for row in run_json(restored, "projects", "list")] == ["Fruit"]


def test_people_are_managed_from_the_machine(tmp_path: Path) -> None:
    data = tmp_path / "data"
    made = run_json(data, "users", "add", "ben@bakery.example", "--name", "Ben")
    assert len(made["password"]) >= 10
    run(data, "users", "disable", "ben@bakery.example")
    assert {row["email"]: bool(row["disabled_at"]) for row in run_json(data, "users", "list")}["ben@bakery.example"]


def test_a_lost_second_factor_is_reset_from_the_machine(tmp_path: Path) -> None:
    data = tmp_path / "data"
    run(data, "users", "add", "ben@bakery.example", "--name", "Ben")
    services = open_services(Settings(data=data))
    with services.db.write() as session:
        ben = session.scalars(select(User).where(User.email == "ben@bakery.example")).one()
        session.add(SecondFactor(user_id=ben.id, secret="JBSWY3DPEHPK3PXP", confirmed_at=now()))
    services.close()
    run(data, "users", "reset-second-factor", "ben@bakery.example")
    assert [user["has_second_factor"] for user in run_json(data, "users", "list")] == [False, False]
