"""Croissant 1.1: a description of a frozen version that search engines and loaders of data sets read; written only.

    croissant.json    what there is, which files with which checksums, which records with which fields
    images.jsonl      {"content_url": "images/a.jpg", "sha256": "…", "split": "train", "classes": [], "answer": …}
    objects.jsonl     {"content_url": "images/a.jpg", "class": "bun", "bbox": [x1, y1, x2, y2], "segmentation": "x y,…"}
    annotations.jsonl everything without loss, see `jsonl`; it is what comes in again
    images/a.jpg

The checksum of every picture stands in images.jsonl, whose own stands in croissant.json. Boxes are in pixels.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from modelyard.formats.entries import SPLITS, Entry
from modelyard.geometry.shapes import outline

FILE = "croissant.json"
FILES = (FILE, "images.jsonl", "objects.jsonl")  # which say nothing that annotations.jsonl does not

_TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".bmp": "image/bmp",
          ".tif": "image/tiff", ".tiff": "image/tiff", ".gif": "image/gif"}  # fmt: skip
_LINES = "application/jsonlines"
_ABOUT = {
    "annotations.jsonl": "Everything that is known of each picture, without loss, as Modelyard reads it.",
    "images.jsonl": "A line for each picture: its file with checksum, size, split, and class or answer.",
    "objects.jsonl": "A line for each object that is drawn into a picture: its class, box and outline in pixels.",
}
_OF_IMAGES = {
    "content_url": ("sc:URL", "The path of the picture's file."),
    "sha256": ("sc:Text", "The checksum of the picture's file."),
    "split": ("cr:Split", "What the picture is meant for: training, choosing or testing; empty if that is open."),
    "width": ("sc:Integer", "Pixels across, upright."),
    "height": ("sc:Integer", "Pixels down, upright."),
    "classes": ("cr:Label", "The classes of the whole picture, where it has any."),
    "answer": ("sc:Text", "What a person said: class, objects, does_not_belong, not_sure; none if nobody did."),
}
_OF_OBJECTS = {
    "content_url": ("sc:URL", "The path of the picture's file."),
    "class": ("cr:Label", "The class of the object."),
    "bbox": ("cr:BoundingBox", "The upright box around the object, in pixels from the top left corner."),
    "segmentation": ("cr:SegmentationMask", "The object's outline as x y pairs in pixels; empty if it has no area."),
}


@dataclass(frozen=True, kw_only=True)
class About:
    """What a description says of the whole data set."""

    name: str
    description: str
    url: str
    creator: str
    published: str  # a date, YYYY-MM-DD
    version: str
    license: str = "Not given; ask whoever gave you these files."


def images(
    entries: Sequence[Entry], sha256_of: Callable[[str], str], classes: Mapping[str, Sequence[str]] | None = None
) -> Iterator[str]:
    """Yield the lines of images.jsonl; names are the paths of the files.

    Args:
        entries: The images.
        sha256_of: Returns the checksum of a file.
        classes: The classes of whole images by their names, where entries come without their items.

    Example:
        >>> json.loads(next(images([Entry(name="images/1.jpg", split="val")], lambda path: "00")))["split"]
        'val'
    """
    for entry in entries:
        known = {"content_url": entry.name, "sha256": sha256_of(entry.name), "split": entry.split or ""}
        size = {"width": entry.width, "height": entry.height}
        yield _line(
            {**known, **size, "classes": (classes or {}).get(entry.name, entry.whole_classes), "answer": entry.answer}
        )


def objects(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield the lines of objects.jsonl; names of entries are the paths of the files.

    Example:
        >>> list(objects([Entry(name="images/1.jpg")]))
        []
    """
    for entry in entries:
        for item in (item for item in entry.items if not item.is_whole):
            found = outline(item.shape, 0.5)
            ring = found.rings[0] if found else ()
            points = ",".join(f"{x:.10g} {y:.10g}" for x, y in zip(ring[::2], ring[1::2], strict=True))
            box = list(item.shape.bounds())
            yield _line({"content_url": entry.name, "class": item.class_name, "bbox": box, "segmentation": points})


def describe(about: About, names: Sequence[str], class_names: Sequence[str], files: Mapping[str, str]) -> str:
    """Return croissant.json.

    Args:
        about: What is said of the whole.
        names: The paths of the pictures.
        class_names: The classes in their order.
        files: The checksum (SHA-256) of annotations.jsonl, images.jsonl and objects.jsonl, of those that there are.

    Example:
        >>> about = About(name="a", description="b", url="c", creator="d", published="2026-01-01", version="1")
        >>> json.loads(describe(about, [], [], {}))["@type"]
        'sc:Dataset'
    """
    endings: dict[str, set[str]] = {}
    for name in names:
        ending = PurePosixPath(name).suffix
        endings.setdefault(_TYPES.get(ending.lower(), "application/octet-stream"), set()).add(ending)
    sets = [_file_set(kind, sorted(found)) for kind, found in sorted(endings.items())]
    records = [_list("classes", class_names, "sc:Enumeration"), _list("splits", SPLITS, "cr:Split")]
    records += [_records("images", _OF_IMAGES)] if "images.jsonl" in files else []
    records += [_records("objects", _OF_OBJECTS)] if "objects.jsonl" in files else []
    found = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": about.name,
        "description": about.description,
        "license": about.license,
        "url": about.url,
        "creator": {"@type": "sc:Organization", "name": about.creator},
        "datePublished": about.published,
        "version": about.version,
        "citeAs": f"{about.creator}: {about.name}, {about.version}. {about.published}.",
        "isLiveDataset": False,
        "distribution": [*(_file(name, checksum) for name, checksum in sorted(files.items())), *sets],
        "recordSet": records,
    }
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _line(record: Mapping[str, object]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"


def _file(name: str, checksum: str) -> dict[str, object]:
    known = {"@type": "cr:FileObject", "@id": name, "name": name, "contentUrl": name, "encodingFormat": _LINES}
    return {**known, "description": _ABOUT[name], "sha256": checksum}


def _file_set(kind: str, endings: Sequence[str]) -> dict[str, object]:
    name = f"pictures-{kind.rsplit('/', 1)[-1]}"
    includes = [f"images/**{ending and '/*'}{ending}" for ending in endings]
    known = {"@type": "cr:FileSet", "@id": name, "name": name, "encodingFormat": kind}
    return {**known, "description": "The pictures.", "includes": includes}


def _list(name: str, values: Sequence[str], kind: str) -> dict[str, object]:
    key = f"{name}/name"
    field = {"@type": "cr:Field", "@id": key, "name": "name", "dataType": "sc:Text"}
    rows = [{key: value} for value in values]
    known: dict[str, object] = {"@type": "cr:RecordSet", "@id": name, "name": name, "dataType": kind}
    return {**known, "key": {"@id": key}, "field": [field], "data": rows}


def _records(name: str, fields: Mapping[str, tuple[str, str]]) -> dict[str, object]:
    found = [
        {
            "@type": "cr:Field",
            "@id": f"{name}/{field}",
            "name": field,
            "description": about,
            "dataType": _data_types(kind),
            **({"format": "XYXY"} if kind == "cr:BoundingBox" else {}),
            **({"repeated": True} if field == "classes" else {}),
            "source": {"fileObject": {"@id": f"{name}.jsonl"}, "extract": {"column": field}},
        }
        for field, (kind, about) in fields.items()
    ]
    known: dict[str, object] = {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": _ABOUT[f"{name}.jsonl"],
    }
    return known | ({"key": {"@id": "images/content_url"}} if name == "images" else {}) | {"field": found}


def _data_types(kind: str) -> object:
    return ["sc:Text", kind] if kind in ("cr:Label", "cr:Split", "cr:SegmentationMask") else kind


_CR = """
arrayShape citeAs column equivalentProperty extract field fileObject fileProperty fileSet format includes isArray
isLiveDataset jsonPath key md5 parentField path recordSet references regex repeated replace samplingRate separator
source subField transform
"""
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{name: f"cr:{name}" for name in _CR.split()},
}
