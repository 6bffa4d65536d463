"""Cutting by colour: what a box or clicks mean is found, in every size of picture, with exact coordinates."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.factories.scenes import Disc, iou, table

from modelyard.geometry import masks
from modelyard.geometry.kinds import Mask
from modelyard.serving.smart import regions
from modelyard.serving.smart.grabcut import GrabCut
from modelyard.serving.smart.prompts import Click, Found, InParts, Prompt, PromptEmpty
from modelyard.serving.smart.regions import Region, around, enlarged

BUN = Disc(150, 140, 60, (150, 90, 40))
PLUM = Disc(310, 90, 40, (90, 40, 120))


def area(found: Found, width: int = 400, height: int = 300) -> np.ndarray:
    assert found.mask is not None
    return masks.paste(found.mask, width, height)


def box_of(disc: Disc) -> Prompt:
    x1, y1, x2, y2 = disc.box
    return Prompt((x1, y1, x2, y2))


def test_a_box_gives_what_is_in_it() -> None:
    found = GrabCut(table([BUN, PLUM])).find(box_of(BUN))
    assert iou(area(found), BUN.mask(400, 300)) > 0.97
    assert found.score > 0.8
    assert found.backend == "grabcut"


def test_a_box_that_is_drawn_backwards_and_over_the_edge_means_the_same() -> None:
    cut = GrabCut(table([Disc(40, 40, 60, BUN.color)]))
    assert cut.find(Prompt((104, 104, -50, -50))) == cut.find(Prompt((0, 0, 104, 104)))


def test_one_click_gives_the_thing_without_a_box() -> None:
    found = GrabCut(table([BUN, PLUM])).find(Prompt(None, (Click(310, 90),)))
    assert iou(area(found), PLUM.mask(400, 300)) > 0.95


def test_clicks_beside_it_take_away_and_clicks_on_it_add() -> None:
    cut = GrabCut(table([BUN, PLUM]))
    both = Prompt((80, 40, 360, 210))
    without = area(cut.find(Prompt(both.box, (Click(150, 140), Click(310, 90, False)))))
    assert without[140, 150] and not without[90, 310]
    added = area(cut.find(Prompt((90, 80, 210, 200), (Click(310, 90),))))
    assert added[90, 310]


def test_a_picture_of_one_colour_is_answered() -> None:
    cut = GrabCut(np.full((50, 60, 3), 80, np.uint8))
    for prompt in (Prompt((10, 10, 40, 40)), Prompt((0, 0, 60, 50)), Prompt(None, (Click(30, 20),))):
        found = cut.find(prompt)
        assert 0 <= found.score <= 1


def test_a_single_pixel_is_answered() -> None:
    assert GrabCut(np.zeros((1, 1, 3), np.uint8)).find(Prompt((0, 0, 1, 1))).mask is None


def test_nothing_shown_is_refused() -> None:
    with pytest.raises(PromptEmpty):
        Prompt(None, (Click(1, 1, False),))


@pytest.mark.parametrize("times", [1, 4, 10])
def test_a_large_picture_is_cut_as_exactly_as_a_small_one(times: int) -> None:
    disc = Disc(150 * times, 140 * times, 60 * times, BUN.color)
    width, height = 400 * times, 300 * times
    found = GrabCut(table([disc], width=width, height=height)).find(box_of(disc))
    assert iou(area(found, width, height), disc.mask(width, height)) > 0.97


@settings(max_examples=25, deadline=None)
@given(left=st.integers(0, 300), top=st.integers(0, 200))
def test_the_same_thing_elsewhere_gives_the_same_mask_elsewhere(left: int, top: int) -> None:
    """A crop is cut, and its place added: nothing may move by a pixel."""
    pixels = np.full((300, 400, 3), 214, np.uint8)
    pixels[top : top + 40, left : left + 50] = BUN.color
    found = GrabCut(pixels).find(Prompt((left - 3, top - 3, left + 53, top + 43)))
    wanted = np.zeros((300, 400), np.bool_)
    wanted[top : top + 40, left : left + 50] = True
    assert iou(area(found), wanted) > 0.98


@given(
    st.tuples(*(st.floats(0, 1),) * 4),
    st.tuples(st.integers(1, 9000), st.integers(1, 9000)),
    st.floats(0, 1),
    st.integers(1, 50_000),
)
def test_a_region_holds_its_box_and_maps_points_there_and_back(
    shares: tuple[float, ...], size: tuple[int, int], margin: float, most_px: int
) -> None:
    width, height = size
    xs, ys = sorted(share * width for share in shares[:2]), sorted(share * height for share in shares[2:])
    region = around((xs[0], ys[0], xs[1], ys[1]), size, margin=margin, most_px=most_px)
    assert 0 <= region.left <= xs[0] and xs[1] <= region.left + region.width <= width
    assert 0 <= region.top <= ys[0] and ys[1] <= region.top + region.height <= height
    assert region.wide * region.high <= max(4 * most_px, region.width + region.height)
    x, y = region.to_picture(*region.to_region(xs[0], ys[1]))
    assert abs(x - xs[0]) < 1e-6 and abs(y - ys[1]) < 1e-6


@pytest.mark.parametrize("strip_px", [8_000_000, 60])
def test_what_is_enlarged_lies_where_it_was_cut(monkeypatch: pytest.MonkeyPatch, strip_px: int) -> None:
    monkeypatch.setattr(regions, "_STRIP_PX", strip_px)
    region = Region(3, 5, 40, 20, 20, 10)
    values = np.zeros((10, 20), np.float32)
    values[4, 7] = 1
    strips = list(enlarged(values, (region.width, region.height)))
    assert [x for x, _ in strips] == list(range(0, 40, 3 if strip_px == 60 else 40))
    spread = np.hstack([strip for _, strip in strips])
    row, column = np.unravel_index(spread.argmax(), spread.shape)
    x, y = region.to_region(region.left + int(column) + 0.5, region.top + int(row) + 0.5)
    assert (int(x), int(y)) == (7, 4)


def in_parts(pixels: np.ndarray, read: list[int]) -> InParts:
    """Return a picture of which parts are read, halved as often as that is enough; note how many pixels they had."""

    def part(box: tuple[int, int, int, int], most_px: int) -> np.ndarray:
        step = 1
        while max(box[2] - box[0], box[3] - box[1]) >= most_px * 2 * step:
            step *= 2
        x1, y1, x2, y2 = box[0] // step, box[1] // step, -(-box[2] // step), -(-box[3] // step)
        found = pixels[::step, ::step][y1:y2, x1:x2]
        read.append(found.shape[0] * found.shape[1])
        return found

    height, width = pixels.shape[:2]
    return InParts((height, width, 3), part)


@pytest.mark.parametrize("prompt", [box_of, lambda disc: Prompt(None, (Click(disc.x, disc.y),))])
def test_a_picture_that_is_read_in_parts_is_cut_as_exactly(prompt: Callable[[Disc], Prompt]) -> None:
    disc, read = Disc(1500, 1400, 600, BUN.color), list[int]()
    found = GrabCut(in_parts(table([disc], width=4000, height=3000), read)).find(prompt(disc))
    assert iou(area(found, 4000, 3000), disc.mask(4000, 3000)) > 0.97
    assert max(read) < 6_000_000


def test_nuclei_under_the_microscope_are_found_in_their_boxes(shared_data: Path) -> None:
    folder = shared_data / "nuclei"
    truth = json.loads((folder / "annotations.json").read_text())
    names = {image["id"]: image["file_name"] for image in truth["images"]}
    chosen = [entry for entry in truth["annotations"] if entry["area"] >= 60][::90]
    overlaps = []
    for entry in chosen:
        pixels = np.asarray(Image.open(folder / "images" / names[entry["image_id"]]).convert("RGB"))
        height, width = pixels.shape[:2]
        x, y, wide, high = entry["bbox"]
        found = GrabCut(pixels).find(Prompt((x - 1, y - 1, x + wide + 1, y + high + 1)))
        wanted = Mask(0, 0, width, height, entry["segmentation"]["counts"]).to_array()
        overlaps.append(iou(area(found, width, height), wanted) if found.mask else 0.0)
    assert len(overlaps) > 40
    assert np.mean(overlaps) > 0.7 and np.median(overlaps) > 0.78
