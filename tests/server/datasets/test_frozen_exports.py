"""A frozen version of what is drawn goes out in every format, as it was when it was frozen."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from .test_drawn_exports import BOX, HOLED, MASK, POLYGON, TURNED, Studio, again

FORMATS = ("jsonl", "coco", "yolo", "voc", "masks", "csv", "cvat", "label_studio", "hf_imagefolder", "datumaro")


class Vault(Studio):
    """A project of which versions are frozen and exported."""

    def freeze(self) -> dict[str, Any]:
        """Freeze what is done."""
        answer = self.client.post(f"/api/v1/projects/{self.project_id}/versions", json={})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def export_version(self, version: dict[str, Any], format_: str) -> tuple[dict[str, Any], bytes]:
        """Export a version; return the report and the archive."""
        body = {"format": format_, "version": version["id"]}
        started = self.client.post(f"/api/v1/projects/{self.project_id}/exports", json=body)
        assert started.status_code == 202, started.text
        self.run_jobs()
        job = self.client.get(f"/api/v1/jobs/{started.json()['id']}").json()
        assert job["state"] == "succeeded", job
        return job["result"], self.client.get(f"/api/v1/exports/{job['id']}/download").content


@pytest.fixture
def vault(owner: TestClient, run_jobs: Callable[[], int]) -> Vault:
    made = Vault(owner, run_jobs, "segmentation")
    made.draw(made.add("a.jpg", 10), ("bun", BOX), ("roll", HOLED), ("bun", MASK))
    made.draw(made.add("b.jpg", 60), ("roll", POLYGON), ("bun", TURNED))
    made.draw(made.add("nothing.jpg", 110))
    made.draw(made.add("unfinished.jpg", 160), ("bun", BOX), answer=None)
    return made


@pytest.mark.parametrize("format_", FORMATS)
def test_a44_a_version_goes_out_in_every_format(vault: Vault, format_: str) -> None:
    version = vault.freeze()
    report, archive = vault.export_version(version, format_)
    assert report["annotations"] == version["images"] == 3
    names = zipfile.ZipFile(io.BytesIO(archive)).namelist()
    assert any("a.jpg" in name for name in names)
    assert not any("unfinished" in name for name in names)
    brought, _ = again(vault, archive, "segmentation")
    assert brought["annotations"] >= 2, brought


def test_what_comes_back_from_our_own_format_is_what_was_frozen(vault: Vault) -> None:
    before = {name: said for name, said in vault.drawn(vault.project_id).items() if said[0] == "objects"}
    version = vault.freeze()
    image_id = vault.client.get(f"/api/v1/versions/{version['id']}/images").json()["items"][0]["image"]["id"]
    shown = vault.client.get(f"/api/v1/images/{image_id}/objects").json()
    body = {"delete": [row["id"] for row in shown["objects"]], "answer": "objects"}
    path = f"/api/v1/images/{image_id}/objects"
    vault.client.patch(path, json=body, headers={"If-Match": str(shown["revision"])})
    _, archive = vault.export_version(version, "jsonl")
    lines = zipfile.ZipFile(io.BytesIO(archive)).read("annotations.jsonl").decode().splitlines()
    assert json.loads(lines[0])["task"] == "segmentation"
    first = next(row for row in map(json.loads, lines[1:]) if row["file_name"] == "a.jpg")
    assert {"id", "z", "source"} <= first["objects"][0].keys()
    _, fresh = again(vault, archive, "segmentation")
    assert vault.drawn(fresh) == before


def test_croissant_describes_a_frozen_version(vault: Vault) -> None:
    version = vault.freeze()
    _, archive = vault.export_version(version, "croissant")
    files = zipfile.ZipFile(io.BytesIO(archive))
    about = json.loads(files.read("croissant.json"))
    assert about["version"] == "1.0.0"
    assert about["datePublished"] == version["created_at"][:10]
    rows = [json.loads(line) for line in files.read("images.jsonl").splitlines()]
    assert sorted(row["content_url"] for row in rows) == ["images/a.jpg", "images/b.jpg", "images/nothing.jpg"]
    assert {row["split"] for row in rows} <= {"train", "val", "test"}
    assert len(files.read("objects.jsonl").splitlines()) == 5
