"""People look closely: at every pixel of very large pictures, and at values finer than bytes through a window."""

import io
import re
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from modelyard.server.images.tiles import to_png
from tests.browser.conftest import Installation
from tests.browser.test_draw import MARGIN, Surface
from tests.factories.dicom import dicom
from tests.factories.pictures import encode

SPOT = (7654, 4321, 7691, 4344)  # a dark rectangle, in pixels of the picture


def opened(page: Any, installation: Installation, name: str, data: bytes) -> Surface:
    """Make a project of one picture and open it for drawing boxes."""
    body = {"name": name, "task": "detection", "classes": ["spot"]}
    project_id = installation.json("POST", "/projects", json=body)["id"]
    installation.json("POST", f"/projects/{project_id}/images", params={"name": "a"}, content=data, timeout=300)
    return Surface(page, installation, project_id).open()


def screen(surface: Surface) -> NDArray[np.uint8]:
    """Return what the surface shows, shape (H, W, 3)."""
    shot = surface.page.get_by_test_id("surface").screenshot()
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB"))


def zoomed(surface: Surface, at: tuple[float, float], size: tuple[int, int], scale: float) -> None:
    """Bring a point of a picture of this size close, with no guides over it."""
    surface.press("v")
    box = surface.page.get_by_test_id("surface").bounding_box()
    fit = min((box["width"] - 2 * MARGIN) / size[0], (box["height"] - 2 * MARGIN) / size[1])
    left, top = (box["width"] - size[0] * fit) / 2, (box["height"] - size[1] * fit) / 2
    surface.page.mouse.move(box["x"] + left + at[0] * fit, box["y"] + top + at[1] * fit)
    turn = -np.log(scale / fit) / np.log(1.0016)
    for _ in range(8):  # One turn of the wheel zooms by so much at most.
        surface.page.mouse.wheel(0, turn / 8)


def dark_frame(surface: Surface) -> tuple[int, int, int, int] | None:
    """Return where the dark rectangle is on the surface, if it is there and sharp."""
    shown = screen(surface).astype(int)
    dark = shown.max(axis=2) < 40
    rows, columns = np.flatnonzero(dark.sum(axis=1) > 100), np.flatnonzero(dark.sum(axis=0) > 60)
    if not len(rows) or not len(columns):
        return None
    frame = int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
    is_full = dark[frame[1] : frame[3], frame[0] : frame[2]].mean() > 0.99
    return frame if is_full and shown[frame[1] + 5, frame[0] - 3].min() > 150 else None


def test_a43_a_box_on_a_60_megapixel_picture_is_drawn_to_the_pixel(page: Any, installation: Installation) -> None:
    size = (10_000, 6000)
    pixels = np.full((size[1], size[0], 3), 225, np.uint8)
    pixels[::64] = pixels[:, ::64] = 190
    pixels[SPOT[1] : SPOT[3], SPOT[0] : SPOT[2]] = 10
    surface = opened(page, installation, "Sixty megapixels", to_png(pixels))
    zoomed(surface, ((SPOT[0] + SPOT[2]) / 2, (SPOT[1] + SPOT[3]) / 2), size, 8)
    found = installation.wait_for(lambda: dark_frame(surface), seconds=60)
    assert (found[2] - found[0], found[3] - found[1]) == (
        pytest.approx(37 * 8, abs=2),
        pytest.approx(23 * 8, abs=2),
    )
    box = page.get_by_test_id("surface").bounding_box()
    surface.press("r")
    page.mouse.move(box["x"] + found[0], box["y"] + found[1])
    page.mouse.down()
    page.mouse.move(box["x"] + found[2], box["y"] + found[3], steps=4)
    page.mouse.up()
    surface.expect(1)
    shape = surface.saved()[0]["shape"]
    drawn = [shape[name] for name in ("x1", "y1", "x2", "y2")]
    assert np.abs(np.array(drawn) - SPOT).max() < 0.5, drawn


def test_a41_a_turned_photo_is_sharp_and_upright_at_deep_zoom(page: Any, installation: Installation) -> None:
    size = (3000, 4000)
    upright = np.full((size[1], size[0], 3), 225, np.uint8)
    upright[3210:3233, 1500:1537] = 10
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = Image.fromarray(np.ascontiguousarray(np.rot90(upright)))
    surface = opened(page, installation, "Turned", encode(lying, "JPEG", exif=exif, quality=95))
    zoomed(surface, (1518, 3221), size, 8)
    found = installation.wait_for(lambda: dark_frame(surface))
    assert (found[2] - found[0], found[3] - found[1]) == (pytest.approx(296, abs=4), pytest.approx(184, abs=4))
    page.mouse.move(page.get_by_test_id("surface").bounding_box()["x"] + found[0] + 4, _y(page) + found[1] + 4)
    page.get_by_text(re.compile(r"at 1500, 3210")).wait_for()


def _y(page: Any) -> float:
    return float(page.get_by_test_id("surface").bounding_box()["y"])


def test_a42_a_dicom_file_opens_its_window_is_dragged_and_values_are_told(
    page: Any, installation: Installation
) -> None:
    values = np.add.outer(np.arange(512), np.arange(512)).astype(np.int16) - 200
    data = dicom(values, Modality="CT", WindowCenter=[40, 400], WindowWidth=[400, 900], RescaleIntercept=-24)
    surface = opened(page, installation, "Scans", data)
    where = page.get_by_test_id("where")
    box = page.get_by_test_id("surface").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2 + 20, box["y"] + box["height"] / 2 - 30)
    where.get_by_text(re.compile("value .* HU")).wait_for()
    said = re.search(r"at (\d+), (\d+) · value (-?[\d,]+)(?:\.\d)? HU", where.inner_text())
    assert said is not None, where.inner_text()
    x, y, value = (int(part.replace(",", "")) for part in said.groups())
    assert value == values[y, x] - 24

    before = screen(surface).mean()
    surface.press("w")
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 20, box["y"] + box["height"] / 2 + 120, steps=10)
    page.mouse.up()
    assert abs(screen(surface).mean() - before) > 8
    assert surface.kept() == []
    page.get_by_role("button", name="Light and contrast").click()
    chosen = page.get_by_test_id("window").inner_text()
    page.get_by_role("button", name="File 2").click()
    page.locator("[data-testid=window]", has_text="-50 to 849").wait_for()
    assert "-50 to 849" not in chosen
    page.keyboard.press("Escape")

    installation.wait_for(lambda: "[-50,849]" in page.evaluate("JSON.stringify(localStorage)"))
    surface.open()
    page.get_by_role("button", name="Light and contrast").click()
    page.locator("[data-testid=window]", has_text="-50 to 849").wait_for()
    page.keyboard.press("Escape")
    surface.press("Shift+W")
    installation.wait_for(lambda: abs(screen(surface).mean() - before) < 2)


def test_light_of_plain_pictures_is_seen_kept_and_taken_back(page: Any, installation: Installation) -> None:
    dark = np.full((300, 400, 3), 12, np.uint8)
    dark[100:200, 100:300] = 30
    surface = opened(page, installation, "Dark trays", encode(Image.fromarray(dark)))
    middle = [size // 2 for size in screen(surface).shape[:2]]
    assert screen(surface)[middle[0], middle[1]].max() < 40
    surface.press("Alt+W")
    installation.wait_for(lambda: screen(surface)[middle[0], middle[1]].min() > 200)
    installation.wait_for(
        lambda: '"byteWindow":[' in page.evaluate("JSON.stringify(Object.values(localStorage))").replace("\\", "")
    )
    surface.open()
    installation.wait_for(lambda: screen(surface)[middle[0], middle[1]].min() > 200)
    surface.press("Shift+W")
    installation.wait_for(lambda: screen(surface)[middle[0], middle[1]].max() < 40)
    assert surface.kept() == []
