"""Webhooks by the command line: added, listed, changed, tested, deleted; delivered by the data directory itself."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.server.receiver import receiving
from typer.testing import CliRunner

import modelyard
from modelyard.cli.app import app
from modelyard.cli.common import OPTIONS, exit_code
from modelyard.errors import ProductError


@pytest.fixture(autouse=True)
def options(tmp_path: Path) -> Iterator[None]:
    """Point every command at a data directory of this test's own."""
    OPTIONS.data = str(tmp_path / "data")
    yield
    OPTIONS.data, OPTIONS.as_json = "", False


def run(*words: str, code: int = 0) -> str:
    """Run a command in this process and return its standard output."""
    OPTIONS.as_json = False
    done = CliRunner().invoke(app, words)
    found = exit_code(done.exception) if isinstance(done.exception, ProductError) else done.exit_code
    assert found == code, done.exception
    return done.stdout


def run_json(*words: str) -> Any:
    """Run a command with --json."""
    OPTIONS.as_json = True
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.exception
    return json.loads(done.stdout)


def test_from_adding_to_replaying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELYARD_OUTGOING_ALLOWED", "127.0.0.1")
    monkeypatch.setenv("MODELYARD_OUTGOING_HTTP", "true")
    data = tmp_path / "data"
    with modelyard.connect(data) as client:
        client.projects.create("Pastries", classes=["bun"])
    assert "No webhook yet." in run("webhooks", "list", "Pastries")
    assert "version.frozen" in run_json("webhooks", "events", "Pastries")
    run("webhooks", "add", "Pastries", "http://10.0.0.1/", code=4)
    with receiving() as receiver:
        url = receiver.url
        made = run_json("webhooks", "add", "Pastries", url, "--event", "version.frozen")
        assert made["event_types"] == ["version.frozen"] and made["secret"].startswith("whsec_")
        assert "on; version.frozen" in run("webhooks", "list", "Pastries").replace("\n", " ")
        changed = run_json("webhooks", "update", "Pastries", url, "--off", "--event", "import.finished")
        assert (changed["is_active"], changed["event_types"]) == (False, ["import.finished"])
        assert run_json("webhooks", "rotate-secret", "Pastries", url)["secret"] != made["secret"]
        run("webhooks", "test", "Pastries", url)
        with modelyard.connect(data) as client:  # Here somebody stays long enough for the worker to send it.
            hooks = client.projects.get("Pastries").webhooks
            while hooks.deliveries(url)[0]["state"] == "waiting":
                pass
        (row,) = run_json("webhooks", "log", "Pastries", url, "--state", "delivered")
        assert "delivered after 1 attempts: answered 204" in run("webhooks", "log", "Pastries", url)
        assert "1 will be sent again." in run("webhooks", "replay", "Pastries", url, row["id"])
        assert receiver.messages[0].headers["webhook-id"] == row["message_id"]
        run("webhooks", "delete", "Pastries", url)
    run("webhooks", "log", "Pastries", url, code=3)
