"""What was done in a run and why, in words that need no textbook; the recipe's own words come first."""

from collections.abc import Mapping, Sequence
from typing import Any

from modelyard.engine.recipes import TrainedHead, explain

_CHECKED = {
    "test": "Then it was checked on {n:,} pictures that were kept apart for testing.",
    "cv": "No pictures are kept apart for testing yet, so its figures are estimates from cross-validation on {n:,}.",
}


def tell(
    task: str,
    n_images: int,
    trained: TrainedHead,
    report: Mapping[str, Any],
    *,
    split: str,
    left_out: Sequence[Mapping[str, Any]],
) -> str:
    """Return the paragraph that stands above a run's figures; `left_out` are classes that the version lacks."""
    checked = _CHECKED[split].format(n=report["n"])
    return " ".join([explain(task, n_images).explanation, trained.explanation, checked, *_unknown(left_out)])


def _unknown(left_out: Sequence[Mapping[str, Any]]) -> list[str]:
    if not left_out:
        return []
    names = ", ".join(str(entry["name"]) for entry in left_out)
    return [f"It does not know {names}: too few pictures are labelled so far. Label more, then train again."]
