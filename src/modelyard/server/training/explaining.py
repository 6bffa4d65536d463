"""What was done in a run and why, in words that need no textbook; the recipe's own words come first."""

from collections.abc import Mapping
from typing import Any

from modelyard.engine.recipes import TrainedHead, explain

_CHECKED = {
    "test": "Then it was checked on {n:,} pictures that were kept apart for testing.",
    "cv": "No pictures are kept apart for testing yet, so its figures are estimates from cross-validation on {n:,}.",
}


def tell(task: str, n_images: int, trained: TrainedHead, report: Mapping[str, Any], *, split: str) -> str:
    """Return the paragraph that stands above a run's figures."""
    return f"{explain(task, n_images).explanation} {trained.explanation} {_CHECKED[split].format(n=report['n'])}"
