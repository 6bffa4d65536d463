"""The stored form of a trained head, and of what was decided when it was trained; no pickle."""

import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from modelyard.engine.calibration import Selective
from modelyard.engine.recipes import RECIPES, TrainConfig, TrainData, TrainedHead
from modelyard.server.training.curve import Curve
from modelyard.server.training.inputs import Inputs

Array = NDArray[np.float32]

_SUSPECTS = 50

# Threads that wait for each other in small steps cost several times the work itself when others want the cores.
_BLAS = ThreadpoolController()


@dataclass(frozen=True, eq=False)
class Head:
    """Logits are `features @ weights + bias`; weights of shape (D, K), bias of shape (K,)."""

    weights: Array
    bias: Array

    def logits(self, features: Array) -> Array:
        """Return logits before temperature, shape (N, K)."""
        logits: Array = features @ self.weights + self.bias
        return logits


def train(config: Mapping[str, Any], n_classes: int, taught: Inputs, curve: Curve) -> TrainedHead:
    """Train a head by the run's recipe on the train split."""
    data = TrainData(
        features=taught.features, classes=taught.y, n_classes=n_classes, flipped=taught.flipped, groups=taught.groups
    )
    settings = TrainConfig(
        seed=config["seed"], budget_s=config["budget_s"], flips=config["flips"], promise=config["promise"]
    )
    with _BLAS.limit(limits=1, user_api="blas"):
        return RECIPES[config["recipe"]].train(data, settings, curve.add)


def decisions(trained: TrainedHead, taught: Inputs) -> dict[str, Any]:
    """Return what was decided at training beside the weights, ready for JSON; later reports speak of it."""
    return {
        "selective": asdict(trained.selective),
        "suspects": [taught.entries[suspect.index].image_id for suspect in trained.suspects[:_SUSPECTS]],
        "labels": dict(Counter(entry.class_id for entry in taught.entries)),
    }


def selective_of(stored: Mapping[str, Any]) -> Selective:
    """Return the threshold with its evidence from what `decisions` returned."""
    return Selective(**stored["selective"])


def to_bytes(weights: Array, bias: Array) -> bytes:
    """Return the stored form of a head; equal heads give equal bytes."""
    out = io.BytesIO()
    np.savez(out, weights=weights, bias=bias)
    return out.getvalue()


def from_bytes(data: bytes) -> Head:
    """Read what `to_bytes` wrote."""
    with np.load(io.BytesIO(data), allow_pickle=False) as stored:
        return Head(stored["weights"], stored["bias"])
