"""Claim: from the click on Train to an evaluated model takes under 10 seconds for 2,640 pictures of 81 classes.

Run `python bench/training.py [folder of the grocery data]`. It imports the pictures into an installation of its own in
a temporary folder, by SDK, as anybody would, and trains three times: the clock runs from asking for a run (which
freezes the labels first) to its evaluated model.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `modelyard serve` does for its workers

from _common import GROCERY, print_table, skip

import modelyard

ROUNDS = 3


def main() -> None:
    data = Path(sys.argv[1] if len(sys.argv) > 1 else GROCERY)
    if not (data / "train").is_dir():
        skip(f"There is no folder {data / 'train'}.")
    os.environ.setdefault("MODELYARD_LOG_LEVEL", "error")
    with tempfile.TemporaryDirectory() as folder, modelyard.connect(folder) as client:
        project = client.projects.create("Grocery")
        started = time.perf_counter()
        added = [
            project.import_([data / name], split=split)["added"]
            for name, split in (("train", "train"), ("val", "test"))
        ]
        imported = time.perf_counter()
        project.wait_for_features()
        looked_at = time.perf_counter()
        rows: list[tuple[str, float, str]] = [
            (f"import of {sum(added):,} pictures", imported - started, ""),
            ("features that were still missing then", looked_at - imported, ""),
        ]
        for seed in range(ROUNDS):
            clicked = time.perf_counter()
            project.train(seed=seed)
            seconds = time.perf_counter() - clicked
            summary = project.model()["summary"]
            rows.append(
                (f"click to evaluated model, seed {seed}", seconds, f"{summary['accuracy']:.3f} of {summary['n']}")
            )
    print_table("grocery, 81 classes, the 296 pictures of val as test split", ["step", "seconds", "accuracy"], rows)


if __name__ == "__main__":
    main()
