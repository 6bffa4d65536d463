"""Frozen feature networks: the registry of cards, and loading by name or path. Building lives in the other files."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from modelyard.engine.backbones import lite0
from modelyard.engine.backbones.card import Backbone, BackboneCard, BackboneDamaged, read_card
from modelyard.errors import NotFound, Unavailable
from modelyard.registry import Registry

__all__ = [
    "BACKBONES",
    "DEFAULT",
    "FILES",
    "Backbone",
    "BackboneCard",
    "BackboneDamaged",
    "BackboneEntry",
    "BackboneNotFound",
    "load",
]

FILES = Path(__file__).parent / "files"
DEFAULT = "efficientnet_lite0"


class BackboneNotBuilt(Unavailable):
    """This backbone was not built at set-up. Run `python -m modelyard.engine.backbones build`."""


class BackboneNotFound(NotFound):
    """There is no such backbone file."""


@dataclass(frozen=True)
class BackboneEntry:
    """A bundled backbone: its card and what writes its file into a folder."""

    card: BackboneCard
    build: Callable[[Path], Backbone]


BACKBONES: Registry[BackboneEntry] = Registry("backbone")
BACKBONES.add(lite0.CARD.name, BackboneEntry(lite0.CARD, lite0.build))


def load(name_or_path: str | Path) -> Backbone:
    """Return a bundled backbone by name, or one that was exported, by the path of its `.onnx` file.

    Raises:
        UnknownName: No bundled backbone has that name.
        BackboneNotFound: There is no file at that path, or no card beside it.
        BackboneNotBuilt: The bundled backbone's file is missing.
        BackboneDamaged: The file does not match its card.
    """
    path = Path(name_or_path)
    if path.suffix != ".onnx":
        path = FILES / f"{BACKBONES[str(name_or_path)].card.name}.onnx"
        if not (path.is_file() and path.with_suffix(".json").is_file()):
            raise BackboneNotBuilt(name=str(name_or_path))
    elif not (path.is_file() and path.with_suffix(".json").is_file()):
        raise BackboneNotFound(f"There is no backbone with its card at {path.name!r}.", name=path.name)
    backbone = read_card(path)
    backbone.check()
    return backbone
