from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.server.datasets.conftest import Shelf
from tests.server.datasets.test_exports import NAMES, export, filled

__all__ = ["export", "filled"]


def bring(client: TestClient, project_id: str, name: str, data: bytes, run_jobs: Callable[[], int]) -> dict[str, Any]:
    body = {"files": [{"name": name, "size_bytes": len(data)}]}
    started = client.post(f"/api/v1/projects/{project_id}/imports", json=body).json()
    address = f"/api/v1/imports/{started['id']}"
    assert client.put(f"{address}/files/{started['files'][0]['id']}/content", content=data).status_code == 200
    assert client.post(f"{address}/finish").status_code == 202
    run_jobs()
    return client.get(address).json()


def labels(client: TestClient, project_id: str) -> list[tuple[str, str | None]]:
    classes = {row["id"]: row["name"] for row in client.get(f"/api/v1/projects/{project_id}/classes").json()}
    cards = client.get(f"/api/v1/projects/{project_id}/images", params={"limit": 100}).json()["items"]
    return sorted((card["name"], classes[card["answer"]["class_id"]] if card["answer"] else None) for card in cards)


@pytest.mark.parametrize("format_", ["jsonl", "csv", "folders"])
def test_export__imported_into_a_new_project_gives_the_same_labels(
    format_: str,
    shelf: Shelf,
    filled: dict[str, bytes],
    export: Callable[..., Any],
    run_jobs: Callable[[], int],
) -> None:
    _, archive = export(format_)
    archive.fp.seek(0)
    fresh = shelf.client.post("/api/v1/projects", json={"name": "Copy", "task": "classification"}).json()
    done = bring(shelf.client, fresh["id"], "export.zip", archive.fp.read(), run_jobs)
    assert (done["state"], done["added"], done["refused"], done["annotations"]) == ("finished", 6, 0, 5), done
    found = labels(shelf.client, fresh["id"])
    assert sorted(str(label) for _, label in found) == sorted(str(label) for label in NAMES.values())
    if format_ != "folders":
        assert {name.replace("_", "|"): label for name, label in found} == NAMES
