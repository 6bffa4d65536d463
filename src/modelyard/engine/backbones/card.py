"""What a backbone is: a card (what it is, what it needs, licence) beside an ONNX file; it runs nothing.

Every backbone has the same door, so that nothing outside this folder asks which network it is:
input `images`, shape (B, input_px, input_px, 3), uint8 RGB; output `features`, shape (B, dimensions), float32,
pooled and not normalised. Scaling to the network's own mean and deviation happens inside the graph.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from modelyard.errors import Invalid

INPUT = "images"
OUTPUT = "features"
OPSET = 17
IR_VERSION = 10


class BackboneDamaged(Invalid):
    """The backbone's file does not match its card. Build or export it again."""


@dataclass(frozen=True, kw_only=True)
class BackboneCard:
    """The facts about a backbone that others rely on.

    `mean` and `std` are for pixels in [0, 1] and are already part of the graph; `crop_fraction` is the share of the
    shorter side that the network sees; `sha256` is that of the ONNX file.
    """

    name: str
    dimensions: int
    input_px: int
    crop_fraction: float
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    licence: str
    source: str
    sha256: str = ""


@dataclass(frozen=True)
class Backbone:
    """An ONNX file and the card that describes it."""

    onnx_path: Path
    card: BackboneCard

    def check(self) -> None:
        """Compare the file with the card's checksum.

        Raises:
            BackboneDamaged: The file is another one than the card describes.
        """
        if file_sha256(self.onnx_path) != self.card.sha256:
            raise BackboneDamaged(
                f"The file of backbone {self.card.name!r} does not match its card. Build or export it again.",
                name=self.card.name,
            )


def write_card(card: BackboneCard, onnx_path: Path) -> Backbone:
    """Write `card` beside `onnx_path` and return the two together."""
    onnx_path.with_suffix(".json").write_text(json.dumps(asdict(card), indent=2) + "\n", encoding="utf-8")
    return Backbone(onnx_path, card)


def read_card(onnx_path: Path) -> Backbone:
    """Read the card that lies beside `onnx_path`; raises `BackboneDamaged`."""
    try:
        fields = json.loads(onnx_path.with_suffix(".json").read_text(encoding="utf-8"))
        fields["mean"], fields["std"] = tuple(fields["mean"]), tuple(fields["std"])
        return Backbone(onnx_path, BackboneCard(**fields))
    except (ValueError, KeyError, TypeError) as error:
        raise BackboneDamaged(
            f"{onnx_path.with_suffix('.json').name!r} is no backbone's card. Build or export it again."
        ) from error


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
