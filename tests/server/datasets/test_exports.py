import csv
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from PIL import Image as Picture

from modelyard.engine.pixels import read_rgb
from modelyard.formats import csv_table, folders, jsonl
from modelyard.server.events import ImagesAdded
from modelyard.server.kit.events import publish
from modelyard.server.services import AppServices
from modelyard.server.tables import Job
from tests.factories.dicom import PATIENT, SECRET, dicom, ramp
from tests.factories.images import image_row
from tests.server.datasets.conftest import Shelf

NAMES = {
    "in/croissant 1.jpg": "croissant",
    "in/croissant 2.jpg": "croissant",
    "other/croissant 1.jpg": "croissant",
    "=cmd|calc.jpg": "bagel",
    "Brötchen.jpg": "bagel",
    "unlabelled.jpg": None,
}


def photo(number: int) -> bytes:
    out, tags = io.BytesIO(), Picture.Exif()
    tags[0x013B] = "Ana's telephone"
    Picture.new("RGB", (16, 12), (number * 20, 0, 0)).save(out, "JPEG", exif=tags)
    return out.getvalue()


@pytest.fixture
def filled(shelf: Shelf, services: AppServices) -> dict[str, bytes]:
    """Fill the project with real pictures and return their bytes by name."""
    files = {name: photo(number) for number, name in enumerate(NAMES)}
    with services.db.write() as session:
        rows = {}
        for name, data in files.items():
            values = {"content_hash": services.blobs.put(data), "size_bytes": len(data), "width": 16, "height": 12}
            rows[name] = image_row(UUID(shelf.project_id), name=name, **values)
        session.add_all(rows.values())
        session.flush()
        labels = {rows[name].id: UUID(shelf.classes[label]) for name, label in NAMES.items() if label}
        publish(session, ImagesAdded(UUID(shelf.project_id), [row.id for row in rows.values()], labels=labels))
    return files


@pytest.fixture
def export(shelf: Shelf, run_jobs: Callable[[], int]) -> Callable[..., tuple[dict[str, Any], zipfile.ZipFile]]:
    """Return a function that exports and downloads."""

    def export_(format_: str, **body: Any) -> tuple[dict[str, Any], zipfile.ZipFile]:
        address = f"/api/v1/projects/{shelf.project_id}/exports"
        answer = shelf.client.post(address, json={"format": format_, **body})
        assert answer.status_code == 202, answer.text
        run_jobs()
        job = shelf.client.get(f"/api/v1/jobs/{answer.json()['id']}").json()
        assert job["state"] == "succeeded", job
        download = shelf.client.get(f"/api/v1/exports/{job['id']}/download")
        assert download.status_code == 200, download.text
        assert job["result"]["filename"] in download.headers["content-disposition"]
        assert len(download.content) == job["result"]["size_bytes"]
        return job["result"], zipfile.ZipFile(io.BytesIO(download.content))

    return export_


Export = Callable[..., tuple[dict[str, Any], zipfile.ZipFile]]


def test_export__jsonl_keeps_names_labels_and_classes(filled: dict[str, bytes], export: Export) -> None:
    result, archive = export("jsonl")
    assert (result["images"], result["annotations"], result["lost"]) == (6, 5, {})
    listing = jsonl.read(archive.read("annotations.jsonl"))
    assert not listing.faults
    assert {entry.content_hash for entry in listing.entries} and len(listing.entries) == 6
    by_plain = {entry.name.replace("_", "|"): entry for entry in listing.entries}
    assert {name: entry.class_name for name, entry in by_plain.items()} == NAMES
    assert [row["name"] for row in listing.classes] == ["croissant", "bagel"]
    assert listing.entries[0].width == 16
    assert set(archive.namelist()) == {"annotations.jsonl", *(entry.name for entry in listing.entries)}


def test_export__csv_is_no_formula_and_reads_back(filled: dict[str, bytes], export: Export) -> None:
    result, archive = export("csv")
    data = archive.read("labels.csv")
    cells = [cell for row in csv.reader(io.StringIO(data.decode())) for cell in row]
    assert not any(cell.startswith("=") for cell in cells)
    listing = csv_table.read(data)
    assert {entry.name.replace("_", "|"): entry.class_name for entry in listing.entries} == NAMES
    assert {entry.name for entry in listing.entries} == set(archive.namelist()) - {"labels.csv"}
    assert result["lost"]["authors, times and revisions"] == 5


def test_export__folders_read_back(filled: dict[str, bytes], export: Export) -> None:
    result, archive = export("folders")
    entries = folders.read(archive.namelist())
    assert sorted(str(entry.class_name) for entry in entries) == sorted(str(label) for label in NAMES.values())
    assert "croissant/croissant 1.jpg" in archive.namelist()
    assert "croissant/croissant 1 (2).jpg" in archive.namelist()
    assert result["lost"]["folders in names"] == 3


def test_export__metadata_only_when_asked(filled: dict[str, bytes], export: Export) -> None:
    _, plain = export("csv")
    _, full = export("csv", with_metadata=True)
    for name, data in filled.items():
        stored = name.replace("|", "_")
        assert full.read(stored) == data
        assert b"telephone" not in plain.read(stored)
        kept, original = (Picture.open(io.BytesIO(content)) for content in (plain.read(stored), data))
        assert kept.tobytes() == original.tobytes()


def test_a42_dicom_files_are_exported_without_the_patient_unless_asked(shelf: Shelf, export: Export) -> None:
    data = dicom(ramp())
    address = f"/api/v1/projects/{shelf.project_id}/images"
    assert shelf.client.post(address, params={"name": "ward/scan.dcm"}, content=data).is_success
    _, plain = export("csv")
    _, full = export("csv", with_metadata=True)
    bare = plain.read("ward/scan.dcm")
    assert full.read("ward/scan.dcm") == data
    assert PATIENT.encode() in data and PATIENT.encode() not in bare and SECRET.encode() not in bare
    assert (read_rgb(bare) == read_rgb(data)).all()


def test_export__failed_or_foreign_ones_cannot_be_downloaded(
    shelf: Shelf, filled: dict[str, bytes], stranger: TestClient, services: AppServices
) -> None:
    address = f"/api/v1/projects/{shelf.project_id}/exports"
    job = shelf.client.post(address, json={"format": "csv"}).json()
    assert shelf.client.get(f"/api/v1/exports/{job['id']}/download").status_code == 409
    assert stranger.get(f"/api/v1/exports/{job['id']}/download").status_code == 404
    assert stranger.post(address, json={"format": "csv"}).status_code == 404


def test_export__latest_is_what_there_is_before_anything_is_frozen(
    shelf: Shelf, filled: dict[str, bytes], run_jobs: Callable[[], int]
) -> None:
    address = f"/api/v1/projects/{shelf.project_id}/exports"
    asked = [
        shelf.client.post(address, json={"format": "csv", "version": v}).json()["id"] for v in ("latest", "current")
    ]
    run_jobs()
    results = [shelf.client.get(f"/api/v1/jobs/{job_id}").json()["result"] for job_id in asked]
    assert results[0]["blob"] == results[1]["blob"] and results[0]["images"] == len(filled)


def test_a14_a_cancelled_export_leaves_nothing_behind(
    shelf: Shelf, filled: dict[str, bytes], services: AppServices, run_jobs: Callable[[], int]
) -> None:
    job = shelf.client.post(f"/api/v1/projects/{shelf.project_id}/exports", json={"format": "csv"}).json()
    with services.db.write() as session:
        session.get_one(Job, UUID(job["id"])).cancel_requested = True
    run_jobs()
    assert shelf.client.get(f"/api/v1/jobs/{job['id']}").json()["state"] == "cancelled"
    left = services.settings.data / "exports"
    assert not left.exists() or not list(left.iterdir())


def test_export__coco_holds_what_tools_look_for_and_says_what_it_loses(
    filled: dict[str, bytes], export: Export
) -> None:
    result, archive = export("coco", version="current")
    found = json.loads(archive.read("annotations.json"))
    assert (result["images"], result["annotations"]) == (len(found["images"]), len(found["annotations"])) == (6, 5)
    assert {row["file_name"] for row in found["images"]} | {"annotations.json"} == set(archive.namelist())
    assert {(row["width"], row["height"]) for row in found["images"]} == {(16, 12)}
    assert [row["name"] for row in found["categories"]] == ["croissant", "bagel"]
    assert result["lost"]["authors, times and revisions"] == 5
