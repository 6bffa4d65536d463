"""Members of a project by the SDK and by command line, on a data directory."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import modelyard
from modelyard.cli.app import app
from modelyard.cli.common import OPTIONS
from modelyard.client.members import MemberNotFound
from modelyard.errors import Conflict, Invalid


def test_members_come_change_and_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    with modelyard.connect(data) as client:
        project = client.projects.create("Pastries")
        user = client.add_user("ben@bakery.example", "Ben", "correct horse battery")
        assert project.members.add("ben@bakery.example")["role"] == "annotator"
        assert project.members.set_role("Ben@bakery.example", "manager")["role"] == "manager"
        assert [member["role"] for member in project.members.list()] == ["owner", "manager"]
        assert project.members.invite("viewer")["url"]
        with pytest.raises(MemberNotFound):
            project.members.remove("nobody@bakery.example")
        with pytest.raises(Invalid):
            project.members.set_role("ben@bakery.example", "king")
        with pytest.raises(Conflict):
            project.members.leave()
        project.members.hand_over("ben@bakery.example")
        assert client.set_admin(user["id"], True)["is_admin"] is True

    monkeypatch.setattr(OPTIONS, "data", str(data))
    monkeypatch.setattr(OPTIONS, "as_json", True)

    def run(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, words)
        assert done.exit_code == code, done.output
        return done.stdout

    shown = json.loads(run("members", "list", "Pastries"))
    assert [(member["name"], member["role"]) for member in shown] == [("Owner", "manager"), ("Ben", "owner")]
    assert json.loads(run("members", "role", "Pastries", "owner@localhost", "owner"))["role"] == "owner"
    assert "/invitation#token=" in json.loads(run("members", "invite", "Pastries", "--role", "reviewer"))["url"]
    run("users", "disable", "ben@bakery.example")
    run("users", "admin", "ben@bakery.example", "--take")
    run("members", "remove", "Pastries", "ben@bakery.example")
    assert len(json.loads(run("members", "list", "Pastries"))) == 1
