"""Agreement of a million labels: 50 people, 20 classes, three to four labels an item; every coefficient we report."""

import time

import numpy as np
from _common import print_table

from modelyard.engine.agreement.classes import Labels, cohen_kappa, krippendorff_alpha, pair_tables, per_class
from modelyard.engine.agreement.consensus import dawid_skene

N, PEOPLE, CLASSES = 1_000_000, 50, 20


def crowd() -> Labels:
    rng = np.random.default_rng(0)
    items = np.repeat(np.arange(N // 4), 4)
    truth = rng.integers(0, CLASSES, N // 4)[items]
    people = (rng.integers(0, PEOPLE, N // 4)[items] + np.tile(np.arange(4) * 11, N // 4)) % PEOPLE
    wrong = rng.integers(0, CLASSES, N)
    return Labels(items, people, np.where(rng.random(N) < 0.85, truth, wrong), CLASSES)


def main() -> None:
    labels = crowd()
    counts = labels.counts()
    steps = {
        "Krippendorff's alpha": lambda: krippendorff_alpha(counts),
        "agreement on each class": lambda: per_class(counts),
        "Cohen's kappa of every pair": lambda: [cohen_kappa(found) for found in pair_tables(labels).values()],
        "Dawid and Skene": lambda: dawid_skene(labels),
    }
    rows, total = [], 0.0
    for name, run in steps.items():
        start = time.perf_counter()
        run()
        seconds = time.perf_counter() - start
        total += seconds
        rows.append([name, f"{seconds:.2f} s"])
    rows.append(["together (wish: under 10 s)", f"{total:.2f} s"])
    print_table("Agreement of 1,000,000 labels", ["", "time"], rows)


if __name__ == "__main__":
    main()
