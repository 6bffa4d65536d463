"""How each format lies in an export's archive: where pictures go, which files hold labels, what gets lost."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modelyard.formats import (
    coco,
    croissant,
    csv_table,
    cvat,
    datumaro,
    folders,
    hf_imagefolder,
    jsonl,
    label_studio,
    losses,
    mask_png,
    voc,
    yolo,
)
from modelyard.formats.entries import Entry
from modelyard.formats.label_studio_screen import Screen
from modelyard.server.datasets.contents import Contents
from modelyard.server.datasets.drawn import Entries
from modelyard.server.datasets.packing import unique_names
from modelyard.server.projects.skeleton_schemas import flip_places, from_described, to_coco

Pieces = Iterable[str | bytes]


@dataclass(frozen=True)
class Layout:
    """Where each picture goes (None: it is left out), the files of labels in pieces, and what gets lost.

    Ask for `lost` after the files were written: what was counted on the way need not be looked up again.

    Attributes:
        closing: Returns the files that can be written only after all others: told how to find a file's checksum.
    """

    paths: Sequence[str | None]
    files: Iterable[tuple[str, Pieces]]
    lost: Callable[[], dict[str, int]]
    closing: Callable[[Callable[[str], str]], Iterable[tuple[str, Pieces]]] = lambda checksum: ()


def lay_out(name: str, found: Contents) -> Layout:
    """Return how an export lies in the archive; its files are read while the session of `found` is open."""
    return _LAYOUTS[name](found)


def fits(name: str, task: str) -> bool:
    """Say whether a format can carry what a project of this task is labelled with."""
    return name not in _UNFIT.get(task, ("folders",))


def _folders(found: Contents) -> Layout:
    heads = found.entries.heads
    return Layout(folders.write(heads), (), lambda: _common_losses(found) | folders.lost(heads))


def _csv(found: Contents) -> Layout:
    paths, entries = _beside(found, "labels.csv")

    def lost() -> dict[str, int]:
        return _common_losses(found) | csv_table.lost(entries)

    return Layout(paths, [("labels.csv", csv_table.write(entries))], lost)


def _jsonl(found: Contents) -> Layout:
    paths, entries = _beside(found, "annotations.jsonl")
    lines = jsonl.write(entries, found.classes, task=found.task)
    counts = _unspoken(found)
    lost = {kind: count for kind, count in counts.items() if count}
    return Layout(paths, [("annotations.jsonl", lines)], lambda: lost)


def _coco(found: Contents) -> Layout:
    paths, entries = _beside(found, "annotations.json")

    def lost() -> dict[str, int]:
        return _common_losses(found, *_KEEPS_CLASSES, SKELETONS) | coco.lost(entries)

    return Layout(paths, [("annotations.json", coco.write(entries, _coco_classes(found)))], lost)


def _cvat(found: Contents) -> Layout:
    paths, entries = _beside(found, "annotations.xml")

    def lost() -> dict[str, int]:
        return _common_losses(found, *_KEEPS_CLASSES, SKELETONS) | cvat.lost(entries)

    return Layout(
        paths, [("annotations.xml", cvat.write(entries, found.class_names, skeletons=_skeletons(found)))], lost
    )


def _label_studio(found: Contents) -> Layout:
    paths, entries = _beside(found, "annotations.json")
    screen = Screen(found.choices)  # filled while the tasks are written, which come first
    least = "choices" if found.task in ("classification", "multi_label") else "rectanglelabels"
    has_many = found.task != "classification"
    tasks = label_studio.write(entries, screen, skeletons=_skeletons(found))
    config = (label_studio.config(found.class_names, it, least=least, has_many=has_many) for it in [screen])
    files: list[tuple[str, Pieces]] = [("annotations.json", tasks), ("config.xml", config)]
    return Layout(paths, files, lambda: _common_losses(found, *_KEEPS_CLASSES, SKELETONS) | label_studio.lost(entries))


def _voc(found: Contents) -> Layout:
    names = unique_names([entry.name.removeprefix("JPEGImages/").replace("/", "_") for entry in found.entries.heads])
    entries = found.entries.renamed(names)
    kind = "masks" if found.task in ("segmentation", "semantic") else "boxes"

    def lost() -> dict[str, int]:
        return _common_losses(found, *_KEEPS_CLASSES) | voc.lost(entries, kind=kind)

    files = voc.write(entries, found.class_names, kind=kind)
    return Layout([f"JPEGImages/{name}" for name in names], files, lost)


def _yolo(found: Contents) -> Layout:
    if found.task == "classification":
        heads = found.entries.heads
        return Layout(yolo.class_places(heads), (), lambda: _common_losses(found) | folders.lost(heads))
    entries = found.entries.renamed(_own_names(found))
    kind = {"segmentation": "segment", "semantic": "segment", "keypoints": "pose"}.get(found.task, "detect")
    if kind == "detect" and losses.ROTATION in losses.count(entries, ()):
        kind = "obb"

    def lost() -> dict[str, int]:
        kept = (SKELETONS,) if kind == "pose" else ()
        return _common_losses(found, *_KEEPS_CLASSES, *kept) | yolo.lost(entries, kind=kind)

    points = {name: skeleton["points"] for name, skeleton in _skeletons(found).items()}
    files = yolo.write(entries, found.class_names, kind=kind, flip_idx=_flip_idx(found), point_names=points)
    return Layout(yolo.places(entries, kind=kind), files, lost)


def _skeletons(found: Contents) -> dict[str, dict[str, Any]]:
    """Return the points of each class that has some, as formats take them."""
    skeletons = zip(found.class_names, map(from_described, found.classes), strict=True)
    return {name: skeleton.model_dump() for name, skeleton in skeletons if skeleton}


def _coco_classes(found: Contents) -> list[Mapping[str, object]]:
    """Return the classes as categories, with the names of their points and what joins them."""
    skeletons = [from_described(entry) for entry in found.classes]
    rows = zip(found.class_names, skeletons, strict=True)
    return [{"name": name, **(to_coco(skeleton) if skeleton else {})} for name, skeleton in rows]


def _flip_idx(found: Contents) -> list[int] | None:
    """Return which point each becomes in a mirror, where all classes with points agree: YOLO has one list for all."""
    places = [flip_places(skeleton) for entry in found.classes if (skeleton := from_described(entry))]
    return places[0] if places and all(other == places[0] for other in places) else None


def _masks(found: Contents) -> Layout:
    entries = found.entries.renamed(_own_names(found))

    def lost() -> dict[str, int]:
        return _common_losses(found, *_KEEPS_CLASSES) | mask_png.lost(entries)

    return Layout(mask_png.places(entries.heads), mask_png.write(entries, found.class_names), lost)


def _hf_imagefolder(found: Contents) -> Layout:
    entries = found.entries.renamed(_own_names(found))

    def lost() -> dict[str, int]:
        return _common_losses(found) | hf_imagefolder.lost(entries)

    return Layout(hf_imagefolder.places(entries.heads), hf_imagefolder.write(entries), lost)


def _datumaro(found: Contents) -> Layout:
    names = _own_names(found)
    entries = found.entries.renamed(names)

    def lost() -> dict[str, int]:
        return _common_losses(found, *_KEEPS_CLASSES, SKELETONS) | datumaro.lost(entries)

    files = datumaro.write(entries, found.class_names, skeletons=_skeletons(found))
    return Layout([f"images/{entry.split or 'default'}/{entry.name}" for entry in entries.heads], files, lost)


def _croissant(found: Contents) -> Layout:
    names = [f"images/{name}" for name in _own_names(found)]
    entries = found.entries.renamed(names)
    classes: dict[str, list[str]] = {}  # of whole images, filled while objects are written

    def passing() -> Iterator[Entry]:
        for entry in entries:
            classes[entry.name] = entry.whole_classes
            yield entry

    files: list[tuple[str, Pieces]] = [
        ("annotations.jsonl", jsonl.write(entries, found.classes, task=found.task)),
        ("objects.jsonl", croissant.objects(passing())),
    ]
    about = croissant.About(
        name=found.project,
        description=f"Pictures and labels of “{found.project}”, {found.title.replace('-', ' ')}.",
        url=f"urn:uuid:{found.project_id}",
        creator=f"The team of “{found.project}”",
        published=found.date,
        version=f"{found.title.removeprefix('version-')}.0.0" if found.title != "current" else "0.0.0",
    )

    def closing(checksum: Callable[[str], str]) -> Iterator[tuple[str, Pieces]]:
        yield "images.jsonl", list(croissant.images(entries.heads, checksum, classes))  # all read before it is written
        checksums = {name: checksum(name) for name in ("annotations.jsonl", "images.jsonl", "objects.jsonl")}
        yield croissant.FILE, [croissant.describe(about, names, found.class_names, checksums)]

    counts = _unspoken(found)
    return Layout(names, files, lambda: {kind: count for kind, count in counts.items() if count}, closing)


def _beside(found: Contents, labels_file: str) -> tuple[list[str], Entries]:
    """Return the pictures' paths beside a file of labels, and the entries under these names."""
    paths = _own_names(found, labels_file, "config.xml")
    return paths, found.entries.renamed(paths)


def _own_names(found: Contents, *taken: str) -> list[str]:
    """Return the names that the pictures were imported under, none of them a name that is taken."""
    return unique_names([*taken, *(entry.name for entry in found.entries.heads)])[len(taken) :]


SKELETONS = "skeletons of classes"
UNDESCRIBED = "attributes of images without an answer"
UNFINISHED = "objects on images that are not done"
_KEEPS_CLASSES = ("classes without pictures",)


def _unspoken(found: Contents) -> dict[str, int]:
    """Count what stays here whatever the format can carry."""
    return {
        "earlier revisions": found.earlier_revisions,
        UNFINISHED: found.unfinished,
        UNDESCRIBED: found.undescribed,
    }


def _common_losses(found: Contents, *kept: str) -> dict[str, int]:
    counts = {
        "authors, times and revisions": found.annotations,
        **_unspoken(found),
        "class colours and descriptions": len(found.classes),
        "classes without pictures": sum(entry["name"] not in found.used for entry in found.classes),
        "near-duplicate groups": sum(entry.extra.get("twin_group") is not None for entry in found.entries.heads),
        SKELETONS: sum("skeleton" in entry for entry in found.classes),
    }
    return {kind: count for kind, count in counts.items() if count and kind not in kept}


_LAYOUTS: dict[str, Callable[[Contents], Layout]] = {
    "folders": _folders,
    "csv": _csv,
    "jsonl": _jsonl,
    "coco": _coco,
    "voc": _voc,
    "yolo": _yolo,
    "masks": _masks,
    "cvat": _cvat,
    "label_studio": _label_studio,
    "hf_imagefolder": _hf_imagefolder,
    "datumaro": _datumaro,
    "croissant": _croissant,
}
# What cannot carry anything of a task; where objects are drawn, a folder for each class says nothing.
_UNFIT = {
    "classification": ("voc", "masks"),
    "multi_label": ("folders", "voc", "yolo", "masks"),
    "keypoints": ("folders", "masks"),
}
