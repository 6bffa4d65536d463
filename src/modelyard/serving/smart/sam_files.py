"""Whether two files are a SAM-class encoder and decoder, and of which kind; everything is tried before it is used.

`check` reads files that a stranger may have made: run it in a child process.
"""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

import numpy as np
import onnx
from blake3 import blake3

from modelyard.errors import Invalid
from modelyard.serving import onnx_parts
from modelyard.serving.smart.prompts import Click, Prompt
from modelyard.serving.smart.sam import NotASam, SamDecoder, SamEncoder, SamFailed, SamKind

__all__ = ["NotASam", "SamCard", "check", "fingerprint", "parts_of"]

MAX_BYTES = 4 * 2**30


@dataclass(frozen=True)
class SamCard:
    """What was found out about a pair of files."""

    kind: SamKind
    encoder: str
    decoder: str
    encoder_hash: str
    decoder_hash: str
    size_bytes: int


class OutsideData(Invalid):
    """The network keeps weights in a file outside its own folder."""


def check(encoder: Path, decoder: Path) -> SamCard:
    """Load both files, answer one click on a grey picture, and return what they are.

    Raises:
        NotASam: No ONNX file, too large, other inputs or outputs than expected, or the two do not fit together.
        OutsideData: Weights in a file outside the folder of the network.
    """
    sizes = [sum(part.stat().st_size for part in parts_of(path)) for path in (encoder, decoder)]
    looker, drawer = SamEncoder(encoder), SamDecoder(decoder)
    if looker.kind != drawer.kind:
        raise NotASam(
            f"The encoder is of the kind “{looker.kind}” and the decoder of the kind “{drawer.kind}”. "
            "Take both from the same export."
        )
    grey = np.full((96, 128, 3), 114, np.uint8)
    try:
        seen = looker.embed(grey)
        drawer.find(seen, Prompt(None, (Click(64, 48),)))
        drawer.find(seen, Prompt((20, 20, 100, 80)))
    except SamFailed as error:
        raise NotASam(
            "Encoder and decoder run, but do not fit together: they failed on a grey picture. "
            "Take both from the same export."
        ) from error
    hashes = fingerprint(encoder), fingerprint(decoder)
    return SamCard(looker.kind, encoder.name, decoder.name, *hashes, size_bytes=sum(sizes))


def parts_of(path: Path) -> list[Path]:
    """Return the file of a network and those in which it keeps weights, all in one folder.

    Raises:
        NotASam: There is no such file, or it is no ONNX network.
        OutsideData: It names a file outside its folder.
    """
    if not path.is_file():
        raise NotASam(f"There is no file {path.name!r} at the place that was named.")
    if path.stat().st_size > MAX_BYTES:
        raise NotASam(f"The file {path.name!r} has more than {MAX_BYTES:,} bytes.")
    try:
        model = onnx.load(str(path), load_external_data=False)
    except Exception as error:  # the classes of protobuf have no types
        raise NotASam(f"The file {path.name!r} is not an ONNX network.") from error
    if not model.graph.node:
        raise NotASam(f"The file {path.name!r} is not an ONNX network.")
    return [path, *(_beside(path, name) for name in sorted(_outside(model)))]


def fingerprint(path: Path) -> str:
    """Return the hash of a network with the weights beside it, 64 hexadecimal digits."""
    found = blake3()
    for part in parts_of(path):
        found.update_mmap(part)
    return found.hexdigest()


def _outside(model: onnx.ModelProto) -> set[str]:
    held = (tensor for tensor in onnx_parts.tensors(model) if tensor.data_location == onnx.TensorProto.EXTERNAL)
    return {entry.value for tensor in held for entry in tensor.external_data if entry.key == "location"}


def _beside(path: Path, name: str) -> Path:
    plain = PurePosixPath(PureWindowsPath(name).as_posix())
    found = path.parent / plain.name
    if plain.is_absolute() or plain.name != name or found.is_symlink():
        raise OutsideData(
            f"The network {path.name!r} keeps weights in {name[:100]!r}, which is not in its own folder. "
            "Export it again as one file, or with its data file beside it."
        )
    if not found.is_file():
        raise NotASam(f"The network {path.name!r} keeps weights in {name[:100]!r}, which is missing beside it.")
    return found
