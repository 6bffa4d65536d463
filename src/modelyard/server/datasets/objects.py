"""The manifest of a version in which objects are drawn, written as it is read: never more than a few hundred images.

    {"attributes": […], "classes": […], "format": "modelyard-version/2", "images": 2, "options": {…}, "task": "…"}
    {"bytes": 214, "hash": "…", "image_id": "…", "name": "1.jpg", "objects": {"<class id>": 2}, "split": "train", …}
    {"bytes": 0, "hash": "…", "image_id": "…", "name": "2.jpg", "objects": {}, "split": "test", …}
    [{"class_id": "…", "id": "…", "shape": {"type": "box", …}, "source": "human", "z": 0}, …]

The third kind of line stands once for each image that holds objects, in the order of the images. Its objects go from
below to above; "attributes", "active_s" and "suggestion" are left out where there is nothing to say, and so is the
angle of an upright box. An image without objects was answered "nothing here".
"""

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from modelyard.formats.entries import Item
from modelyard.geometry.kinds import Box, Shape
from modelyard.geometry.shapes import from_json
from modelyard.server.datasets.manifest import FORMAT_OF_OBJECTS, Entry, Manifest, to_line

_KEYS = ("hash", "image_id", "name", "size_bytes", "width", "height", "revision", "source", "split", "twin_group")
_PLAIN = ("attributes", "class_id", "shape")
_PIECE = 2**20  # bytes


@dataclass(frozen=True)
class Header:
    """What is said of a version as a whole."""

    task: str
    classes: list[dict[str, Any]]
    attributes: list[dict[str, Any]]
    options: dict[str, Any]


def write(path: Path, header: Header, entries: Iterable[tuple[Entry, list[dict[str, Any]]]]) -> int:
    """Write a manifest and return how many images it holds.

    Args:
        path: The file; replaced if there is one.
        header: What is said of the whole.
        entries: The images in the order of their hashes, each with its objects from below to above.
    """
    with tempfile.TemporaryFile(dir=path.parent) as heads, tempfile.TemporaryFile(dir=path.parent) as objects:
        images = 0
        for entry, found in entries:
            images += 1
            line = to_line(found) if found else b""
            heads.write(_head(replace(entry, bytes=len(line))))
            objects.write(line)
        first = {"classes": header.classes, "attributes": header.attributes, "options": header.options}
        with path.open("wb") as out:
            out.write(to_line({**first, "format": FORMAT_OF_OBJECTS, "images": images, "task": header.task}))
            for part in (heads, objects):
                part.seek(0)
                shutil.copyfileobj(part, out, _PIECE)
    return images


def holds_the_same(one: Path, other: Path) -> bool:
    """Say whether two manifests hold the same images, objects and classes, whatever decided their splits."""
    with one.open("rb") as a, other.open("rb") as b:
        if _whole(a) != _whole(b):
            return False
        while (piece := a.read(_PIECE)) == b.read(_PIECE):
            if not piece:
                return True
        return False


def to_object(
    *, id: str, class_id: str, shape: Mapping[str, Any], attributes: Mapping[str, Any], extra: Mapping[str, Any]
) -> dict[str, Any]:
    """Return an object as a manifest has it.

    Example:
        >>> box = {"type": "box", "x1": 0.0, "y1": 0.0, "x2": 2.0, "y2": 1.0, "angle": 0.0}
        >>> to_object(id="o", class_id="c", shape=box, attributes={}, extra={"z": 0})["shape"]
        {'type': 'box', 'x1': 0.0, 'y1': 0.0, 'x2': 2.0, 'y2': 1.0}
    """
    if shape["type"] == "box" and not shape.get("angle"):
        shape = {key: value for key, value in shape.items() if key != "angle"}
    said = {"attributes": dict(attributes)} if attributes else {}
    return {"id": id, "class_id": class_id, "shape": shape, **said, **extra}


def to_item(found: Mapping[str, Any], class_names: Mapping[str, str], *, with_lineage: bool) -> Item:
    """Return an object in the terms of the interchange formats."""
    extra = {key: value for key, value in found.items() if key not in _PLAIN} if with_lineage else {}
    return Item(
        class_name=class_names[found["class_id"]],
        shape=to_shape(found["shape"]),
        attributes=found.get("attributes", {}),
        extra=extra,
    )


def to_shape(said: Mapping[str, Any]) -> Shape:
    """Return the shape of an object."""
    if said["type"] == "box" and "angle" not in said:
        return Box.known(said["x1"], said["y1"], said["x2"], said["y2"])
    return from_json(said)


def only_of(manifest: Manifest, entries: Iterable[Entry]) -> Iterator[list[dict[str, Any]]]:
    """Yield the objects of these entries as they are compared: without how they came about."""
    for found in manifest.objects(entries):
        yield [{key: value for key, value in row.items() if key in (*_PLAIN, "id", "z")} for row in found]


def _head(entry: Entry) -> bytes:
    said: dict[str, Any] = {key: getattr(entry, key) for key in _KEYS}
    said |= {"bytes": entry.bytes, "objects": dict(entry.objects)}
    return to_line(said | ({"attributes": dict(entry.attributes)} if entry.attributes else {}))


def _whole(file: IO[bytes]) -> dict[str, Any]:
    header: dict[str, Any] = json.loads(file.readline())
    return {key: value for key, value in header.items() if key != "options"}
