"""The report of a model in a real browser: words, figures, the matrix that opens pictures, and what to do next."""

from typing import Any

import pytest

from tests.browser.conftest import Installation, Trained, start_run


@pytest.fixture
def report(page: Any, trained: Trained) -> Any:
    """Open the report of the trained model."""
    page.goto(f"/projects/{trained.project_id}/models/{trained.model_id}")
    page.wait_for_selector("[data-testid=headline]")
    return page


def test_headline_and_interval_are_in_words(report: Any, installation: Installation, trained: Trained) -> None:
    found = installation.json("GET", f"/models/{trained.model_id}/evaluations")["report"]
    text = report.inner_text("[data-testid=headline]")
    assert found["words"]["headline"] in text
    assert "between" in text


def test_cell_of_the_matrix_opens_its_pictures(report: Any) -> None:
    report.click("[data-cell='plum>plum']")
    report.wait_for_selector("[data-testid=cell-pictures] img")
    assert "plum" in report.inner_text("[data-testid=cell-pictures]")


def test_matrix_is_walked_by_keyboard(report: Any) -> None:
    report.focus("[role=application]")
    report.keyboard.press("ArrowRight")
    report.keyboard.press("Enter")
    report.wait_for_selector("[data-testid=cell-pictures] img")


def test_classes_are_sorted_by_a_click(report: Any) -> None:
    report.click("th >> text=Class")
    names = report.locator("table tbody tr td:first-child").all_inner_texts()
    assert names == sorted(names)


def test_undecided_pictures_go_back_to_the_queue(report: Any) -> None:
    report.click("text=Label the undecided ones again")
    report.wait_for_selector("[data-testid=next] [role=status]")


def test_two_models_are_compared(page: Any, installation: Installation, trained: Trained) -> None:
    other = start_run(installation, trained.project_id)
    page.goto(f"/projects/{trained.project_id}/models/{other['model_id']}?against={trained.model_id}")
    page.wait_for_selector("text=Both are right")


def test_list_shows_accuracy_and_wish(page: Any, trained: Trained) -> None:
    page.goto(f"/projects/{trained.project_id}/models")
    text = page.locator("[data-testid=model]").last.inner_text()
    assert "between" in text
    assert "wish" in text
