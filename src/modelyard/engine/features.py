"""Pictures to embeddings: every core decodes a picture and runs the network on it, in turn; nothing is stored.

One thread per core with a single-threaded network beats one network that spreads every operator over all cores: no
core waits for another, and decoding needs no cores of its own. `bench/features.py` prints the figures.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from modelyard.engine.backbones import Backbone
from modelyard.engine.pixels import ImageTooLarge, ImageUnreadable, Source, prepare
from modelyard.engine.runtime import RuntimeName, open_network

CHUNK = 16  # images a core decodes in one go: decoding and the network would push each other out of its cache
BATCH = 2  # images the network sees at a time: larger batches fall out of the cache
AHEAD = 3  # chunks per core that may be under way or wait to be read

Embedding = NDArray[np.float32]
Unreadable = ImageUnreadable | ImageTooLarge


class FeatureRunner:
    """A backbone, loaded and ready on every core.

    Args:
        backbone: What to run.
        runtime: "auto" chooses by a short self-test when OpenVINO is installed.
        threads: Cores to use; all that this process may use unless told.

    Example:
        >>> with FeatureRunner(load("efficientnet_lite0")) as runner:  # doctest: +SKIP
        ...     for index, embedding in runner.stream(paths):
        ...         ...
    """

    def __init__(self, backbone: Backbone, runtime: RuntimeName = "auto", threads: int | None = None) -> None:
        self.card = backbone.card
        self.threads = threads or len(os.sched_getaffinity(0))
        self._network = open_network(backbone.onnx_path, runtime, streams=self.threads)
        self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="features")

    @property
    def runtime(self) -> str:
        """The runtime in use."""
        return self._network.runtime

    def prepare(self, source: Source, *, flip: bool = False) -> NDArray[np.uint8]:
        """Return the pixels that the backbone sees, shape (H, W, 3).

        Raises:
            ImageUnreadable: Not a picture, or a damaged one.
            ImageTooLarge: More bytes or pixels than are read.
        """
        return prepare(source, input_px=self.card.input_px, crop_fraction=self.card.crop_fraction, flip=flip)

    def run(self, batch: NDArray[np.uint8]) -> Embedding:
        """Return L2-normalised embeddings, shape (B, D), for prepared images, shape (B, H, W, 3)."""
        if not len(batch):
            return np.empty((0, self.card.dimensions), np.float32)
        share = min(CHUNK, -(-len(batch) // self.threads))
        chunks = [batch[start : start + share] for start in range(0, len(batch), share)]
        return np.concatenate(list(self._pool.map(self._embed, chunks)))

    def stream(self, sources: Iterable[Source], *, flip: bool = False) -> Iterator[tuple[int, Embedding | Unreadable]]:
        """Yield (index, embedding) in the order of `sources`, reading only a little ahead.

        A picture that cannot be read yields its error in place of an embedding, and the rest go on.
        """
        numbered = enumerate(sources)
        under_way: deque[Future[list[tuple[int, Embedding | Unreadable]]]] = deque()
        try:
            while True:
                while len(under_way) < AHEAD * self.threads and (chunk := list(islice(numbered, CHUNK))):
                    under_way.append(self._pool.submit(self._read_and_embed, chunk, flip))
                if not under_way:
                    return
                yield from under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()

    def close(self) -> None:
        """Stop the threads, once what is under way has ended."""
        self._pool.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read_and_embed(self, chunk: list[tuple[int, Source]], flip: bool) -> list[tuple[int, Embedding | Unreadable]]:
        results: dict[int, Embedding | Unreadable] = {}
        pixels: dict[int, NDArray[np.uint8]] = {}
        for index, source in chunk:
            try:
                pixels[index] = self.prepare(source, flip=flip)
            except (ImageUnreadable, ImageTooLarge) as error:
                results[index] = error
        if pixels:
            results.update(zip(pixels, self._embed(np.stack(list(pixels.values()))), strict=True))
        return sorted(results.items(), key=lambda item: item[0])

    def _embed(self, batch: NDArray[np.uint8]) -> Embedding:
        parts = [self._network.run(batch[start : start + BATCH]) for start in range(0, len(batch), BATCH)]
        features = np.concatenate(parts)
        length = np.linalg.norm(features, axis=1, keepdims=True)
        embeddings: Embedding = features / np.maximum(length, np.float32(1e-12))
        return embeddings
