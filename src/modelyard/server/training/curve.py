"""The live curve of a run: kept as it grows, written now and then."""

import time
from typing import Any
from uuid import UUID

from modelyard.server.kit.jobs import JobContext
from modelyard.server.tables import Run

_WRITE_EVERY_S = 0.5
_MOST = 500


class Curve:
    """Takes the steps of learning; each is a chance to hear that the job is to stop."""

    def __init__(self, ctx: JobContext, run_id: UUID) -> None:
        self.points: list[dict[str, Any]] = []
        self._ctx = ctx
        self._run_id = run_id
        self._began = self._written_at = time.monotonic()

    def add(self, entry: dict[str, Any]) -> None:
        """Add a point as a recipe tells it; raises `JobCancelled` or `LeaseLost`."""
        self._ctx.check()
        moment = time.monotonic()
        values = {name: entry.get(name) for name in ("step", "stage", "train_loss", "val_accuracy", "val_loss")}
        self.points.append({**values, "seconds": round(moment - self._began, 3)})
        if entry.get("of"):
            self._ctx.progress(entry["step"], entry["of"], stage="Learning")
        if len(self.points) > _MOST:  # Every other point tells the same story.
            self.points = self.points[::2]
        if moment - self._written_at >= _WRITE_EVERY_S:
            self._written_at = moment
            with self._ctx.db.write() as session:
                session.get_one(Run, self._run_id).curve = list(self.points)
