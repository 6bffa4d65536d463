"""What an encoder saw is kept on disk: whole, bounded, the oldest go first, and damage is no error."""

import os
from pathlib import Path

import numpy as np

from modelyard.serving.smart.embedding_cache import EmbeddingCache
from modelyard.serving.smart.sam import Embedding

ENCODER, OTHER = "e" * 64, "f" * 64


def seen(seed: int = 0) -> Embedding:
    arrays = {
        "image_embeddings": np.random.default_rng(seed).random((1, 4, 8, 8), np.float32),
        "a/b": np.ones(3, np.float32),
    }
    return Embedding("sam2", arrays, 640, 480, 1024, 768, 1024)


def test_what_is_stored_comes_back_after_a_restart(tmp_path: Path) -> None:
    EmbeddingCache(tmp_path, 10**6).store(ENCODER, "1" * 64, seen())
    found = EmbeddingCache(tmp_path, 10**6).load(ENCODER, "1" * 64)
    assert found is not None
    assert (found.kind, found.width, found.height, found.wide, found.high, found.side) == (
        "sam2",
        640,
        480,
        1024,
        768,
        1024,
    )
    assert {name: array.tolist() for name, array in found.arrays.items()} == {
        name: array.tolist() for name, array in seen().arrays.items()
    }


def test_another_encoder_has_seen_nothing(tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path, 10**6)
    cache.store(ENCODER, "1" * 64, seen())
    assert cache.load(OTHER, "1" * 64) is None
    assert not cache.knows(OTHER, "1" * 64)


def test_the_oldest_go_first_and_use_counts(tmp_path: Path) -> None:
    one = EmbeddingCache(tmp_path / "measure", 10**6)
    one.store(ENCODER, "0", seen())
    cache = EmbeddingCache(tmp_path / "cache", int(one.size()[1] * 3.5))
    for age, name in enumerate("abc"):
        cache.store(ENCODER, name, seen())
        os.utime(cache.path(ENCODER, name), (100 + age, 100 + age))
    assert cache.load(ENCODER, "a")  # used just now
    cache.store(ENCODER, "d", seen())
    assert [name for name in "abcd" if cache.has(ENCODER, name)] == ["a", "c", "d"]


def test_a_damaged_file_is_as_good_as_none(tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path, 10**6)
    cache.store(ENCODER, "1" * 64, seen())
    path = cache.path(ENCODER, "1" * 64)
    path.write_bytes(path.read_bytes()[:200])
    assert cache.load(ENCODER, "1" * 64) is None
    assert not cache.has(ENCODER, "1" * 64)


def test_a_failure_is_remembered(tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path, 10**6)
    assert cache.failure(ENCODER, "1") is None
    cache.mark_failed(ENCODER, "1", "It is damaged.")
    assert cache.failure(ENCODER, "1") == "It is damaged."
    assert cache.knows(ENCODER, "1") and not cache.has(ENCODER, "1")


def test_what_a_killed_process_left_goes_in_time(tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path, 10**6)
    cache.store(ENCODER, "1" * 64, seen())
    old, young = (cache.path(ENCODER, "1" * 64).with_name(f"{name}.part") for name in ("old", "young"))
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (100, 100))
    cache.store(ENCODER, "2" * 64, seen())
    assert not old.exists() and young.exists()
