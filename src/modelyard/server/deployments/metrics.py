"""What `/metrics` tells about deployments."""

from prometheus_client import Counter, Histogram

PREDICTIONS = Counter("modelyard_predictions_total", "Pictures answered.", ["deployment", "outcome"])
SECONDS = Histogram(
    "modelyard_prediction_seconds",
    "Seconds from a picture's arrival to its answer.",
    ["deployment"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)


def count(deployment: str, *, undecided: bool, seconds: float) -> None:
    """Count one answer."""
    PREDICTIONS.labels(deployment, "undecided" if undecided else "answered").inc()
    SECONDS.labels(deployment).observe(seconds)


def count_failure(deployment: str, code: str) -> None:
    """Count a picture that got no answer."""
    PREDICTIONS.labels(deployment, code).inc()


def forget(deployment: str) -> None:
    """Drop the figures of a deployment that was deleted."""
    PREDICTIONS.remove_by_labels({"deployment": deployment})
    SECONDS.remove_by_labels({"deployment": deployment})
