"""Lists of pictures with their classes: the real groceries, and lines that cannot be used."""

from collections import Counter

from modelyard.formats import class_text
from tests.formats.drawings import on_disk, reasons


def test_lists_and_names_of_numbers():
    written = [
        ("set/train.txt", ["\ufeffin/1.jpg, 0, 7\r\n\r\nin/my picture.jpg, 5\r\nin/3.jpg,\r\nin/1.jpg, 1\r\n"]),
        ("set/others.txt", ["in/4.png bun\nin/5.png 1\n"]),
        (
            "set/classes.csv",
            ['Class Name (str),Class ID (int),Coarse Class Name (str)\n"roll, round",0,bread\nbun,1,\n'],
        ),
        ("set/in/1.jpg", [""]),
        ("readme.txt", ["Hello.\n"]),
    ]
    with on_disk(written) as files:
        found = class_text.read(files)
    assert sorted((e.name, e.class_name, e.split or "") for e in found.entries) == [
        ("in/4.png", "bun", ""),
        ("in/5.png", "bun", ""),
        ("in/my picture.jpg", "5", "train"),
        ("set/in/1.jpg", "roll, round", "train"),
    ]
    assert found.classes[0] == {"name": "roll, round", "supercategory": "bread"}
    assert [said.split(": ")[0] for said in reasons(found)] == ["set/train.txt, line 4", "set/train.txt, line 5"]


def test_names_a_line_each():
    for names, wanted in (("a\nb\n", "b"), ("1 b\n2 c\n", "b")):
        with on_disk([("list.txt", ["1.jpg\t1\n"]), ("classes.txt", [names])]) as files:
            assert [e.class_name for e in class_text.read(files).entries] == [wanted]


def test_the_groceries(shared_data):
    root = shared_data / "grocery/dataset"
    found = class_text.read({path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()})
    assert found.faults == []
    assert Counter(entry.split for entry in found.entries) == {"train": 2640, "val": 296}
    assert len(found.classes) == len({entry.class_name for entry in found.entries}) == 81
    assert len({row["supercategory"] for row in found.classes}) == 43
    assert len({entry.class_name for entry in found.entries if entry.split == "val"}) == 60
    assert all((root / entry.name).is_file() for entry in found.entries)
