"""Projects in a real browser: making one, its home, its classes, its wishes, its end."""

from typing import Any

from tests.browser.conftest import Installation, Trained


def test_new_project_leads_to_a_home_that_says_what_to_do(page: Any) -> None:
    page.goto("/projects/new")
    page.fill("input[name=name]", "Rolls and loaves")
    page.get_by_role("combobox", name="Classes").fill("roll, loaf")
    page.click("text=Make project")
    page.wait_for_selector("[data-testid=next-step] >> text=Add pictures")
    page.click("[data-testid=next-step] a")
    page.wait_for_selector("[data-testid=drop-zone]")


def test_card_shows_pictures_counts_and_accuracy(page: Any, trained: Trained) -> None:
    page.goto("/")
    card = page.locator("[data-testid=project]", has_text="Table")
    card.locator("text=72 pictures").wait_for()
    card.locator("text=right").wait_for()
    assert card.locator("img").count() >= 3
    card.click()
    page.wait_for_url(f"**/projects/{trained.project_id}")


def test_classes_are_added_renamed_merged_and_the_merge_undone(page: Any, installation: Installation) -> None:
    project_id = installation.project("Classes")
    installation.label(project_id, installation.fill(project_id, 2))
    page.goto(f"/projects/{project_id}/settings?tab=classes")
    page.get_by_label("Add a class").fill("rye, wheat")
    page.get_by_label("Add a class").press("Enter")
    rows = page.locator("[data-testid=classes] tr")
    rows.nth(4).wait_for()
    name = rows.nth(3).get_by_label("Name of the class")
    name.fill("spelt")
    name.press("Enter")
    page.wait_for_selector("[data-testid=classes] input[value=spelt]")
    page.get_by_label("More for bun").click()
    page.click("[role=menuitem]:has-text('Merge into')")
    page.wait_for_selector("[data-testid=impact]")
    page.get_by_role("combobox", name="Give its pictures to").click()
    page.get_by_role("option", name="plum").click()
    page.get_by_role("button", name="Merge", exact=True).click()
    page.wait_for_selector("text=is now part of")
    assert rows.count() == 4
    page.locator(".mantine-Notification-root >> text=Undo").click()
    rows.nth(4).wait_for()
    assert set(installation.class_ids(project_id)) == {"bun", "leaf", "plum", "spelt", "wheat"}


def test_wishes_are_saved_as_they_are_made(page: Any, installation: Installation) -> None:
    project_id = installation.project("Wishes")
    page.goto(f"/projects/{project_id}/settings?tab=wishes")
    switch = page.get_by_role("switch", name="Left and right matter")
    switch.click(force=True)
    page.wait_for_selector("text=Saved.")
    assert switch.is_checked()
    assert installation.json("GET", f"/projects/{project_id}")["settings"]["left_right_matters"] is True


def test_deleted_project_comes_back_with_undo(page: Any, installation: Installation) -> None:
    project_id = installation.project("Gone for a moment")
    page.goto(f"/projects/{project_id}/settings?tab=project")
    page.get_by_role("button", name="Delete project").click()
    page.wait_for_selector("text=is deleted")
    page.locator(".mantine-Notification-root >> text=Undo").click()
    page.wait_for_selector("[data-testid=project] >> text=Gone for a moment")


def test_unknown_project_says_so(page: Any) -> None:
    page.goto("/projects/0190b8a0-0000-7000-8000-000000000001")
    page.wait_for_selector("text=There is nothing here")
