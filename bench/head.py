"""Claim: fit, cross-validation, calibration and report of 2,640 pictures in 81 classes stay well under 8 seconds.

Run `OPENBLAS_NUM_THREADS=1 python bench/head.py [folder of the grocery data] [folder for cached embeddings]`. On a busy
machine one thread is several times faster than two that wait for each other.
"""

import sys
import time
import warnings
from pathlib import Path

import numpy as np
from _common import GROCERY, print_table, skip

from modelyard.engine._logistic import softmax
from modelyard.engine.backbones import DEFAULT, load
from modelyard.engine.features import FeatureRunner
from modelyard.engine.heads import fit_head, fit_quick
from modelyard.engine.metrics import ece, wilson_interval
from modelyard.engine.recipes import RECIPES, TrainConfig, TrainData
from modelyard.engine.reports import Checked, Judgement, build_report

CLASSES = 81


def main() -> None:
    data = Path(sys.argv[1] if len(sys.argv) > 1 else GROCERY)
    cache = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    if not data.is_dir():
        skip(f"There is no folder {data}.")
    views = {name: _read(data, cache, *name) for name in [("train", "plain"), ("train", "flip"), ("val", "plain")]}
    train, flipped, val = (views[name] for name in views)
    truth, coarse, answers = _column(data, "train", 1), _column(data, "train", 2), _column(data, "val", 1)

    rows = [_scikit_learn(train, truth, val, answers)]
    started = time.perf_counter()
    single = fit_head(train, truth, CLASSES)
    rows.append(_row("head, one view, folds by chance", started, single.logits(val), answers))
    started = time.perf_counter()
    trained = RECIPES["head"].train(TrainData(train, truth, CLASSES, flipped=flipped), TrainConfig(), None)
    logits = val @ trained.fit.weights + trained.fit.bias
    judgement = Judgement(trained.temperature, trained.selective)
    names = [(str(index), str(index)) for index in range(CLASSES)]
    build_report(Checked(answers, logits, [str(row) for row in range(len(val))]), names, judgement)
    rows.append(_row("recipe: flips, scenes, calibration, report", started, logits / trained.temperature, answers))
    chosen = np.random.default_rng(0).permutation(len(train))[:2000]
    started = time.perf_counter()
    quick = fit_quick(train[chosen], coarse[chosen], 43)
    rows.append(_row("quick, 2,000 labels, 43 classes", started, quick.logits(val), _column(data, "val", 2)))
    print_table("grocery, val", ["way", "right", "95 % interval", "calibration error", "seconds"], rows)


def _scikit_learn(train: np.ndarray, truth: np.ndarray, val: np.ndarray, answers: np.ndarray) -> tuple[object, ...]:
    from sklearn.linear_model import LogisticRegression

    mean, spread = train.mean(axis=0), train.std(axis=0)
    started = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LogisticRegression(C=0.03, max_iter=300).fit((train - mean) / spread, truth)
    logits = model.decision_function((val - mean) / spread).astype(np.float32)
    return _row("scikit-learn, one view, one C, no folds", started, logits, answers)


def _row(name: str, started: float, logits: np.ndarray, answers: np.ndarray) -> tuple[object, ...]:
    seconds = time.perf_counter() - started
    is_right = logits.argmax(axis=1) == answers
    low, high = wilson_interval(int(is_right.sum()), len(is_right))
    gap = ece(softmax(logits).max(axis=1), is_right)
    return name, f"{is_right.mean():.3f}", f"{low:.2f} to {high:.2f}", f"{gap:.3f}", f"{seconds:.2f}"


def _read(data: Path, cache: Path | None, split: str, view: str) -> np.ndarray:
    file = cache / f"{split}_{view}.npy" if cache else None
    if file and file.is_file():
        return np.load(file)
    paths = [data / line.split(",")[0] for line in (data / f"{split}.txt").read_text("utf-8").splitlines()]
    with FeatureRunner(load(DEFAULT)) as runner:
        features = np.stack([embedding for _, embedding in runner.stream(paths, flip=view == "flip")])
    if file:
        np.save(file, features)
    return features


def _column(data: Path, split: str, column: int) -> np.ndarray:
    lines = (data / f"{split}.txt").read_text("utf-8").splitlines()
    return np.array([int(line.split(",")[column]) for line in lines])


if __name__ == "__main__":
    main()
