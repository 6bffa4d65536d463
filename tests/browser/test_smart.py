"""People find things with the smart tool: by colour, with networks that get the picture ready, and along edges."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from modelyard.geometry import masks
from modelyard.geometry.shapes import from_json, to_mask
from tests.browser.conftest import Installation
from tests.browser.test_draw import HEIGHT, WIDTH, Surface
from tests.factories.pictures import encode
from tests.factories.sam import write_pair
from tests.factories.scenes import Disc, iou, table

BUN = Disc(70, 80, 34, (150, 90, 40))
PLUM = Disc(150, 60, 24, (90, 40, 120))


def opened(page: Any, installation: Installation, name: str, task: str, images: int = 1) -> Surface:
    """Open a project with pictures of a bun and a plum."""
    body = {"name": name, "task": task, "classes": ["bun", "plum"]}
    project_id = installation.json("POST", "/projects", json=body)["id"]
    for seed in range(images):
        data = encode(Image.fromarray(table([BUN, PLUM], width=WIDTH, height=HEIGHT, seed=seed)))
        installation.json("POST", f"/projects/{project_id}/images", params={"name": f"{seed}.png"}, content=data)
    surface = Surface(page, installation, project_id).open()
    surface.press("s")
    return surface


def box(surface: Surface, disc: Disc) -> None:
    x1, y1, x2, y2 = disc.box
    surface.drag((x1, y1), ((x1 + x2) / 2, (y1 + y2) / 2), (x2, y2))


def says(surface: Surface, text: str) -> None:
    """Wait until the line below the picture says so."""
    surface.page.get_by_test_id("said").get_by_text(text).wait_for()


def area(entry: dict[str, Any]) -> np.ndarray:
    return masks.paste(to_mask(from_json(entry["shape"]), WIDTH, HEIGHT), WIDTH, HEIGHT)


@pytest.fixture
def networks(installation: Installation, tmp_path: Path) -> Iterator[None]:
    """Give the installation a SAM-class pair for one test."""
    encoder, decoder = write_pair(tmp_path)
    body = {"encoder": str(encoder), "decoder": str(decoder)}
    assert installation.json("PUT", "/smart/networks", json=body)["state"] == "ready"
    yield
    installation.json("DELETE", "/smart/networks")


def test_a_box_and_clicks_cut_a_thing_out_by_colour(page: Any, installation: Installation) -> None:
    surface = opened(page, installation, "smart by colour", "segmentation")
    page.locator('[data-testid=smart-state][data-state="none"]').wait_for()
    box(surface, BUN)
    says(surface, "By colour")
    surface.expect(0)
    surface.press("Enter")
    surface.expect(1)
    surface.click(PLUM.x, PLUM.y)
    says(surface, "By colour")
    surface.click(10, 150, button="right")
    says(surface, "By colour")
    surface.press("Backspace", "Enter")
    surface.expect(2)
    bun, plum = sorted(surface.saved(), key=lambda entry: min(entry["shape"]["rings"][0][::2]))  # from the left
    assert [bun["shape"]["type"], plum["shape"]["type"]] == ["polygon", "polygon"]
    assert iou(area(bun), BUN.mask(WIDTH, HEIGHT)) > 0.93
    assert iou(area(plum), PLUM.mask(WIDTH, HEIGHT)) > 0.93
    surface.press("Control+z")
    surface.expect(1)
    surface.press("Control+y")
    surface.expect(2)


def test_escape_leaves_nothing_and_another_tool_neither(page: Any, installation: Installation) -> None:
    surface = opened(page, installation, "smart escape", "segmentation")
    for leave in ("Escape", "v"):
        surface.press("s")
        box(surface, BUN)
        says(surface, "By colour")
        surface.press(leave, "Enter")
        surface.expect(0)


def test_what_is_found_becomes_a_tight_box_or_a_mask_where_that_is_wanted(
    page: Any, installation: Installation
) -> None:
    surface = opened(page, installation, "smart boxes", "detection")
    surface.drag((20, 30), (125, 135))
    says(surface, "By colour")
    surface.press("Enter")
    surface.expect(1)
    (found,) = surface.saved()
    assert found["shape"]["type"] == "box"
    wanted = [BUN.x - BUN.radius, BUN.y - BUN.radius, BUN.x + BUN.radius, BUN.y + BUN.radius]
    assert np.abs([found["shape"][name] for name in ("x1", "y1", "x2", "y2")] - np.array(wanted)).max() < 4
    surface = opened(page, installation, "smart masks", "segmentation")
    page.get_by_test_id("options").get_by_text("Mask", exact=True).click()
    box(surface, BUN)
    says(surface, "By colour")
    surface.press("Enter")
    surface.expect(1)
    assert surface.saved()[0]["shape"]["type"] == "mask"


def test_in_an_area_project_what_is_found_is_painted_on_to_the_area_of_its_class(
    page: Any, installation: Installation
) -> None:
    surface = opened(page, installation, "smart areas", "semantic")
    for disc in (BUN, PLUM):
        box(surface, disc)
        says(surface, "By colour")
        surface.press("Enter")
        surface.expect(1)
    (found,) = surface.saved()
    assert found["shape"]["type"] == "mask"
    assert iou(area(found), BUN.mask(WIDTH, HEIGHT) | PLUM.mask(WIDTH, HEIGHT)) > 0.93


def test_a_walk_along_the_edge_becomes_a_polygon(page: Any, installation: Installation) -> None:
    surface = opened(page, installation, "smart edge", "segmentation")
    page.get_by_test_id("options").get_by_text("Edge", exact=True).click()
    for angle in np.linspace(0, 2 * np.pi, 6, endpoint=False):
        surface.click(BUN.x + BUN.radius * np.cos(angle), BUN.y + BUN.radius * np.sin(angle))
    surface.press("Backspace")
    surface.click(BUN.x + BUN.radius * np.cos(-1), BUN.y + BUN.radius * np.sin(-1))
    surface.press("Enter")
    surface.expect(1)
    (found,) = surface.saved()
    assert found["shape"]["type"] == "polygon"
    assert iou(area(found), BUN.mask(WIDTH, HEIGHT)) > 0.93


def test_a36_colours_answer_until_the_network_saw_the_picture_and_then_the_network(
    page: Any, installation: Installation, networks: None
) -> None:
    surface = opened(page, installation, "smart networks", "segmentation")
    box(surface, BUN)
    page.locator('[data-testid=smart-state][data-state="ready"]').wait_for()
    says(surface, "By the network")
    surface.press("Enter")
    surface.expect(1)
    assert iou(area(surface.saved()[0]), BUN.mask(WIDTH, HEIGHT)) > 0.8


def test_a37_the_next_picture_is_ready_when_it_comes_and_requests_do_not_grow(
    page: Any, installation: Installation, networks: None
) -> None:
    surface = opened(page, installation, "smart ahead", "segmentation", images=3)
    page.locator('[data-testid=smart-state][data-state="ready"]').wait_for()

    def all_seen() -> bool:
        return bool(installation.json("GET", "/smart/networks")["cached_pictures"] >= 3)

    installation.wait_for(all_seen)
    sizes, times = [], []
    page.on("request", lambda sent: sizes.append(len(sent.post_data or "")) if sent.url.endswith("/smart") else None)
    before = surface.image_id
    for number in range(1, 4):
        with page.expect_response(lambda reply: reply.url.endswith("/smart")) as found:
            surface.click(BUN.x, BUN.y)
        times.append(found.value.json()["milliseconds"])
        says(surface, "By the network")
        surface.press("Enter")
        surface.expect(number)
    surface.press("Control+Enter")
    surface.wait(before)
    page.locator('[data-testid=smart-state][data-state="ready"]').wait_for()
    with page.expect_response(lambda reply: reply.url.endswith("/smart")) as found:
        surface.click(BUN.x, BUN.y)
    assert found.value.json()["backend"] == "sam"
    assert len(set(sizes)) == 1
    assert min(times) < 300


def test_a_server_that_does_not_answer_is_told_below_the_picture(page: Any, installation: Installation) -> None:
    surface = opened(page, installation, "smart offline", "segmentation")
    page.route("**/smart", lambda route: route.abort())
    box(surface, BUN)
    says(surface, "The server did not answer")
    surface.expect(0)
    page.unroute("**/smart")
    box(surface, BUN)
    says(surface, "By colour")


def test_an_administrator_sends_networks_tries_and_forgets_them(page: Any, tmp_path: Path) -> None:
    encoder, decoder = write_pair(tmp_path)
    page.set_default_timeout(60_000)  # Networks are tried in a process of their own, which starts first.
    page.goto("/")
    page.get_by_test_id("user-menu").click()
    page.get_by_role("menuitem", name="Smart tool").click()
    card = page.locator("[data-testid=networks]")
    card.get_by_text("No network: colours and edges answer").wait_for()
    page.locator("input[type=file]").set_input_files([str(encoder), str(decoder)])
    page.get_by_text(f"{decoder.name}, {encoder.name}").wait_for()
    page.get_by_role("combobox", name="Encoder").fill(decoder.name)
    page.get_by_role("button", name="Check and use").click()
    page.get_by_role("alert").get_by_text("must have one input").wait_for()
    page.get_by_role("combobox", name="Encoder").fill(encoder.name)
    page.get_by_role("button", name="Check and use").click()
    page.locator('[data-testid=networks][data-state="ready"]').wait_for()
    card.get_by_text(encoder.name).wait_for()
    page.get_by_role("button", name="Use colours alone").click()
    page.locator('[data-testid=networks][data-state="none"]').wait_for()
