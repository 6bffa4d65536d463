"""`python -m modelyard.engine.backbones build`: writes the bundled backbones; quick, and nothing the second time."""

import argparse
import sys

from modelyard.engine.backbones import BACKBONES, FILES, BackboneDamaged, load
from modelyard.errors import ProductError, Unavailable


def main() -> int:
    """Build what is missing or damaged."""
    parser = argparse.ArgumentParser(prog="python -m modelyard.engine.backbones")
    parser.add_argument("command", choices=["build"])
    parser.parse_args()
    for name in BACKBONES.names():
        try:
            print(f"{name}: {_build(name)}")  # noqa: T201
        except ProductError as error:
            print(error.detail, file=sys.stderr)  # noqa: T201
            return 1
    return 0


def _build(name: str) -> str:
    try:
        load(name)
    except (Unavailable, BackboneDamaged):
        return f"written, sha256 {BACKBONES[name].build(FILES).card.sha256[:12]}"
    return "already there"


if __name__ == "__main__":
    sys.exit(main())
