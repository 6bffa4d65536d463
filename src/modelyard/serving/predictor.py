"""Answers pictures with classes, from an exported model, for many callers at once; it stores nothing.

Callers wait in one bounded queue. One thread per core takes what is waiting, a few pictures at a time, decodes and
runs them on its own core, so that the cores never wait for one another (`bench/serving.py` prints the figures).
"""

import asyncio
import os
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from modelyard.engine.pixels import open_image, prepare
from modelyard.engine.runtime import OrtNetwork
from modelyard.serving.archive import ArchiveDamaged, read_archive
from modelyard.serving.waiting_line import Overloaded, PredictorClosed, WaitingLine

__all__ = ["ArchiveDamaged", "ClassScore", "Overloaded", "Prediction", "Predictor", "PredictorClosed"]

MAX_BYTES = 20 * 2**20
MAX_PIXELS = 50_000_000
MAX_WAITING = 64
MAX_TAKEN = 4  # pictures a core decodes in one go
BATCH = 2  # pictures the network sees at a time; more falls out of a core's cache: measured
MAX_WAIT_S = 30.0


@dataclass(frozen=True)
class ClassScore:
    """A class and its probability."""

    class_id: str
    class_name: str
    score: float


@dataclass(frozen=True)
class Prediction:
    """The likeliest classes, best first; `undecided` when the best is below the threshold, or there is none."""

    predictions: tuple[ClassScore, ...]
    undecided: bool
    threshold: float | None
    milliseconds: float


@dataclass(frozen=True, eq=False)
class _Waiting:
    content: bytes
    answer: Future[NDArray[np.float32]] = field(default_factory=Future)
    since_s: float = field(default_factory=time.perf_counter)


class Predictor:
    """An exported model, loaded and warm.

    Args:
        path: The archive that `modelyard.engine.export` wrote: the zip, or the folder it was unpacked into.
        threads: Cores to use; all that this process may use unless told.
        max_waiting: Pictures that may wait before callers are turned away.

    Raises:
        ArchiveDamaged: It is not a complete exported model.
        NetworkUnreadable: Its network cannot be run.
    """

    def __init__(self, path: str | Path, *, threads: int | None = None, max_waiting: int = MAX_WAITING) -> None:
        self._archive = read_archive(Path(path))
        self._network = OrtNetwork(self._archive.model)
        self._line: WaitingLine[_Waiting] = WaitingLine(max_waiting)
        count = threads or len(os.sched_getaffinity(0))
        self._threads = [threading.Thread(target=self._work, name=f"predict-{n}", daemon=True) for n in range(count)]
        self._network.run(np.zeros((1, self._archive.input_px, self._archive.input_px, 3), np.uint8))
        for thread in self._threads:
            thread.start()

    @property
    def classes(self) -> Sequence[tuple[str, str]]:
        """(id, name) of every class, in class_index order."""
        return self._archive.classes

    def predict(self, content: bytes, *, top: int = 5) -> Prediction:
        """Answer one picture, given as the bytes of a file.

        Raises:
            ImageUnreadable: Not a picture, or a damaged one.
            ImageTooLarge: More bytes or pixels than are read; known before anything is decoded.
            Overloaded: Too many pictures are waiting.
            PredictorClosed: The model is being stopped.
        """
        waiting = self._join(content)
        try:
            scores = waiting.answer.result(MAX_WAIT_S)
        except TimeoutError:
            waiting.answer.cancel()
            raise Overloaded() from None
        return self._to_prediction(scores, top, waiting.since_s)

    async def predict_soon(self, content: bytes, *, top: int = 5) -> Prediction:
        """Answer one picture like `predict`, from an event loop: no thread waits."""
        waiting = self._join(content)
        try:
            scores = await asyncio.wait_for(asyncio.wrap_future(waiting.answer), MAX_WAIT_S)
        except TimeoutError:
            raise Overloaded() from None
        return self._to_prediction(scores, top, waiting.since_s)

    def close(self) -> None:
        """Turn new callers away, tell those who wait, and end the threads."""
        for entry in self._line.close():
            entry.answer.set_exception(PredictorClosed())
        for thread in self._threads:
            thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _join(self, content: bytes) -> _Waiting:
        waiting = _Waiting(content)
        self._line.join(waiting)
        return waiting

    def _to_prediction(self, scores: NDArray[np.float32], top: int, since_s: float) -> Prediction:
        milliseconds = (time.perf_counter() - since_s) * 1000
        best = np.argsort(-scores, kind="stable")[:top]
        ranked = tuple(self._to_score(int(index), float(scores[index])) for index in best)
        threshold = self._archive.threshold
        undecided = threshold is None or float(scores.max()) < threshold
        return Prediction(ranked, undecided, threshold, milliseconds)

    def _to_score(self, index: int, score: float) -> ClassScore:
        class_id, class_name = self._archive.classes[index]
        return ClassScore(class_id, class_name, score)

    def _work(self) -> None:
        while taken := self._line.take(MAX_TAKEN):
            readable: list[tuple[_Waiting, NDArray[np.uint8]]] = []
            for entry in taken:
                if entry.answer.set_running_or_notify_cancel():
                    readable.extend(self._read(entry))
            for start in range(0, len(readable), BATCH):
                self._answer(readable[start : start + BATCH])

    def _read(self, entry: _Waiting) -> list[tuple[_Waiting, NDArray[np.uint8]]]:
        """Decode a picture; one that cannot be is answered here, and its mates never hear of it."""
        try:
            rules = self._archive
            with open_image(entry.content, max_bytes=MAX_BYTES, max_pixels=MAX_PIXELS) as image:
                pixels = prepare(image, input_px=rules.input_px, crop_fraction=rules.crop_fraction)
        except Exception as error:  # whatever it is, it belongs to this caller alone
            entry.answer.set_exception(error)
            return []
        return [(entry, pixels)]

    def _answer(self, readable: list[tuple[_Waiting, NDArray[np.uint8]]]) -> None:
        try:
            scores = self._network.run(np.stack([pixels for _, pixels in readable]))
        except Exception as error:  # a fault of the runtime: the thread must live on
            for entry, _ in readable:
                entry.answer.set_exception(error)
            return
        for (entry, _), row in zip(readable, scores, strict=True):
            entry.answer.set_result(row)
