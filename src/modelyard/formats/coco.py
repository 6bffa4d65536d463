"""COCO JSON: images, categories and annotations in one file. It is written only, and it touches no picture.

    {"images": [{"id": 1, "file_name": "a.jpg", "width": 640, "height": 480, "split": "train"}],
     "categories": [{"id": 1, "name": "bun", "supercategory": ""}],
     "annotations": [{"id": 1, "image_id": 1, "category_id": 1}]}

COCO describes objects in images. For classification an annotation is about the whole image: it has a category and no
`bbox`, `area` or `segmentation`, because nobody drew one. `split` is a field that COCO does not know and readers skip.
"""

import json
from collections.abc import Iterator, Sequence

from modelyard.formats.entries import Entry


def write(entries: Sequence[Entry], class_names: Sequence[str] = ()) -> Iterator[str]:
    """Yield the pieces of the file; categories are `class_names` in their order, numbered from 1.

    Example:
        >>> text = "".join(write([Entry(name="1.jpg", class_name="bun", answer="class")], ["roll", "bun"]))
        >>> json.loads(text)["annotations"]
        [{'id': 1, 'image_id': 1, 'category_id': 2}]
    """
    used = sorted({entry.class_name for entry in entries if entry.class_name} - set(class_names))
    numbers = {name: number for number, name in enumerate([*class_names, *used], start=1)}
    yield '{"info": {"description": "Exported by Modelyard"}, "licenses": [],\n"categories": '
    yield _json([{"id": number, "name": name, "supercategory": ""} for name, number in numbers.items()])
    yield ',\n"images": '
    yield from _array(_image(number, entry) for number, entry in enumerate(entries, start=1))
    yield ',\n"annotations": '
    labelled = ((number, entry.class_name) for number, entry in enumerate(entries, start=1) if entry.class_name)
    yield from _array(
        {"id": annotation, "image_id": number, "category_id": numbers[name]}
        for annotation, (number, name) in enumerate(labelled, start=1)
    )
    yield "}\n"


def lost(entries: Sequence[Entry]) -> dict[str, int]:
    """Count what COCO cannot carry: kind to number of images.

    Example:
        >>> lost([Entry(name="1.jpg", answer="not_sure"), Entry(name="2.jpg", split="val")])
        {'answers other than a class': 1, 'splits, but for a field that COCO does not know': 1}
    """
    counts = {
        "answers other than a class": sum(entry.answer in ("does_not_belong", "not_sure") for entry in entries),
        "splits, but for a field that COCO does not know": sum(entry.split is not None for entry in entries),
    }
    return {kind: count for kind, count in counts.items() if count}


def _image(number: int, entry: Entry) -> dict[str, object]:
    size = {key: entry.extra[key] for key in ("width", "height") if key in entry.extra}
    split = {"split": entry.split} if entry.split else {}
    return {"id": number, "file_name": entry.name, **size, **split}


def _array(rows: Iterator[dict[str, object]]) -> Iterator[str]:
    before = "["
    for row in rows:
        yield f"{before}\n{_json(row)}"
        before = ","
    yield "]" if before == "," else "[]"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
