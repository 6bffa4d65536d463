"""Whether a model is as good as the project wishes; it decides nothing, it says so."""

from typing import Any


def judge(report: dict[str, Any], *, split: str, wish: float) -> dict[str, Any]:
    """Return {"meets_wish", "text"} for a report."""
    accuracy, n = report["accuracy"], report["n"]
    low, high = report["accuracy_interval"]
    if split == "cv":
        text = (
            f"This model was never tested on pictures that it had not seen: {accuracy:.1%} is an estimate from "
            f"cross-validation. Label pictures that are kept back for testing, then train again."
        )
        return {"meets_wish": False, "text": text}
    figures = f"right on {accuracy:.1%} of {n} untouched pictures, probably between {low:.0%} and {high:.0%}"
    if accuracy < wish:
        return {"meets_wish": False, "text": f"Below the wish of {wish:.0%}: {figures}."}
    if low < wish:
        doubt = f"{n} pictures are too few to be sure of it."
        return {"meets_wish": True, "text": f"Meets the wish of {wish:.0%}: {figures}. {doubt}"}
    return {"meets_wish": True, "text": f"Meets the wish of {wish:.0%}: {figures}."}
