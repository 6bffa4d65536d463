"""Puts metrics, calibration, thresholds and words together into the report of one model on one set of images."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelyard.engine import metrics, words
from modelyard.engine._logistic import softmax
from modelyard.engine.calibration import Selective, apply_threshold, binomial_tail

_MOST_PAIRS = 3
_EXAMPLES = 6
_DOUBT = 0.05


@dataclass(frozen=True, eq=False)
class Checked:
    """Images whose truth is known, and what a model said about them.

    Args:
        truth: Class indices, shape (N,).
        logits: As the head gives them, before temperature, shape (N, K).
        image_ids: One a row.
        groups: Rows that belong together (twins), for the bootstrap, shape (N,).
    """

    truth: NDArray[np.int64]
    logits: NDArray[np.float32]
    image_ids: Sequence[str]
    groups: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Judgement:
    """What was decided at training, and what people wish for.

    Args:
        temperature: Fitted out of fold.
        selective: The threshold with its evidence, chosen out of fold or on this very set.
        wish: Accuracy that the project asks for.
        labels: How many images of each class were learnt from, by class id.
        suspects: Ids of images whose labels look wrong, most doubtful first.
    """

    temperature: float
    selective: Selective
    wish: float = 0.9
    labels: Mapping[str, int] = field(default_factory=dict)
    suspects: Sequence[str] = ()


def build_report(checked: Checked, classes: Sequence[tuple[str, str]], judgement: Judgement) -> dict[str, Any]:
    """Return the report, ready for JSON.

    Args:
        checked: What to judge.
        classes: (id, name) in class_index order, K of them.
        judgement: What was decided before.
    """
    probabilities = softmax(checked.logits / np.float32(judgement.temperature))
    predicted = probabilities.argmax(axis=1)
    is_right = predicted == checked.truth
    n, right = len(is_right), int(is_right.sum())
    accuracy, interval = right / max(n, 1), metrics.wilson_interval(right, n)
    table = metrics.confusion(checked.truth, predicted, len(classes))
    report: dict[str, Any] = {
        "n": n,
        "accuracy": accuracy,
        "accuracy_interval": list(interval),
        "macro_f1": metrics.macro_f1(checked.truth, predicted, len(classes)),
        "macro_f1_interval": list(
            metrics.macro_f1_interval(checked.truth, predicted, len(classes), groups=checked.groups)
        ),
        "classes": _classes(table, classes),
        "confusion": table.tolist(),
        "calibration": _calibration(checked, probabilities, is_right, judgement.temperature),
        "selective": _selective(probabilities.max(axis=1, initial=0.0), is_right, judgement.selective),
        "gate": {
            "meets_wish": n > 0 and accuracy >= judgement.wish,
            "text": words.gate_text(n, accuracy, interval, judgement.wish),
        },
    }
    report["words"] = {
        "headline": words.headline(n, accuracy, interval),
        "paragraph": "",
        "weak_classes": words.weak_classes(report["classes"], dict(judgement.labels)),
        "confused": _confused(table, checked, predicted, classes),
        "suspect_labels": list(judgement.suspects),
    }
    report["words"]["paragraph"] = words.paragraph(report) if n else "Label some pictures that are kept for testing."
    return report


def _classes(table: NDArray[np.int64], classes: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    found = []
    for (class_id, name), figures in zip(classes, metrics.per_class(table), strict=True):
        entry = {"class_id": class_id, "name": name, **asdict(figures)}
        del entry["predicted"]
        entry["precision_interval"] = list(figures.precision_interval)
        entry["recall_interval"] = list(figures.recall_interval)
        found.append(entry)
    return found


def _calibration(
    checked: Checked, probabilities: NDArray[np.float32], is_right: NDArray[np.bool_], temperature: float
) -> dict[str, Any]:
    before = softmax(checked.logits).max(axis=1, initial=0.0)
    after = probabilities.max(axis=1, initial=0.0)
    return {
        "temperature": temperature,
        "ece_before": metrics.ece(before, is_right),
        "ece_after": metrics.ece(after, is_right),
        "bins": [asdict(entry) for entry in metrics.reliability(after, is_right)],
    }


def _selective(scores: NDArray[np.float32], is_right: NDArray[np.bool_], chosen: Selective) -> dict[str, Any]:
    here = apply_threshold(scores, is_right, promise=chosen.promise, threshold=chosen.threshold)
    broken = None
    if here.errors and 1 - binomial_tail(here.errors - 1, here.accepted, 1 - chosen.promise) < _DOUBT:
        broken = (
            f"The promise of {words.percent(chosen.promise)} did not hold here: "
            f"{here.errors} of {here.accepted} answers that it was sure of are wrong."
        )
    sentence = words.selective_sentence(
        promise=chosen.promise,
        answered_share=here.answered_share,
        checked=chosen.accepted,
        missing=chosen.missing,
        broken=broken,
    )
    return {
        "promise": chosen.promise,
        "threshold": chosen.threshold,
        "answered_share": here.answered_share,
        "errors": here.errors,
        "accepted": here.accepted,
        "sentence": sentence,
    }


def _confused(
    table: NDArray[np.int64],
    checked: Checked,
    predicted: NDArray[np.int64],
    classes: Sequence[tuple[str, str]],
) -> list[dict[str, Any]]:
    wrong = table - np.diag(np.diagonal(table))
    found = []
    for flat in np.argsort(-wrong, axis=None, kind="stable")[:_MOST_PAIRS]:
        truth, said = divmod(int(flat), len(classes))
        if not wrong[truth, said]:
            break
        rows = np.nonzero((checked.truth == truth) & (predicted == said))[0]
        found.append(
            {
                "truth": classes[truth][0],
                "predicted": classes[said][0],
                "n": int(wrong[truth, said]),
                "image_ids": [checked.image_ids[row] for row in rows[:_EXAMPLES]],
            }
        )
    return found
