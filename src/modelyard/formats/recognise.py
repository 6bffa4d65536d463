"""Which files hold labels, and which format reads them: told by the first bytes of each, else by where it lies.

A document says everything by itself; the files of a set only together do. No file is read whole here.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from modelyard.errors import Invalid
from modelyard.formats import (
    box_text,
    class_text,
    coco,
    croissant,
    csv_table,
    cvat,
    datumaro,
    hf_imagefolder,
    jsonl,
    label_studio,
    mask_png,
    voc,
    voc_masks,
    yolo,
    yolo_config,
)
from modelyard.formats.documents import DocumentInvalid, Source, decode, load_yaml, walk_json
from modelyard.formats.drafts import PICTURES
from modelyard.formats.entries import Listing, to_split
from modelyard.formats.palettes import LABELMAP

HEAD = 65_536  # bytes of a file that are looked at
_MOST_ELEMENTS = 10_000


@dataclass(frozen=True)
class Hints:
    """What files cannot say themselves."""

    task: str = "detection"
    is_one_based: bool = False  # Pascal VOC: whether pixels are counted from 1


def _voc_kind(hints: Hints) -> str:
    return "masks" if hints.task in ("segmentation", "semantic") else "boxes"


DOCUMENTS: dict[str, Callable[[Source], Listing]] = {
    "csv": csv_table.read,
    "jsonl": jsonl.read,
    "coco": coco.read,
    "cvat": cvat.read,
    "label_studio": label_studio.read,
}
SETS: dict[str, Callable[[Mapping[str, Path], Hints], Listing]] = {
    "hf_imagefolder": lambda files, hints: hf_imagefolder.read(files),
    "datumaro": lambda files, hints: datumaro.read(files),
    "voc": lambda files, hints: voc.read(files, kind=_voc_kind(hints), is_one_based=hints.is_one_based),
    "yolo": lambda files, hints: yolo.read(files, quads="box" if hints.task == "detection" else "polygon"),
    "masks": lambda files, hints: mask_png.read(files),
    "box_text": lambda files, hints: box_text.read(files),
    "class_text": lambda files, hints: class_text.read(files),
}
_ENDINGS = {
    "csv": (".csv", ".tsv", ".txt"),
    "jsonl": (".jsonl", ".ndjson", ".json"),
    "coco": (".json",),
    "cvat": (".xml",),
    "label_studio": (".json", ".xml"),
    "hf_imagefolder": (".jsonl", ".csv"),
    "datumaro": (".json",),
    "voc": (".xml", ".txt", ".png"),
    "yolo": (".txt", ".yaml", ".yml", ".names", ".data"),
    "masks": (".png", ".txt"),
    "box_text": (".txt",),
    "class_text": (".txt", ".csv"),
}
_ABOUT_CLASSES = ("hf_imagefolder", "datumaro", "class_text")  # sets that can say the class of a whole image
_TABLES = {".csv": "csv", ".tsv": "csv", ".jsonl": "jsonl"}


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
    """Return what of these files is read for labels.

    Args:
        files: Every file, by its path with `/`.
        wanted: The name of a format; "auto" recognises it; anything else, such as "none", reads no labels.
        task: The task of the project; in one of classes of whole images a set of boxes or masks says nothing.

    Example:
        >>> plan({}, "auto", task="detection").documents
        {}
    """
    if wanted in DOCUMENTS:
        named = [name for name in files if _ending(name) in _ENDINGS[wanted]]
        beside = {name for name in files if _is_beside(name, files)}
        return Plan({name: wanted for name in named if name not in beside}, parts=beside)
    if wanted in SETS:
        return Plan(kind=wanted, parts=_parts(files, wanted, is_asked=True))
    if wanted != "auto":
        return Plan()
    kinds = {name: kind for name, path in files.items() if (kind := which(name, path))}
    documents = {name: kind for name, kind in kinds.items() if kind in DOCUMENTS}
    if documents:
        return Plan(documents, parts={name for name in files if _is_beside(name, files)})
    found = {*kinds.values(), *(["masks"] if _masks(files) else [])}
    for kind in SETS:
        if kind in found and (task not in ("classification", "multi_label") or kind in _ABOUT_CLASSES):
            return Plan(kind=kind, parts=_parts(files, kind, kinds))
    return Plan()


def which(name: str, path: Path) -> str | None:
    """Return the format that a file shows by itself, or None; masks show only beside pictures.

    Example:
        >>> which("1.jpg", Path("1.jpg")) is None
        True
    """
    look = _LOOKS.get(_ending(name))
    try:
        return look(name, _head(path)) if look else None
    except Invalid:
        return None


def split_of(name: str) -> str | None:
    """Return the split that a document's path tells: its folder's, or a word in its own name.

    Example:
        >>> split_of("valid/_annotations.coco.json"), split_of("instances_train2017.json"), split_of("all.json")
        ('val', 'train', None)
    """
    path = PurePosixPath(name)
    words = [*reversed(path.parts[:-1]), *re.findall("[A-Za-z]+", path.name.split(".")[0])]
    return next((split for word in words if (split := to_split(word))), None)


def table_kind(name: str) -> str | None:
    """Return the format of a table of labels by its name; None for any other file.

    Example:
        >>> table_kind("labels.csv"), table_kind("1.jpg")
        ('csv', None)
    """
    return _TABLES.get(_ending(name))


def _parts(
    files: Mapping[str, Path], kind: str, kinds: Mapping[str, str] | None = None, *, is_asked: bool = False
) -> set[str]:
    """Return the files of a set that hold labels: those that show its format, and those that lie with them."""
    found = {name for name in files if _ending(name) in _ENDINGS[kind]}
    if kind == "masks":
        masks = _masks(files)
        return masks | {name for name in found if masks and name.endswith(LABELMAP)}
    if is_asked and kind not in ("voc", "datumaro", "hf_imagefolder"):
        return found
    kinds = kinds or {name: said for name in found if (said := which(name, files[name]))}
    own = {name for name in found if kinds.get(name) == kind}
    if kind == "voc":
        beside = ("ImageSets", voc_masks.CLASSES, voc_masks.OBJECTS)
        return own | {name for name in found if own and (_in_folder(name, beside) or name.endswith(LABELMAP))}
    return found if own and kind in ("yolo", "box_text", "class_text") else own


def _json(name: str, head: bytes) -> str | None:
    keys: set[str] = set()
    try:
        for tried, (key, _, value) in enumerate(walk_json(head)):
            if key == "":  # The file is a list.
                is_task = isinstance(value, Mapping) and isinstance(value.get("data"), Mapping)
                return "label_studio" if is_task else None
            keys.add(key)
            if tried > _MOST_ELEMENTS:
                break
    except DocumentInvalid:
        pass  # The head ends somewhere in the middle; what began there shows by its name.
    return _json_of(keys, head)


def _json_of(keys: set[str], head: bytes) -> str | None:
    """Return the format of an object with these keys, as far as its head could be read, or of a list cut short."""
    says = {key for key in ("images", "items", "data", "annotations", "image_id") if f'"{key}"'.encode() in head}
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):  # of one huge task
        return "label_studio" if "data" in says else None
    if b'"@context"' in head:  # Croissant describes files; what it describes says more.
        return None
    if "images" in keys | says or {"annotations", "image_id"} <= says:
        return "coco"
    if "items" in keys or {"items", "annotations"} <= says:
        return "datumaro"
    return "label_studio" if "data" in keys and says & {"annotations", "image"} else None


def _lines(name: str, head: bytes) -> str | None:
    line = next((line for line in head.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip()), b"")
    if not line.lstrip().startswith(b"{"):
        return None
    if PurePosixPath(name).name == hf_imagefolder.FILE:
        return "hf_imagefolder" if b'"file_name"' in line else None
    return "jsonl" if re.search(rb'"(format|file_name|name|path|image)"\s*:', line) else None


def _xml(name: str, head: bytes) -> str | None:
    text = decode(head[: len(head) // 2 * 2])
    if "<annotations" in text:
        return "cvat"
    return "voc" if "<annotation>" in text or "<annotation " in text else None


def _yaml(name: str, head: bytes) -> str | None:
    config = load_yaml(head)
    return "yolo" if isinstance(config, dict) and "names" in config else None


def _names(name: str, head: bytes) -> str | None:
    return "yolo" if PurePosixPath(name).name in ("obj.names", "obj.data") else None


def _table(name: str, head: bytes) -> str | None:
    if not csv_table.is_table(head):
        return None
    return "hf_imagefolder" if PurePosixPath(name).name == hf_imagefolder.TABLE else "csv"


def _text(name: str, head: bytes) -> str | None:
    if _in_folder(name, ("labels",)) or any(
        yolo_config.is_darknet(folder) for folder in PurePosixPath(name).parts[:-1]
    ):
        return "yolo"
    if _in_folder(name, ("ImageSets",)):
        return None
    if class_text.is_list(head):
        return "class_text"
    words = next((line.replace(",", " ").split() for line in decode(head).splitlines() if line.strip()), [])
    numbers = [word for word in words[:5] if word.replace(".", "", 1).replace("-", "", 1).isdecimal()]
    if len(words) < 5 or len(numbers) < 4:
        return None
    if words[0].isdecimal() and len(numbers) == 5 and all(float(number) <= 1 for number in numbers[1:]):
        return "yolo"
    return "box_text" if len(words) == 5 and words[:4] == numbers[:4] else None


_LOOKS: dict[str, Callable[[str, bytes], str | None]] = {
    ".json": _json,
    ".jsonl": _lines,
    ".ndjson": _lines,
    ".xml": _xml,
    ".yaml": _yaml,
    ".yml": _yaml,
    ".csv": _table,
    ".tsv": _table,
    ".txt": _text,
    ".names": _names,
    ".data": _names,
    ".png": lambda name, head: "voc" if _in_folder(name, (voc_masks.OBJECTS,)) else None,
}


def _masks(files: Collection[str]) -> set[str]:
    """Return the masks among files: PNGs in a folder of masks, named like a picture that lies elsewhere."""
    pictures = {
        PurePosixPath(name).stem
        for name in files
        if _ending(name) in PICTURES and not _in_folder(name, mask_png.FOLDERS)
    }
    return {
        name
        for name in files
        if _ending(name) == ".png" and _in_folder(name, mask_png.FOLDERS) and PurePosixPath(name).stem in pictures
    }


def _is_beside(name: str, files: Mapping[str, Path]) -> bool:
    """Say whether a file belongs to labels but says nothing itself: Label Studio's screen, Croissant's description."""
    if _ending(name) == ".xml":
        return _head(files[name]).lstrip().startswith(b"<View")
    path = PurePosixPath(name)
    return path.name in croissant.FILES and str(path.with_name(croissant.FILE)) in files


def _in_folder(name: str, folders: Iterable[str]) -> bool:
    return bool(set(PurePosixPath(name).parts[:-1]) & set(folders))


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)
