"""Labels that come again, by the command line: told, applied, taken back; and labels that match nothing."""

import json
from pathlib import Path

from tests.cli.test_cli import pytestmark, run, run_json
from tests.factories.pictures import picture

__all__ = ["pytestmark"]


def coco(path: Path, name: str, *corners: float) -> str:
    images = [{"id": 1, "file_name": name, "width": 64, "height": 48}]
    rows = [{"image_id": 1, "category_id": 1, "bbox": list(corners)}]
    path.write_text(json.dumps({"images": images, "categories": [{"id": 1, "name": "bun"}], "annotations": rows}))
    return str(path)


def test_told_applied_and_taken_back(tmp_path: Path) -> None:
    data, folder = tmp_path / "data", tmp_path / "trays"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(picture(1))
    coco(folder / "labels.json", "a.jpg", 1, 2, 10, 12)
    run_json(data, "projects", "create", "Trays", "--task", "detection", "--classes", "bun")
    first = run_json(data, "import", "Trays", str(folder))
    assert (first["added"], first["annotations"], first["changes"]) == (1, 1, None)

    again = run(data, "import", "Trays", str(folder / "labels.json"))
    assert "Compared the labels of 1 picture with their answers: nothing changed." in again

    moved = coco(tmp_path / "moved.json", "a.jpg", 2, 2, 10, 12)
    told = run(data, "import", "Trays", moved)
    assert (
        "The labels differ from the answers of 1 picture: 1 object changed." in told and "Nothing was changed." in told
    )
    shown = run_json(data, "imports", "show", "Trays")
    assert [row["image"]["name"] for row in shown["pictures"]] == ["a.jpg"]
    assert run_json(data, "imports", "apply", "Trays")["applied"] == 1
    assert run_json(data, "imports", "take-back", "Trays")["state"] == "taken_back"
    assert run_json(data, "import", "Trays", moved, "--apply")["changes"]["applied"] == 1
    assert len(run_json(data, "imports", "list", "Trays")) == 4


def test_a10_labels_that_match_nothing_end_with_an_error(tmp_path: Path) -> None:
    data = tmp_path / "data"
    run_json(data, "projects", "create", "Trays", "--task", "detection", "--classes", "bun")
    run(data, "import", "Trays", coco(tmp_path / "labels.json", "nowhere.jpg", 1, 2, 10, 12), code=7)
