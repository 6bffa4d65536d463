"""`python -m modelyard.engine.backbones`: builds the bundled backbones, exports timm's, adopts ONNX files.

build                             what is missing or damaged of the bundled ones; nothing the second time
export NAME FOLDER                any timm model, by hub name or from local weights (extra `train`)
adopt FILE FOLDER --name NAME     an ONNX file that takes (B, 3, H, W) and gives features
"""

import argparse
import sys
from pathlib import Path

from modelyard.engine.backbones import BACKBONES, FILES, Backbone, BackboneCard, BackboneDamaged, load
from modelyard.errors import ProductError, Unavailable


def main(words: list[str] | None = None) -> int:
    """Do what the command line says; return the exit code."""
    asked = _parser().parse_args(words)
    try:
        if asked.command == "build":
            for name in BACKBONES.names():
                print(f"{name}: {_build(name)}")  # noqa: T201
        else:
            made = _export(asked) if asked.command == "export" else _adopt(asked)
            print(f"Written: {made.onnx_path} ({made.card.dimensions} features, licence {made.card.licence}).")  # noqa: T201
            print(f"Use it: modelyard projects backbone PROJECT {made.onnx_path}")  # noqa: T201
    except ProductError as error:
        print(error.detail, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m modelyard.engine.backbones",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build", help="write the bundled backbones")
    export = commands.add_parser("export", help="write a timm model as a backbone")
    export.add_argument("model", help="vit_small_patch14_dinov2.lvd142m, or hf-hub:timm/…")
    export.add_argument("folder", type=Path)
    export.add_argument("--checkpoint", type=Path, help="local weights in place of the published ones; no download")
    export.add_argument("--licence", default="", help="the weights' licence, where timm does not record it")
    adopt = commands.add_parser("adopt", help="make an ONNX file a backbone")
    adopt.add_argument("file", type=Path)
    adopt.add_argument("folder", type=Path)
    adopt.add_argument("--name", required=True)
    adopt.add_argument("--input-px", type=int, default=224)
    adopt.add_argument("--crop", type=float, default=0.875, help="share of the shorter side that it sees")
    adopt.add_argument("--mean", type=float, nargs=3, default=(0.485, 0.456, 0.406), metavar=("R", "G", "B"))
    adopt.add_argument("--std", type=float, nargs=3, default=(0.229, 0.224, 0.225), metavar=("R", "G", "B"))
    adopt.add_argument("--licence", default="unknown")
    return parser


def _build(name: str) -> str:
    try:
        load(name)
    except (Unavailable, BackboneDamaged):
        return f"written, sha256 {BACKBONES[name].build(FILES).card.sha256[:12]}"
    return "already there"


def _export(asked: argparse.Namespace) -> Backbone:
    from modelyard.engine.backbones import timm_export

    return timm_export.export(asked.model, asked.folder, checkpoint=asked.checkpoint, licence=asked.licence)


def _adopt(asked: argparse.Namespace) -> Backbone:
    from modelyard.engine.backbones import onnx_file

    card = BackboneCard(
        name=asked.name,
        dimensions=0,  # found out from the file
        input_px=asked.input_px,
        crop_fraction=asked.crop,
        mean=tuple(asked.mean),
        std=tuple(asked.std),
        licence=asked.licence,
        source=asked.file.name,
    )
    return onnx_file.adopt(asked.file, asked.folder, card)


if __name__ == "__main__":
    sys.exit(main())
