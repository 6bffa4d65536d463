"""Trying two files that a stranger may have made, for a child process; what it needs is loaded there alone."""

from dataclasses import asdict
from pathlib import Path
from typing import Any


def tried(pair: tuple[str, str]) -> tuple[dict[str, Any], list[list[str]]]:
    """Load and try an encoder and a decoder; return their card, and the files that each consists of.

    Raises:
        NotASam: They are not what they should be.
        OutsideData: One keeps weights outside its folder.
    """
    from modelyard.serving.smart import sam_files

    paths = [Path(name) for name in pair]
    card = sam_files.check(*paths)
    return asdict(card), [[str(part) for part in sam_files.parts_of(path)] for path in paths]
