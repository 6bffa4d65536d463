"""Batches by the command line and the SDK below it: made, looked at, paused, put away."""

from pathlib import Path

from tests.cli.test_cli import pytestmark, run, run_json
from tests.factories.pictures import picture

__all__ = ["pytestmark"]


def test_made_looked_at_changed_and_put_away(tmp_path: Path) -> None:
    data, folder = tmp_path / "data", tmp_path / "pictures"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.jpg").write_bytes(picture(number))
    run_json(data, "projects", "create", "Pastries", "--classes", "bun,roll")
    assert "everybody labels the open queue" in run(data, "batches", "list", "Pastries")
    run_json(data, "import", "Pastries", str(folder))

    made = run_json(data, "batches", "add", "Pastries", "Two", "--count", "2", "--overlap", "2", "--order", "upload")
    assert (made["pictures"], made["wanted"], made["in_other_batches"]) == (2, 4, 0)
    rest = run(data, "batches", "add", "Pastries", "Rest", "--all")
    assert "Rest (open): 0 of 1 labels" in rest and "2 pictures wait in another batch" in rest
    assert "Two (paused)" in run(data, "batches", "change", "Pastries", "two", "--state", "paused")
    assert run_json(data, "batches", "show", "Pastries", "Two")["disputed_pictures"] == []
    run(data, "batches", "change", "Pastries", "Two", "--person", "bo@bakery.example", code=3)  # no member
    assert "Nothing to compare yet" in run(data, "agreement", "Pastries", "--batch", "two")
    assert "No picture has a known answer yet" in run(data, "gold", "list", "Pastries")
    assert run(data, "work", "Pastries", "--csv", str(tmp_path / "people.csv")).endswith("people.csv.\n")
    shared = run_json(data, "batches", "change", "Pastries", "Two", "--review-share", "0.5")
    assert (shared["review_share"], shared["to_review"]) == (0.5, 0)
    assert "come to review as they are labelled" in run(
        data, "reviews", "list", "Pastries", "two", "--state", "waiting"
    )
    run(data, "batches", "delete", "Pastries", "Two")
    assert [row["name"] for row in run_json(data, "batches", "list", "Pastries")] == ["Rest"]
