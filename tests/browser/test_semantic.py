"""People paint areas: one mask a class, and every pixel has one class at most."""

from typing import Any

import numpy as np
import pytest

from modelyard.geometry.kinds import Mask
from modelyard.geometry.masks import paste
from modelyard.geometry.shapes import from_json
from tests.browser.conftest import Installation
from tests.browser.test_draw import HEIGHT, WIDTH, Surface, project


@pytest.fixture
def areas(page: Any, installation: Installation, request: pytest.FixtureRequest) -> Surface:
    """Open a project in which areas are painted."""
    return Surface(page, installation, project(installation, request.node.name, "semantic")).open()


def painted(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the pixels of each class; no class has two masks."""
    masks: dict[str, Any] = {}
    for item in found:
        shape = from_json(item["shape"])
        assert isinstance(shape, Mask)
        assert item["class_id"] not in masks
        masks[item["class_id"]] = paste(shape, WIDTH, HEIGHT)
    return masks


def test_a_class_painted_over_another_takes_its_pixels_and_undo_gives_them_back(areas: Surface) -> None:
    areas.press("b")
    areas.drag((40, 60), (120, 60))
    areas.drag((40, 70), (120, 70))
    areas.expect(1)
    before = painted(areas.saved())
    areas.press("2")
    areas.drag((80, 40), (80, 110))
    areas.expect(2)
    after = painted(areas.saved())
    assert np.sum(list(after.values()), axis=0).max() == 1
    (bun,) = before
    assert 0 < after[bun].sum() < before[bun].sum()
    areas.press("Control+z")
    areas.expect(1)
    assert (painted(areas.saved())[bun] == before[bun]).all()


def test_the_eraser_takes_whatever_lies_under_it_but_what_is_locked(areas: Surface) -> None:
    areas.press("b")
    areas.drag((40, 60), (120, 60))
    areas.press("2")
    areas.drag((40, 100), (120, 100))
    areas.expect(2)
    areas.page.get_by_role("button", name="Lock").first.click()
    kept = painted(areas.saved())
    areas.press("e")
    for x in range(40, 125, 8):
        areas.drag((x, 40), (x, 120))
    areas.expect(1)
    (left,) = painted(areas.saved()).items()
    assert (kept[left[0]] == left[1]).all()
