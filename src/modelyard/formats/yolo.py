"""YOLO: a text file for each picture, a line for each object, all in shares of the picture. It decodes no picture.

    data.yaml                 names: {0: bun, 1: roll}, train: images/train, val: images/val
    images/train/a.jpg
    labels/train/a.txt        detect: class, middle x and y, width, height
                              segment: class, x, y, x, y, …
                              obb: class and four corners; pose: a box, then x, y (and v) of each keypoint

A picture without a label file, or with an empty one, says that there is nothing here. `train`, `val` and `test` are
folders or lists of pictures, or several of them. Nothing in data.yaml is ever fetched or run. Darknet's older layout
(obj.data, obj.names, label files beside the pictures in obj_train_data) is read as well. For classification, YOLO has
image folders.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

from modelyard.errors import Invalid
from modelyard.formats import folders, losses, yolo_config
from modelyard.formats.documents import DocumentInvalid, decode, number, part
from modelyard.formats.drafts import Draft, Drafts, Sizes, by_stem, size_of
from modelyard.formats.entries import SPLITS, Entry, Item, Listing, unique_stems
from modelyard.geometry.kinds import Box, Keypoints, Polygon, Shape
from modelyard.geometry.shapes import outline

KINDS = ("detect", "segment", "obb", "pose")

_LARGEST_SHARE = 2.0
_CARRIED = {
    "detect": (losses.BOXES,),
    "segment": (losses.POLYGONS,),
    "obb": (losses.BOXES, losses.ROTATION),
    "pose": (losses.KEYPOINTS, losses.UNLABELLED),
}
_POINTS = {losses.KEYPOINTS, losses.POLYLINES, losses.POINTS, losses.CLASSES, losses.FLAT}
_AREAS = {losses.BOXES, losses.POLYGONS, losses.ELLIPSES, losses.MASKS}
_NOT_DRAWN = {
    "detect": _POINTS,
    "segment": _POINTS,
    "obb": _POINTS,
    "pose": (_POINTS | _AREAS) - {losses.KEYPOINTS},
}


def read(
    files: Mapping[str, Path], *, kind: str = "auto", quads: str = "polygon", sizes: Sizes | None = None
) -> Listing:
    """Return what the label files say; a line that cannot be used is a fault and stops nothing.

    Args:
        files: Every file of the data set, by its path with `/`: data.yaml, label files, pictures.
        kind: One of `KINDS`; "auto" takes five numbers as a box and more as a polygon, or as a pose where data.yaml
            has a `kpt_shape`.
        quads: What "auto" makes of four corners, which can be either: a "polygon", or a turned "box".
        sizes: Width and height of pictures by name; the others are opened and asked.

    Example:
        >>> read({}).entries
        []
    """
    drafts = Drafts()
    config = yolo_config.load(files, drafts)
    names = yolo_config.class_names(config, files, drafts)
    skeletons = yolo_config.skeletons(config, names)
    for name, skeleton in skeletons.items():
        drafts.classes[name] = {"name": name, "skeleton": skeleton}
    pictures = by_stem(sorted({*files, *(sizes or {})}))
    listed = yolo_config.listed(config, files, list(pictures.values()), drafts)
    kind = "quads" if kind == "auto" and quads == "box" else kind
    used = set()
    for stem, picture in sorted(pictures.items()):
        label = _label(stem, files)
        draft = drafts.image(picture)
        draft.answer, draft.split = "objects", listed.get(picture) or yolo_config.split_of(picture, config)
        if size := size_of(picture, files, sizes):
            draft.width, draft.height = size
        if label is not None:
            used.add(label)
            points = _Points(yolo_config.kpt_shape(config), skeletons)
            _Lines(drafts, draft, names, kind, points).read(label, files[label])
    for name in sorted(files):
        if _is_label(name) and name not in used:
            drafts.fault("There is no picture for this label file.", place=name)
    return drafts.listing()


def places(entries: Sequence[Entry], *, kind: str = "detect") -> list[str | None]:
    """Return the path of each picture, no two with the same label file; None for one without an answer.

    A picture without an answer is left out, since without a label file it would say: nothing here. So is one none
    of whose objects this kind of YOLO carries.

    Example:
        >>> places([Entry(name="a/1.jpg", answer="objects", split="val"), Entry(name="2.jpg")])
        ['images/val/a/1.jpg', None]
    """
    names, is_told = [], []
    lost = losses.count(entries, _CARRIED[kind]).keys() & _NOT_DRAWN[kind]
    is_sized = all(entry.width and entry.height for entry in getattr(entries, "heads", entries))
    # What is drawn is looked up only where it can make a difference.
    for entry in getattr(entries, "heads", entries) if is_sized and not lost else entries:
        names.append(f"images/{entry.split or 'rest'}/{entry.name.lstrip('/')}")
        is_told.append(_kept(entry, kind).answer == "objects")
    return [path if told else None for path, told in zip(unique_stems(names), is_told, strict=True)]


def class_places(entries: Sequence[Entry]) -> list[str | None]:
    """Return the path of each picture for classification; one without a class is left out, without a split: train.

    Example:
        >>> class_places([Entry(name="1.jpg", answer="class", class_name="bun"), Entry(name="2.jpg")])
        ['train/bun/1.jpg', None]
    """
    known = [replace(entry, split=entry.split or "train") for entry in entries]
    return [path if entry.class_name else None for path, entry in zip(folders.write(known), entries, strict=True)]


def write(
    entries: Sequence[Entry],
    class_names: Sequence[str] = (),
    *,
    kind: str = "detect",
    flip_idx: Sequence[int] | None = None,
    point_names: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[tuple[str, Iterator[str]]]:
    """Yield (path, pieces) of data.yaml and of every label file; the pictures belong to `places`.

    Shapes of other kinds become boxes or outlines; those that cannot are left out and counted by `lost`.

    Example:
        >>> box = Item(class_name="bun", shape=Box(0, 0, 4, 2))
        >>> files = write([Entry(name="1.jpg", answer="objects", items=[box], width=8, height=8, split="val")])
        >>> dict((path, "".join(pieces)) for path, pieces in files)["labels/val/1.txt"]
        '0 0.25 0.125 0.5 0.25\\n'
    """
    used = {item.class_name for entry in entries for item in entry.items} - set(class_names)
    names = {name: at for at, name in enumerate([*class_names, *sorted(used)])}
    counts = (len(item.shape.points) for e in entries for item in e.items if isinstance(item.shape, Keypoints))
    most = max(counts, default=0) if kind == "pose" else 0
    yield (
        "data.yaml",
        chain(_yaml(entries, list(names), most, flip_idx), _kpt_names(names, kind, point_names or {})),
    )
    for entry, place in zip(entries, places(entries, kind=kind), strict=True):
        if place is not None:
            path = PurePosixPath("labels", *PurePosixPath(place).parts[1:]).with_suffix(".txt")
            yield str(path), (line for item in entry.items for line in _write_item(item, entry, names, kind, most))


def lost(entries: Sequence[Entry], *, kind: str = "detect") -> dict[str, int]:
    """Count what this kind of YOLO cannot carry: kind to number of images or objects.

    Example:
        >>> lost([Entry(name="1.jpg", answer="not_sure")])
        {'answers other than a class or objects': 1}
    """
    found = losses.count(entries, (losses.OBJECTS, losses.SPLITS, *_CARRIED[kind]))
    counts = {
        "images without an answer, which are left out": sum(entry.answer == "none" for entry in entries),
        "images of unknown size, whose objects are left out": sum(
            bool(entry.items) and not (entry.width and entry.height) for entry in entries
        ),
    }
    return found | {name: count for name, count in counts.items() if count}


@dataclass(frozen=True)
class _Points:
    """How many keypoints of how many numbers a line has, and what the skeleton of each class is."""

    shape: tuple[int, int] | None
    skeletons: Mapping[str, Mapping[str, Any]]

    def own(self, shape: Shape, class_name: str) -> Shape:
        """Return keypoints without those that only fill the line, since another class has more of them."""
        count = len(self.skeletons.get(class_name, {}).get("points", ()))
        if not isinstance(shape, Keypoints) or any(point[2] for point in shape.points[count:]):
            return shape
        return Keypoints(shape.points[:count]) if count else shape


class _Lines:
    """Reads the lines of label files of one picture."""

    def __init__(self, drafts: Drafts, draft: Draft, names: Mapping[int, str], kind: str, points: _Points) -> None:
        self._drafts, self._draft, self._names, self._kind, self._points = drafts, draft, names, kind, points

    def read(self, name: str, path: Path) -> None:
        try:
            lines = decode(part(path)).splitlines()
        except Invalid as error:
            self._spoil(error.detail, 0, name)
            return
        for at, line in enumerate(lines, start=1):
            words = line.split()
            if words:
                self._line(words, at, f"{name}, line {at}")

    def _line(self, words: Sequence[str], at: int, place: str) -> None:
        if not self._draft.width or not self._draft.height:
            self._spoil("The size of the picture is not known.", at, place)
            return
        try:
            class_name = self._class(words[0])
            values = [number(word, f"number {index}") for index, word in enumerate(words[1:], start=1)]
            if worst := next((value for value in values if not abs(value) <= _LARGEST_SHARE), None):
                raise DocumentInvalid(f"Places are shares of the picture, from 0 to 1; this line has {worst:g}.")
        except Invalid as error:
            self._spoil(error.detail, at, place)
            return
        width, height = self._draft.width, self._draft.height
        kind = self._kind_of(len(values))
        extra = {"score": values.pop()} if kind == "detect" and len(values) == 5 else {}
        make = _MAKERS[kind]

        def shape() -> Shape:
            return self._points.own(make(values, width, height, self._points.shape), class_name)

        self._drafts.put(self._draft, class_name, shape, line=at, place=place, extra=extra)

    def _class(self, word: str) -> str:
        value = number(word, "class")
        if not math.isfinite(value) or value != int(value) or value < 0:
            raise DocumentInvalid(f"The class “{word[:50]}” is no whole number.")
        if not self._names:
            return str(int(value))
        if int(value) not in self._names:
            raise DocumentInvalid(f"The class {int(value)} is none of the {len(self._names)} that are named.")
        return self._names[int(value)]

    def _kind_of(self, count: int) -> str:
        if self._kind not in ("auto", "quads"):
            return self._kind
        if self._points.shape and count == 4 + self._points.shape[0] * self._points.shape[1]:
            return "pose"
        if self._kind == "quads" and count == 8:
            return "obb"
        return "detect" if count < 6 else "segment"

    def _spoil(self, reason: str, line: int, place: str) -> None:
        self._draft.is_spoiled = True
        self._drafts.fault(reason, line, place)


def _box(values: Sequence[float], width: int, height: int, _: object = None) -> Shape:
    if len(values) != 4:
        raise DocumentInvalid(f"A box needs four numbers after its class; there are {len(values)}.")
    x, y, w, h = values[0] * width, values[1] * height, values[2] * width, values[3] * height
    return Box(x - w / 2, y - h / 2, x + w / 2, y + h / 2)


def _polygon(values: Sequence[float], width: int, height: int, _: object = None) -> Shape:
    return Polygon((_scaled(values, width, height),))


def _turned_box(values: Sequence[float], width: int, height: int, _: object = None) -> Shape:
    if len(values) != 8:
        raise DocumentInvalid(f"A turned box needs four corners after its class; there are {len(values)} numbers.")
    x1, y1, x2, y2, x3, y3, x4, y4 = _scaled(values, width, height)
    across = (math.hypot(x2 - x1, y2 - y1) + math.hypot(x3 - x4, y3 - y4)) / 2
    down = (math.hypot(x3 - x2, y3 - y2) + math.hypot(x4 - x1, y4 - y1)) / 2
    x, y = (x1 + x2 + x3 + x4) / 4, (y1 + y2 + y3 + y4) / 4
    angle = math.degrees(math.atan2(y2 - y1 + y3 - y4, x2 - x1 + x3 - x4))
    return Box(x - across / 2, y - down / 2, x + across / 2, y + down / 2, angle)


def _pose(values: Sequence[float], width: int, height: int, shape: tuple[int, int] | None) -> Shape:
    count, parts = shape or ((len(values) - 4) // 3, 3)
    if len(values) != 4 + count * parts or not count:
        raise DocumentInvalid(f"A pose needs {4 + count * parts} numbers after its class; there are {len(values)}.")
    points = []
    for at in range(4, len(values), parts):
        x, y, v = values[at] * width, values[at + 1] * height, values[at + 2] if parts == 3 else 2.0
        points.append((x, y, v))
    return Keypoints(tuple(points))  # type: ignore[arg-type]


_MAKERS: dict[str, Callable[[Sequence[float], int, int, tuple[int, int] | None], Shape]] = {
    "detect": _box,
    "segment": _polygon,
    "obb": _turned_box,
    "pose": _pose,
}


def _kept(entry: Entry, kind: str) -> Entry:
    """Return an entry with the objects that this kind of YOLO carries."""
    if kind == "pose":
        return losses.kept(entry, lambda item: isinstance(item.shape, Keypoints) and bool(entry.width and entry.height))
    return losses.kept(entry, lambda item: bool(entry.width and entry.height and item.shape.area()))


def _scaled(values: Sequence[float], width: int, height: int) -> tuple[float, ...]:
    return tuple(value * (height if at % 2 else width) for at, value in enumerate(values))


def _label(stem: str, files: Mapping[str, Path]) -> str | None:
    """Return the label file of a picture: in `labels` where the picture is in `images`, else beside it."""
    parts = stem.split("/")
    ways = [f"{stem}.txt"]
    if "images" in parts:
        at = len(parts) - 1 - parts[::-1].index("images")
        ways.insert(0, "/".join([*parts[:at], "labels", *parts[at + 1 :]]) + ".txt")
    return next((way for way in ways if way in files), None)


def _is_label(name: str) -> bool:
    parents = name.split("/")[:-1]
    return name.endswith(".txt") and ("labels" in parents or any(map(yolo_config.is_darknet, parents)))


def _yaml(entries: Sequence[Entry], names: Sequence[str], most: int, flip_idx: Sequence[int] | None) -> Iterator[str]:
    splits = [split for split in SPLITS if any(e.split == split and e.answer == "objects" for e in entries)]
    yield "path: .\n"
    for split in splits:
        yield f"{split}: images/{split}\n"
    if "train" not in splits:
        yield "train: images/rest\n"
    yield "names:\n" if names else "names: {}\n"
    for at, name in enumerate(names):
        yield f"  {at}: {json.dumps(name, ensure_ascii=False)}\n"
    if most:
        yield f"kpt_shape: [{most}, 3]\n"
        if flip_idx is not None and len(flip_idx) == most:
            yield f"flip_idx: {list(flip_idx)}\n"


def _kpt_names(names: Mapping[str, int], kind: str, point_names: Mapping[str, Sequence[str]]) -> Iterator[str]:
    told = {at: point_names[name] for name, at in names.items() if name in point_names}
    if kind == "pose" and told:
        yield "kpt_names:\n"
        for at, points in told.items():
            yield f"  {at}: {json.dumps(list(points), ensure_ascii=False)}\n"


def _write_item(item: Item, entry: Entry, names: Mapping[str, int], kind: str, most: int) -> Iterator[str]:
    """Yield the lines of an object; of keypoints there are as many as the object with the most has."""
    if not entry.width or not entry.height:
        return
    shape = item.shape
    if isinstance(shape, Keypoints) and len(shape.points) < most:
        shape = Keypoints((*shape.points, *[(0.0, 0.0, 0)] * (most - len(shape.points))))
    for values in _values(shape, kind):
        sides = (entry.width, entry.height)
        shares = [value if at is None else value / sides[at] for value, at in values]
        yield " ".join([str(names[item.class_name]), *(f"{share:.9g}" for share in shares)]) + "\n"


def _values(shape: Shape, kind: str) -> Iterator[list[tuple[float, int | None]]]:
    """Yield the numbers of each line, with 0 for those along the width, 1 along the height, None for others."""
    x1, y1, x2, y2 = shape.bounds()
    box: list[tuple[float, int | None]] = [((x1 + x2) / 2, 0), ((y1 + y2) / 2, 1), (x2 - x1, 0), (y2 - y1, 1)]
    if kind == "pose":
        if isinstance(shape, Keypoints):
            yield box + [pair for x, y, v in shape.points for pair in ((x, 0), (y, 1), (float(v), None))]
    elif not shape.area():
        return
    elif kind == "detect":
        yield box
    elif kind == "obb":
        plain = shape if isinstance(shape, Box) else Box(x1, y1, x2, y2)
        yield [(value, at % 2) for at, value in enumerate(plain.corners())]
    elif (found := outline(shape, 0.5)) is not None:
        holes = found.holes()
        for index, ring in enumerate(found.rings):
            if index not in holes:
                yield [(value, at % 2) for at, value in enumerate(ring)]
