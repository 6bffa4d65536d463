"""Issues and guidelines by the command line and the SDK, in a data directory of their own."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.test_cli import run, run_json
from tests.factories.pictures import picture

import modelyard
from modelyard.errors import Invalid, NotFound


def test_issues_and_guidelines(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with modelyard.connect(data) as client:
        project = client.projects.create("Pastries", classes=["bun"])
        (tmp_path / "one.jpg").write_bytes(picture())
        project.import_([tmp_path / "one.jpg"])
        (image,) = client.request("GET", f"/projects/{project.id}/images")["items"]
        issue = project.issues.open(image["id"], "=1+1 is this a bun?", at=(2, 3))
        with pytest.raises(Invalid, match="outside"):
            project.issues.open(image["id"], "x", at=(10**6, 0))
        project.issues.reply(issue["id"], "Yes.")
        project.issues.resolve(issue["id"])
        assert project.issues.reopen(issue["id"])["state"] == "open"
        assert [row["id"] for row in project.issues.of_image(image["id"])] == [issue["id"]]
        example = {"image_id": image["id"], "verdict": "good", "caption": "Round"}
        project.guidelines.set("Round ones.", "bun", examples=[example])
        with pytest.raises(NotFound, match="croissant"):
            project.guidelines.get("croissant")
    assert "one.jpg at (2, 3)" in run(data, "issues", "list", "Pastries")
    run(data, "issues", "export", "Pastries", str(tmp_path / "issues.csv"))
    rows = [*csv.DictReader((tmp_path / "issues.csv").read_text().splitlines())]
    assert [(row["x"], row["text"]) for row in rows] == [("2.0", "'=1+1 is this a bun?"), ("2.0", "Yes.")]
    run(data, "issues", "export", "Pastries", str(tmp_path / "issues.json"))
    assert json.loads((tmp_path / "issues.json").read_text())[0]["comments"][0]["text"] == "=1+1 is this a bun?"
    run(data, "issues", "export", "Pastries", str(tmp_path / "issues.xls"), code=2)
    run(data, "issues", "resolve", "Pastries", issue["id"])
    assert "No issue." in run(data, "issues", "list", "Pastries")
    (tmp_path / "bun.md").write_text("Round, **no** hole.\n")
    run(data, "guidelines", "get", "Pastries", code=3)
    saved: dict[str, Any] = run_json(data, "guidelines", "set", "Pastries", str(tmp_path / "bun.md"), "--class", "bun")
    assert (saved["number"], saved["examples"][0]["caption"]) == (2, "Round")
    assert run(data, "guidelines", "get", "Pastries", "--class", "bun").strip() == "Round, **no** hole."
    assert run(data, "guidelines", "get", "Pastries", "--class", "bun", "--version", "1").strip() == "Round ones."
    run(data, "guidelines", "restore", "Pastries", "1", "--class", "bun")
    assert len(run_json(data, "guidelines", "versions", "Pastries", "--class", "bun")) == 3
