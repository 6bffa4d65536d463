"""Whether a model is as good as the project wishes; it decides nothing, it says so."""

from collections.abc import Mapping
from typing import Any

from modelyard.engine import words


def judge(report: Mapping[str, Any], *, split: str, wish: float) -> dict[str, Any]:
    """Return {"meets_wish", "text"} for a report; a model that was never tested meets no wish."""
    accuracy, n = report["accuracy"], report["n"]
    if split == "cv":
        text = (
            f"Not tested yet: {words.percent(accuracy)} is an estimate from cross-validation on {n} pictures. "
            "Label pictures that are kept back for testing, then train again."
        )
        return {"meets_wish": False, "text": text}
    low, high = report["accuracy_interval"]
    return {"meets_wish": accuracy >= wish, "text": words.gate_text(n, accuracy, (low, high), wish)}
