"""Trying two files that a stranger may have made, for a child process; what it needs is loaded there alone.

A trial that takes longer than it may is ended together with its process: a network can hold a loop without an end.
"""

import signal
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

LONGEST_S = 300  # The largest encoders take a minute to load and run on a slow machine.


@dataclass(frozen=True)
class Trial:
    """The paths of an encoder and a decoder that nobody has tried yet, and the seconds that it may take."""

    encoder: str
    decoder: str
    longest_s: int = LONGEST_S


def tried(trial: Trial) -> tuple[dict[str, Any], list[list[str]]]:
    """Load and try an encoder and a decoder; return their card, and the files that each consists of.

    Raises:
        NotASam: They are not what they should be.
        OutsideData: One keeps weights outside its folder.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(trial.longest_s)
    try:
        from modelyard.serving.smart import sam_files

        paths = [Path(name) for name in (trial.encoder, trial.decoder)]
        card = sam_files.check(*paths)
        return asdict(card), [[str(part) for part in sam_files.parts_of(path)] for path in paths]
    finally:
        signal.alarm(0)
