"""Webhooks by the command line: added, listed, changed, tested, deleted; delivered by the data directory itself."""

from pathlib import Path

import pytest
from tests.cli.test_cli import run, run_json
from tests.server.receiver import receiving

import modelyard


def test_from_adding_to_replaying(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELYARD_OUTGOING_ALLOWED", "127.0.0.1")
    monkeypatch.setenv("MODELYARD_OUTGOING_HTTP", "true")
    data = tmp_path / "data"
    with modelyard.connect(data) as client:
        client.projects.create("Pastries", classes=["bun"])
    assert "No webhook yet." in run(data, "webhooks", "list", "Pastries")
    assert "version.frozen" in run_json(data, "webhooks", "events", "Pastries")
    run(data, "webhooks", "add", "Pastries", "http://10.0.0.1/", code=4)
    with receiving() as receiver:
        url = receiver.url
        made = run_json(data, "webhooks", "add", "Pastries", url, "--event", "version.frozen")
        assert made["event_types"] == ["version.frozen"] and made["secret"].startswith("whsec_")
        assert "on; version.frozen" in run(data, "webhooks", "list", "Pastries").replace("\n", " ")
        changed = run_json(data, "webhooks", "update", "Pastries", url, "--off", "--event", "import.finished")
        assert (changed["is_active"], changed["event_types"]) == (False, ["import.finished"])
        assert run_json(data, "webhooks", "rotate-secret", "Pastries", url)["secret"] != made["secret"]
        run(data, "webhooks", "test", "Pastries", url)
        with modelyard.connect(data) as client:  # Here somebody stays long enough for the worker to send it.
            hooks = client.projects.get("Pastries").webhooks
            while hooks.deliveries(url)[0]["state"] == "waiting":
                pass
        (row,) = run_json(data, "webhooks", "log", "Pastries", url, "--state", "delivered")
        assert "delivered after 1 attempts: answered 204" in run(data, "webhooks", "log", "Pastries", url)
        assert "1 will be sent again." in run(data, "webhooks", "replay", "Pastries", url, row["id"])
        assert receiver.messages[0].headers["webhook-id"] == row["message_id"]
        run(data, "webhooks", "delete", "Pastries", url)
    run(data, "webhooks", "log", "Pastries", url, code=3)
