"""Which files of an import hold labels, and which format reads them. It looks at names and at the first bytes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from modelyard.formats import (
    coco,
    csv_table,
    cvat,
    datumaro,
    hf_imagefolder,
    jsonl,
    label_studio,
    mask_png,
    voc,
    yolo,
)
from modelyard.formats.entries import Listing

# A file that says everything by itself, and a set of files that only together say it.
DOCUMENTS: dict[str, Callable[[bytes], Listing]] = {
    "csv": csv_table.read,
    "jsonl": jsonl.read,
    "coco": coco.read,
    "cvat": cvat.read,
    "label_studio": label_studio.read,
}
SETS: dict[str, Callable[[Mapping[str, Path]], Listing]] = {
    "hf_imagefolder": hf_imagefolder.read,
    "datumaro": datumaro.read,
    "voc": voc.read,
    "yolo": yolo.read,
    "masks": mask_png.read,
}
_ENDINGS = {
    "csv": (".csv", ".tsv", ".txt"),
    "jsonl": (".jsonl", ".ndjson", ".json"),
    "coco": (".json",),
    "cvat": (".xml",),
    "label_studio": (".json", ".xml"),
    "hf_imagefolder": (".jsonl",),
    "datumaro": (".json",),
    "voc": (".xml", ".txt"),
    "yolo": (".txt", ".yaml", ".yml"),
    "masks": (".png", ".txt"),
}
_TABLES = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl"}
_HEAD = 65_536


@dataclass
class Plan:
    """What is read for labels: documents with their format, or the files of one set."""

    documents: dict[str, str] = field(default_factory=dict)
    kind: str | None = None  # of the set
    parts: set[str] = field(default_factory=set)  # of the set; its pictures are not among them

    def holds(self, name: str) -> bool:
        """Say whether a file is read for labels, and so is no picture to be added."""
        return name in self.documents or name in self.parts


def plan(files: Mapping[str, Path], wanted: str, *, task: str) -> Plan:
    """Return what of these files, by their names, is read for labels when `wanted` is the format asked for."""
    if wanted in DOCUMENTS:
        named = [name for name in files if _ending(name) in _ENDINGS[wanted]]
        beside = {name for name in named if _is_configuration(name, files[name])}
        return Plan({name: wanted for name in named if name not in beside}, parts=beside)
    if wanted in SETS:
        return Plan(kind=wanted, parts=_parts(files, wanted))
    if wanted != "auto":
        return Plan()
    documents = {name: kind for name in files if (kind := _document(name, files[name], task))}
    if documents or task == "classification":
        return Plan(documents, parts={name for name in files if documents and _is_configuration(name, files[name])})
    for kind in SETS:
        if parts := _parts(files, kind):
            return Plan(kind=kind, parts=parts)
    return Plan()


def table_kind(name: str) -> str | None:
    """Return the format of a table of labels by its name; None for any other file."""
    return _TABLES.get(_ending(name))


def _document(name: str, path: Path, task: str) -> str | None:
    ending = _ending(name)
    if ending in _TABLES:
        is_set = task != "classification" and PurePosixPath(name).name == hf_imagefolder.FILE
        return None if is_set else _TABLES[ending]
    if ending == ".json":
        head = _head(path).lstrip(b"\xef\xbb\xbf \t\r\n")
        if head.startswith(b"["):
            return "label_studio" if b'"data"' in head else None
        if _is_datumaro(head):
            return None
        return "coco" if any(key in head for key in (b'"images"', b'"annotations"', b'"categories"')) else None
    if ending == ".xml" and b"<annotations" in _head(path):
        return "cvat"
    return None


def _is_datumaro(head: bytes) -> bool:
    return b'"items"' in head and b'"images"' not in head


def _is_configuration(name: str, path: Path) -> bool:
    """Say whether a file is Label Studio's description of its screen, which says nothing of images."""
    return _ending(name) == ".xml" and _head(path).lstrip().startswith(b"<View")


def _parts(files: Mapping[str, Path], kind: str) -> set[str]:
    """Return the files of a set that hold labels; none if there is no such set among the files."""
    found = {name for name in files if _ending(name) in _ENDINGS[kind]}
    if kind == "hf_imagefolder":
        return {name for name in found if PurePosixPath(name).name == hf_imagefolder.FILE}
    if kind == "datumaro":
        return {name for name in found if _is_datumaro(_head(files[name]))}
    if kind == "masks":
        pictures = {PurePosixPath(name).stem for name in files if not _in_folder(name, mask_png.FOLDERS)}
        masks = {name for name in found if _in_folder(name, mask_png.FOLDERS) and PurePosixPath(name).stem in pictures}
        return masks | {name for name in found if masks and name.endswith("labelmap.txt")}
    if kind == "voc":
        documents = {name for name in found if name.endswith(".xml") and b"<annotation" in _head(files[name])}
        return documents | {name for name in found if documents and _in_folder(name, ("ImageSets",))}
    labels = {name for name in found if _in_folder(name, ("labels",))}
    described = {name for name in found if name.endswith((".yaml", ".yml")) and b"names" in _head(files[name])}
    return found if labels or described else set()


def _in_folder(name: str, folders: Iterable[str]) -> bool:
    return bool(set(PurePosixPath(name).parts[:-1]) & set(folders))


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)
