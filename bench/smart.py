"""How quickly the smart tool answers: by colour, along edges, and with a small pair of SAM-class networks.

python bench/smart.py
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))

from _common import GROCERY, print_table
from tests.factories.sam import write_pair
from tests.factories.scenes import Disc, table

from modelyard.serving.smart.embedding_cache import EmbeddingCache
from modelyard.serving.smart.grabcut import GrabCut
from modelyard.serving.smart.prompts import Click, Picture, Prompt
from modelyard.serving.smart.sam import SamDecoder, SamEncoder
from modelyard.serving.smart.sam_files import fingerprint
from modelyard.serving.smart.scissors import EdgeMap, reach_of

_TIMES = 7
_MEGAPIXELS = (0.3, 2, 12, 48, 100)
Row = tuple[object, ...]


def main() -> None:
    rows = [row for megapixels in _MEGAPIXELS for row in by_colour(picture_of(megapixels), megapixels)]
    print_table("By colour and along edges, in milliseconds", ["what", "picture", "median", "slowest"], rows)
    print_table("With a pair of networks, in milliseconds", ["what", "picture", "median", "slowest"], by_network())


def picture_of(megapixels: float) -> Picture:
    """Return a photo enlarged to this size where real pictures are here, else a drawn one."""
    width, height = round((megapixels * 1e6 * 4 / 3) ** 0.5), round((megapixels * 1e6 * 3 / 4) ** 0.5)
    photo = next(GROCERY.rglob("*.jpg"), None) if GROCERY.is_dir() else None
    if photo is None:
        side = width / 4
        return table([Disc(width / 2, height / 2, side, (150, 90, 40))], width=width, height=height)
    with Image.open(photo) as opened:
        return np.asarray(opened.convert("RGB").resize((width, height), Image.Resampling.BICUBIC))


def by_colour(picture: Picture, megapixels: float) -> list[Row]:
    height, width = picture.shape[:2]
    size = f"{width} x {height}"
    cut = GrabCut(picture)
    rows: list[Row] = []
    for name, share in (("small", 0.05), ("usual", 0.25), ("large", 0.8)):
        box = ((1 - share) / 2 * width, (1 - share) / 2 * height, (1 + share) / 2 * width, (1 + share) / 2 * height)
        rows.append((f"GrabCut, {name} box", size, *timed(lambda box=box: cut.find(Prompt(box)))))
    rows.append(("GrabCut, one click", size, *timed(lambda: cut.find(Prompt(None, (Click(width / 2, height / 2),))))))
    anchor, target = (width * 0.45, height * 0.5), (width * 0.55, height * 0.55)
    reach = reach_of(anchor, target)
    edges = EdgeMap(picture, anchor, reach)
    rows.append(("Edge, first path from a point", size, *timed(lambda: EdgeMap(picture, anchor, reach).path(target))))
    rows.append(("Edge, every further path", size, *timed(lambda: edges.path(target))))
    return rows


def by_network() -> list[Row]:
    rows: list[Row] = []
    picture = picture_of(12)
    size = f"{picture.shape[1]} x {picture.shape[0]}"
    prompt = Prompt(None, (Click(picture.shape[1] / 2, picture.shape[0] / 2),))
    with tempfile.TemporaryDirectory() as folder:
        encoder_path, decoder_path = write_pair(Path(folder))
        encoder, decoder = SamEncoder(encoder_path), SamDecoder(decoder_path)
        cache, name = EmbeddingCache(Path(folder) / "cache", 10**9), fingerprint(encoder_path)
        embedding = encoder.embed(picture)
        rows.append(("Encoder of the tests, a picture", size, *timed(lambda: encoder.embed(picture))))
        rows.append(("Decoder of the tests, a click", size, *timed(lambda: decoder.find(embedding, prompt))))
        rows.append(("Embedding stored", size, *timed(lambda: cache.store(name, "1" * 64, embedding))))
        rows.append(("Embedding there", size, *timed(lambda: cache.load(name, "1" * 64))))
        rows.append(("Embedding not there", size, *timed(lambda: cache.load(name, "2" * 64))))
    return rows


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the median and the largest of several times, in milliseconds."""
    taken = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return float(np.median(taken)), max(taken)


if __name__ == "__main__":
    main()
