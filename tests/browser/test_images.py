"""Images in a real browser: bringing in, going on after a closed tab, looking through, labelling and deleting many."""

import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert

from modelyard.server.tables import Image, new_id, now
from tests.browser.conftest import KINDS, Installation, Trained, draw


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder of pictures in class folders, with a twin, a wrong file and an empty one."""
    root = tmp_path / "table"
    for kind in KINDS:
        (root / kind).mkdir(parents=True)
        for seed in range(4):
            (root / kind / f"{seed}.jpg").write_bytes(draw(kind, seed))
    shutil.copy(root / "bun" / "0.jpg", root / "bun" / "same.jpg")
    (root / "leaf" / "wrong.jpg").write_text("not a picture")
    (root / "leaf" / "empty.jpg").write_bytes(b"")
    return root


def test_folder_becomes_labelled_pictures_and_a_report(page: Any, installation: Installation, folder: Path) -> None:
    project_id = installation.project("Folder", classes=False)
    page.goto(f"/projects/{project_id}/images")
    page.get_by_test_id("choose-folder").set_input_files(folder)
    page.get_by_role("button", name="Add them").click()
    report = page.get_by_test_id("import-report")
    report.locator("text=12 pictures added").wait_for(timeout=60_000)
    report.locator("text=1 already here").wait_for()
    report.locator("text=2 refused").wait_for()
    page.wait_for_selector("[data-testid=grid][data-loaded='12']")
    assert set(installation.class_ids(project_id)) == set(KINDS)
    page.click("text=See each file")
    page.wait_for_selector("[role=dialog] >> text=wrong.jpg")
    with page.expect_download() as download:
        page.click("text=Download as CSV")
    assert "wrong.jpg" in download.value.path().read_text()


def test_upload_goes_on_after_a_closed_tab(page: Any, installation: Installation, folder: Path) -> None:
    project_id = installation.project("Closed tab")
    first = (folder / "bun" / "1.jpg").read_bytes()
    names = {path.name: path.stat().st_size for path in sorted((folder / "bun").iterdir())}
    body = {"source": "5 files", "files": [{"name": name, "size_bytes": size} for name, size in names.items()]}
    begun = installation.json("POST", f"/projects/{project_id}/imports", json=body)
    file_id = next(file["id"] for file in begun["files"] if file["name"] == "1.jpg")
    installation.json("PUT", f"/imports/{begun['id']}/files/{file_id}/content?offset=0", content=first)
    page.goto(f"/projects/{project_id}/images")
    page.wait_for_selector("[data-testid=unfinished] >> text=4 files have not arrived")
    page.get_by_test_id("choose-files").set_input_files(sorted((folder / "bun").iterdir()))
    page.get_by_test_id("import-report").locator("text=4 pictures added").wait_for(timeout=60_000)
    assert len(installation.json("GET", f"/projects/{project_id}/imports")["items"]) == 1


def test_many_are_labelled_with_a_digit_and_the_step_is_undone(page: Any, installation: Installation) -> None:
    project_id = installation.project("Digits")
    installation.fill(project_id, 4)
    page.goto(f"/projects/{project_id}/images")
    tiles = page.locator("[data-testid=grid] button")
    tiles.nth(1).click()
    page.wait_for_selector("[data-testid=details]")
    tiles.nth(4).click(modifiers=["Shift"])
    page.wait_for_selector("text=4 pictures chosen")
    page.keyboard.press("2")
    page.wait_for_selector("text=4 pictures: leaf")
    path = f"/projects/{project_id}/images/counts"
    assert installation.json("GET", path, params={"labelled": True})["total"] == 4
    page.keyboard.press("Control+z")
    page.wait_for_selector("text=Taken back.")
    assert installation.json("GET", path, params={"labelled": True})["total"] == 0


def test_all_are_chosen_deleted_and_brought_back(page: Any, installation: Installation) -> None:
    project_id = installation.project("All of them")
    installation.fill(project_id, 3)
    page.goto(f"/projects/{project_id}/images")
    page.wait_for_selector("[data-testid=grid] button")
    page.keyboard.press("Control+a")
    page.wait_for_selector("text=9 pictures chosen")
    page.keyboard.press("Delete")
    page.wait_for_selector("text=9 pictures deleted.")
    page.locator(".mantine-Notification-root >> text=Undo").click()
    page.wait_for_selector("[data-testid=grid][data-loaded='9']")


def test_filters_stand_in_the_address_and_as_chips(page: Any, installation: Installation) -> None:
    project_id = installation.project("Filters")
    installation.label(project_id, installation.fill(project_id, 2))
    page.goto(f"/projects/{project_id}/images")
    page.get_by_role("button", name="Filter").click()
    page.get_by_role("checkbox", name="plum").check()
    page.wait_for_selector("[data-testid=grid][data-loaded='2']")
    page.reload()
    page.wait_for_selector("[data-testid=chips] >> text=plum")
    page.wait_for_selector("text=2 pictures of 6")
    page.click("text=Clear all filters")
    page.wait_for_selector("[data-testid=grid][data-loaded='6']")


def test_nonsense_in_the_address_is_passed_over(page: Any, installation: Installation) -> None:
    project_id = installation.project("Nonsense")
    installation.fill(project_id, 1)
    page.goto(f"/projects/{project_id}/images?class=&split=moon&min=many&sort=upwards&image=x")
    page.wait_for_selector("[data-testid=grid][data-loaded='3']")


def test_search_that_finds_nothing_says_what_to_do(page: Any, installation: Installation) -> None:
    project_id = installation.project("Nothing found")
    installation.fill(project_id, 1)
    page.goto(f"/projects/{project_id}/images?name=zebra")
    page.wait_for_selector("text=No picture matches")


def test_does_not_belong_and_not_sure_are_keys_here_too(page: Any, installation: Installation) -> None:
    project_id = installation.project("Other answers")
    installation.fill(project_id, 1)
    page.goto(f"/projects/{project_id}/images")
    tiles = page.locator("[data-testid=grid] button")
    tiles.nth(0).click()
    page.wait_for_selector("[data-testid=details]")
    page.keyboard.press("x")
    page.wait_for_selector("text=1 picture: Does not belong")
    tiles.nth(1).click()
    page.keyboard.press("n")
    page.wait_for_selector("text=1 picture: Not sure")
    counts = installation.json("GET", f"/projects/{project_id}/images/counts")
    assert counts["facets"]["answer"] == {"does_not_belong": 1, "not_sure": 1, "none": 1}
    page.keyboard.press("?")
    page.wait_for_selector("[role=dialog] >> text=Not sure")


def test_similar_pictures_lead_on(page: Any, trained: Trained) -> None:
    image_id = next(image_id for image_id, kind in trained.kinds.items() if kind == "leaf")
    page.goto(f"/projects/{trained.project_id}/images?image={image_id}")
    similar = page.locator("[data-testid=similar] button")
    similar.first.wait_for()
    assert similar.count() == 12
    assert "leaf" in similar.first.get_attribute("title")
    similar.first.click()
    page.wait_for_function(f"!location.search.includes('{image_id}')")


def test_the_end_of_a_long_list_comes_without_what_lies_between(page: Any, installation: Installation) -> None:
    project_id = installation.project("Long")
    with installation.services.db.write() as session:
        session.execute(insert(Image), [bare_image(UUID(project_id), number) for number in range(5_000)])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/images?" in request.url else None)
    page.goto(f"/projects/{project_id}/images?sort=name")
    page.wait_for_selector("[data-testid=grid] button[title='0000.jpg']")
    page.keyboard.press("Control+a")
    page.wait_for_selector("text=5,000 pictures chosen")
    page.locator("[data-testid=grid]").evaluate("grid => grid.scrollTo(0, grid.scrollHeight)")
    page.wait_for_selector("[data-testid=grid] button[title='4999.jpg'][data-selected]")
    assert len(asked) <= 4


def bare_image(project_id: UUID, number: int) -> dict[str, Any]:
    """Return the row of a picture without a file."""
    facts = {"format": "jpeg", "size_bytes": 1, "width": 200, "height": 160, "dhash": number, "created_at": now()}
    facts |= {"brightness": 0.5, "contrast": 0.2, "sharpness": 1.0, "is_reserved": False, "name": f"{number:04}.jpg"}
    return facts | {"id": (image_id := new_id()), "project_id": project_id, "content_hash": image_id.hex * 2}
