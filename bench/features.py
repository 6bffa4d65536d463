"""Claim: decoding, scaling and embedding together run at 85 % or more of the bare runtime on prepared batches.

Run `python bench/features.py [folder of pictures]`; bounded to some 30 seconds.
"""

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from _common import GROCERY, print_table, skip

from modelyard.engine.backbones import DEFAULT, load
from modelyard.engine.features import FeatureRunner
from modelyard.engine.runtime import open_network

IMAGES = 600
ROUNDS = 3  # all ways in turn, so that a disturbance hits each alike; the median is reported


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else GROCERY)
    paths = sorted(folder.rglob("*.jpg"))[:: max(1, len(list(folder.rglob("*.jpg"))) // IMAGES)][:IMAGES]
    if not paths:
        skip(f"There are no .jpg pictures below {folder}.")
    backbone = load(DEFAULT)
    runner = FeatureRunner(backbone)
    pixels = np.stack([runner.prepare(path) for path in paths])
    one_core = open_network(backbone.onnx_path, runner.runtime, streams=runner.threads)
    all_cores = open_network(backbone.onnx_path, runner.runtime, threads=runner.threads)

    def bare(run: Callable[[np.ndarray], object], batch: int, callers: int) -> Callable[[], object]:
        batches = [pixels[start : start + batch] for start in range(0, len(pixels), batch)]

        def measure() -> None:
            with ThreadPoolExecutor(callers) as pool:
                list(pool.map(run, batches))

        return measure

    def decode() -> None:
        with ThreadPoolExecutor(runner.threads) as pool:
            list(pool.map(runner.prepare, paths))

    ways: dict[str, Callable[[], object]] = {
        f"bare, batch {batch}, {name}": bare(network.run, batch, callers)
        for name, network, callers in (
            ("one core a call", one_core, runner.threads),
            ("all cores a call", all_cores, 1),
        )
        for batch in (1, 2, 8, 16)
    }
    ways["decoding alone"] = decode
    ways["end to end, files to embeddings"] = lambda: list(runner.stream(paths))
    rates = {name: float(np.median(values)) for name, values in _measure(ways, len(paths)).items()}
    best = max(rate for name, rate in rates.items() if name.startswith("bare"))
    rows = [(name, rate, f"{rate / best:.0%}") for name, rate in rates.items()]
    print_table(f"{len(paths)} pictures, {runner.runtime}", ["way", "images/s", "of the best bare"], rows)


def _measure(ways: dict[str, Callable[[], object]], images: int) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            rates[name].append(images / (time.perf_counter() - start))
    return rates


if __name__ == "__main__":
    main()
