"""Claim: a detector finds objects at 80 % or more of the speed of a loop that only reads, scales and runs the network.

Run `python bench/suggest.py [folder of pictures]` beside ../shared; one core, bounded to some 30 seconds.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import onnxruntime as ort
from _common import GROCERY, print_table, skip
from PIL import Image

from modelyard.serving.detector import Detector, DetectorCard

NETWORK = GROCERY.parents[1] / "weights" / "yolox_nano.onnx"
IMAGES, ROUNDS, SIDE, CLASSES = 100, 3, 416, 80


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else GROCERY)
    every = sorted(folder.rglob("*.jpg"))
    paths = every[:: max(1, len(every) // IMAGES)][:IMAGES]
    if not paths or not NETWORK.is_file():
        skip(f"There are no .jpg pictures below {folder}, or {NETWORK} is not there.")
    names = tuple(f"class {number}" for number in range(CLASSES))
    card = DetectorCard(classes=names, input_width=SIDE, input_height=SIDE, layout="yolox", channels="BGR")
    detector = Detector(NETWORK, card)
    bare = _bare_loop()
    seconds: dict[str, list[float]] = {"Detector.find": [], "bare loop, nothing decoded from the answer": []}
    for _ in range(ROUNDS):
        for label, look in zip(seconds, (detector.find, bare), strict=True):
            seconds[label].append(_time(look, paths))
    rates = {label: len(paths) / median(times) for label, times in seconds.items()}
    best = list(rates.values())[1]
    rows = [[label, f"{rate:.1f}", f"{rate / best:.0%}"] for label, rate in rates.items()]
    print_table(f"YOLOX nano, {len(paths)} pictures, one core", ["Way", "Pictures a second", "Of the bare loop"], rows)


def _bare_loop() -> Callable[[Path], object]:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(str(NETWORK), options, providers=["CPUExecutionProvider"])

    def look(path: Path) -> object:
        with Image.open(path) as image:
            scaled = image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        batch = np.ascontiguousarray(np.asarray(scaled, np.float32)[..., ::-1].transpose(2, 0, 1)[None])
        return session.run(None, {"images": batch})

    return look


def _time(look: Callable[[Path], object], paths: list[Path]) -> float:
    since = time.perf_counter()
    for path in paths:
        look(path)
    return time.perf_counter() - since


if __name__ == "__main__":
    main()
