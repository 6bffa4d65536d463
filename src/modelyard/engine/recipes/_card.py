"""What every recipe is made of: its card, what goes in and what comes out. No recipe is here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelyard.engine.calibration import Selective
from modelyard.engine.heads import HeadFit
from modelyard.engine.quality import Suspect

OnStep = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class RecipeCard:
    """A recipe in words; `seconds_per_1000` and `seconds_least` are measured on two cores."""

    name: str
    task: str
    what: str
    fits: str
    needs: str
    cost: str
    seconds_least: float
    seconds_per_1000: float

    def estimate_s(self, n_images: int) -> float:
        """Return about how many seconds it takes."""
        return self.seconds_least + self.seconds_per_1000 * n_images / 1000


@dataclass(frozen=True)
class TrainConfig:
    """How to train; with the data and this, a run repeats itself.

    Args:
        seed: Decides everything left to chance.
        budget_s: Seconds that it may take; None: as long as it needs.
        C: Inverse of the head's penalty, or "cv" to choose it.
        flips: Learn from mirrored views too, where there are any.
        scenes: Keep pictures that seem to come from one burst in one fold, so that the judgement is honest.
        promise: Share of right answers to promise, in (0, 1).
    """

    seed: int = 0
    budget_s: float | None = 600.0
    C: float | str = "cv"
    flips: bool = True
    scenes: bool = True
    promise: float = 0.99


@dataclass(frozen=True, eq=False)
class TrainData:
    """Images to learn from.

    Args:
        features: L2-normalised embeddings, shape (N, D).
        classes: Class index of each image, shape (N,), in [0, K).
        n_classes: K.
        flipped: Embeddings of the mirrored images, shape (N, D).
        groups: Images that belong together (twins), shape (N,).
    """

    features: NDArray[np.float32]
    classes: NDArray[np.int64]
    n_classes: int
    flipped: NDArray[np.float32] | None = None
    groups: NDArray[np.int64] | None = None


@dataclass(frozen=True, eq=False)
class TrainedHead:
    """A trained head with what was found out about it out of fold.

    Args:
        fit: Weights, bias, curve and out-of-fold logits before temperature.
        temperature: Divides logits.
        selective: From which score on answers may be given, with its evidence.
        suspects: Labels to look at again, most doubtful first.
        explanation: What was done and why, in plain words.
    """

    fit: HeadFit
    temperature: float
    selective: Selective
    suspects: list[Suspect]
    explanation: str


@dataclass(frozen=True)
class Choice:
    """A recipe's name, and why it."""

    recipe: str
    explanation: str


Train = Callable[[TrainData, TrainConfig, OnStep | None], TrainedHead]


@dataclass(frozen=True)
class Recipe:
    """A card and the function that trains."""

    card: RecipeCard
    train: Train
