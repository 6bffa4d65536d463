"""What a model said about each image of a split, as stored beside its evaluation: JSON Lines, one image a line."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

TOP = 5


@dataclass(frozen=True)
class Prediction:
    """The truth of one image and what was predicted; `top` holds the likeliest class ids with their scores."""

    image_id: str
    truth: str
    predicted: str
    score: float
    top: list[tuple[str, float]]

    @property
    def is_right(self) -> bool:
        """Whether the prediction is the truth."""
        return self.truth == self.predicted


def from_logits(
    logits: NDArray[np.float32], *, image_ids: Sequence[str], truths: Sequence[str], class_ids: Sequence[str]
) -> list[Prediction]:
    """Return one prediction a row of calibrated `logits`, shape (N, K)."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities = raised / raised.sum(axis=1, keepdims=True)
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, :TOP]  # (N, 5)
    found = []
    for row, image_id, truth in zip(range(len(order)), image_ids, truths, strict=True):
        top = [(class_ids[index], round(float(probabilities[row, index]), 5)) for index in order[row]]
        score = float(probabilities[row, order[row, 0]])  # not rounded: the threshold is compared with it
        found.append(Prediction(image_id=image_id, truth=truth, predicted=top[0][0], score=score, top=top))
    return found


def to_bytes(predictions: Sequence[Prediction]) -> bytes:
    """Return the stored form."""
    lines = (json.dumps(asdict(one), separators=(",", ":")) for one in predictions)
    return "".join(line + "\n" for line in lines).encode()


def from_bytes(data: bytes) -> list[Prediction]:
    """Read what `to_bytes` wrote."""
    return [Prediction(**json.loads(line)) for line in data.decode().splitlines()]
