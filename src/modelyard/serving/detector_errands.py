"""What a child process does with a detector that somebody brought: try it once, or look at one picture.

Everything here runs for a minute at most: after that the process is ended, and whoever waits for it hears of it.
"""

import signal
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image

from modelyard.engine.pixels import open_image, turned_rgb
from modelyard.errors import ProductError
from modelyard.geometry.shapes import to_json
from modelyard.serving.detector import Detector, read_card

LONGEST_S = 60

Finding = tuple[str, float, dict[str, Any]]  # class name, score, shape as JSON


@dataclass(frozen=True)
class Trial:
    """A network and a card that nobody has tried yet."""

    network: str
    card: bytes


@dataclass(frozen=True)
class Look:
    """One picture for a detector; `size` is width and height of the upright image, which the file may have less of."""

    network: str
    card: bytes
    picture: str
    size: tuple[int, int]


def try_out(trial: Trial) -> str | None:
    """Load the network, check it against its card, run it on a grey picture; return what is wrong, if anything."""
    _begin()
    try:
        Detector(Path(trial.network), read_card(trial.card))
    except ProductError as error:
        return error.detail
    finally:
        signal.alarm(0)
    return None


def look(errand: Look) -> list[Finding] | str:
    """Return what the detector finds in the picture, best first, in pixels of `size`; or why it could not look."""
    _begin()
    try:
        detector = _load(errand.network, errand.card)
        with open_image(Path(errand.picture)) as image:
            picture, _ = turned_rgb(image)
        if picture.size != errand.size:
            picture = picture.resize(errand.size, Image.Resampling.BILINEAR)
        return [(found.class_name, found.score, to_json(found.shape)) for found in detector.find(picture)]
    except ProductError as error:
        return error.detail
    finally:
        signal.alarm(0)


def _begin() -> None:
    warnings.simplefilter("ignore")  # Decoders and runtimes grumble about files that they read all the same.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(LONGEST_S)


@lru_cache(maxsize=2)
def _load(network: str, card: bytes) -> Detector:
    return Detector(Path(network), read_card(card))
