"""Corners of boxes in plain text: the real circuit boards, and lines that cannot be used."""

from collections import Counter

from modelyard.formats import box_text
from modelyard.geometry.shapes import Box
from tests.formats.drawings import on_disk, reasons


def test_lines():
    lines = "\ufeff1 2 3 4 open end\r\n\r\n1,2,5.5,4,1\r\n1 2 1 4 1\n1 2 x 4 1\n1 2 3\n1 2 3 4\n"
    written = [("boxes/1.txt", [lines]), ("boxes/2.txt", [""]), ("boxes/3.txt", [""])]
    with on_disk(written) as files:
        sizes = {"test/1.jpg": (9, 9), "2.jpg": (9, 9), "4.jpg": (9, 9)}
        found = box_text.read(files, class_names={"1": "short"}, sizes=sizes)
    assert [(e.name, e.answer) for e in found.entries] == [
        ("2.jpg", "objects"),
        ("4.jpg", "none"),
        ("test/1.jpg", "objects"),
    ]
    assert [(i.class_name, i.shape) for i in found.entries[2].items] == [
        ("open end", Box(1, 2, 3, 4)),
        ("short", Box(1, 2, 5.5, 4)),
    ]
    assert [fault.where for fault in found.faults] == [
        *(f"boxes/1.txt, line {line}" for line in (4, 5, 6, 7)),
        "boxes/3.txt",
    ]
    assert "no area" in reasons(found)[0]


def test_the_circuit_boards(shared_data):
    root = shared_data / "pcb"
    files = {path.relative_to(root).as_posix(): path for name in ("test", "boxes") for path in (root / name).iterdir()}
    found = box_text.read(files, class_names={"1": "open"})
    assert (len(found.entries), found.faults) == (140, [])
    assert Counter(item.class_name for entry in found.entries for item in entry.items) == {
        "open": 169,
        "2": 124,
        "3": 170,
        "4": 140,
        "5": 135,
        "6": 139,
    }
    assert all((entry.width, entry.height) == (640, 640) for entry in found.entries)
