"""Choosing the network that looks at a project's pictures."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from modelyard.engine.backbones import DEFAULT
from modelyard.server.features import networks
from modelyard.server.services import AppServices
from tests.factories.networks import write_backbone


def add_picture(client: TestClient, project_id: str, color: tuple[int, int, int]) -> str:
    noise = np.random.default_rng(sum(color)).integers(0, 30, (64, 64, 3))
    out = io.BytesIO()
    Image.fromarray((np.array(color) + noise).astype(np.uint8)).save(out, "PNG")
    answer = client.post(f"/api/v1/projects/{project_id}/images?name=a.png", content=out.getvalue())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["image"]["id"])


@pytest.fixture
def choose(owner: TestClient, project: dict[str, Any]) -> Callable[..., Any]:
    def ask(backbone: str | Path, client: TestClient = owner) -> Any:
        return client.put(f"/api/v1/projects/{project['id']}/backbone", json={"backbone": str(backbone)})

    return ask


def test_a_brought_network_is_kept_and_looks_at_every_picture(
    owner: TestClient,
    project: dict[str, Any],
    services: AppServices,
    choose: Callable[..., Any],
    run_jobs: Callable[[], int],
    tmp_path: Path,
) -> None:
    brought = write_backbone(tmp_path / "brought")
    answer = choose(brought.onnx_path)
    assert answer.status_code == 200, answer.text
    name = answer.json()["settings"]["backbone"]
    assert name == f"brought-{brought.card.sha256[:12]}"

    shutil.rmtree(tmp_path / "brought")
    first = add_picture(owner, project["id"], (200, 20, 20))
    second = add_picture(owner, project["id"], (20, 20, 200))
    run_jobs()

    (found,) = owner.get(f"/api/v1/images/{first}/similar").json()
    assert found["image"]["id"] == second
    assert networks.load(services.blobs, name).card.dimensions == 64


def test_another_file_of_the_same_name_is_another_backbone(choose: Callable[..., Any], tmp_path: Path) -> None:
    names = {
        choose(write_backbone(tmp_path / str(scale), scale=scale).onnx_path).json()["settings"]["backbone"]
        for scale in (1.0, 2.0)
    }
    assert len(names) == 2


def test_one_can_go_back_to_the_bundled_one_and_to_one_used_before(choose: Callable[..., Any], tmp_path: Path) -> None:
    name = choose(write_backbone(tmp_path).onnx_path).json()["settings"]["backbone"]
    assert choose(DEFAULT).json()["settings"]["backbone"] == DEFAULT
    assert choose(name).json()["settings"]["backbone"] == name


@pytest.mark.parametrize("name", ["efficientnet", "../../etc/passwd", "", "/missing/network.onnx"])
def test_what_is_no_backbone_is_not_found(choose: Callable[..., Any], name: str) -> None:
    answer = choose(name)
    assert answer.status_code == 404
    assert answer.json()["detail"].startswith("There is no backbone")


def test_a_card_that_is_none_is_answered_with_a_sentence(choose: Callable[..., Any], tmp_path: Path) -> None:
    brought = write_backbone(tmp_path)
    brought.onnx_path.with_suffix(".json").write_text("{}")
    assert choose(brought.onnx_path).json()["type"] == "/problems/backbone-damaged"


def test_only_administrators_bring_files_of_the_server(
    owner: TestClient, stranger: TestClient, project: dict[str, Any], choose: Callable[..., Any], tmp_path: Path
) -> None:
    path = write_backbone(tmp_path).onnx_path
    assert choose(path, stranger).status_code == 404
    owner.post(f"/api/v1/projects/{project['id']}/members", json={"email": "sam@bakery.example", "role": "manager"})
    assert choose(path, stranger).status_code == 403
    assert choose(DEFAULT, stranger).status_code == 200
