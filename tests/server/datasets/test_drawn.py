"""What is drawn goes out page by page: memory stays flat, and what gets lost is counted on the way."""

import tracemalloc
from collections.abc import Mapping, Sequence

from modelyard.formats import coco, losses
from modelyard.formats.entries import Entry, Item
from modelyard.geometry.shapes import Box, Ellipse, Polygon
from modelyard.server.datasets.drawn import Entries

IMAGES, POLYGONS, POINTS = 2000, 10, 50
RING = tuple(float(at % 60 if at % 2 else at % 61) for at in range(2 * POINTS))


def outlines(places: Sequence[int]) -> Mapping[int, Sequence[Item]]:
    return {place: [Item(class_name="bun", shape=Polygon((RING,))) for _ in range(POLYGONS)] for place in places}


def test_a14_a_million_points_go_out_in_flat_memory() -> None:
    entries = Entries(
        [Entry(name=f"{at}.jpg", answer="objects", width=64, height=64) for at in range(IMAGES)], outlines
    )
    tracemalloc.start()
    size = sum(map(len, coco.write(entries, ["bun"])))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > IMAGES * POLYGONS * POINTS * 6
    assert peak < 60_000_000, f"{peak / 1e6:.0f} MB"


def test_what_gets_lost_is_counted_while_it_is_written() -> None:
    passes: list[int] = []

    def load(places: Sequence[int]) -> Mapping[int, Sequence[Item]]:
        passes.extend(places)
        shapes = [Ellipse(9, 9, 3, 2), Box(1, 1, 5, 5, 30)]
        return {place: [Item(class_name="bun", shape=shape) for shape in shapes] for place in places}

    entries = Entries([Entry(name=f"{at}.jpg", answer="objects") for at in range(3)], load)
    shown = entries.renamed(["a.jpg", "b.jpg", "c.jpg"])
    assert '"file_name": "a.jpg"' in "".join(coco.write(shown, ["bun"]))
    assert coco.lost(shown) == {
        "ellipses, which become polygons": 3,
        "rotation of boxes and ellipses, which become polygons": 3,
    }
    assert passes == [0, 1, 2, 0, 1, 2], "Once for the first page, to see if anything is drawn, and once for all."
    assert losses.count(entries, ()) == {losses.OBJECTS: 6, losses.ELLIPSES: 3, losses.BOXES: 3, losses.ROTATION: 3}


def test_who_asks_before_writing_gets_the_same() -> None:
    entries = Entries([Entry(name="1.jpg", answer="objects", split="val")], outlines)
    assert losses.count(entries, ()) == {losses.SPLITS: 1, losses.OBJECTS: POLYGONS, losses.POLYGONS: POLYGONS}
