"""Reads an exported archive, a folder or a zip, into what a predictor needs; it runs nothing."""

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelyard.errors import Invalid


class ArchiveDamaged(Invalid):
    """This is not a complete exported model."""


@dataclass(frozen=True)
class Archive:
    """An exported model: `classes` are (id, name) in class_index order."""

    model: bytes
    classes: tuple[tuple[str, str], ...]
    threshold: float | None
    input_px: int
    crop_fraction: float


def read_archive(path: Path) -> Archive:
    """Read the archive at `path`.

    Raises:
        ArchiveDamaged: A part is missing or damaged.
    """
    try:
        parts = _read_folder(path) if path.is_dir() else _read_zip(path)
        named: dict[str, Any] = json.loads(parts["classes.json"])
        rules: dict[str, Any] = json.loads(parts["preprocessing.json"])
        return Archive(
            model=parts["model.onnx"],
            classes=tuple((entry["id"], entry["name"]) for entry in named["classes"]),
            threshold=named["threshold"],
            input_px=int(rules["input_px"]),
            crop_fraction=float(rules["crop_fraction"]),
        )
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise ArchiveDamaged(f"{path.name!r} is not a complete exported model.") from error


_PARTS = ("model.onnx", "classes.json", "preprocessing.json")


def _read_folder(path: Path) -> dict[str, bytes]:
    return {name: (path / name).read_bytes() for name in _PARTS}


def _read_zip(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in _PARTS}
