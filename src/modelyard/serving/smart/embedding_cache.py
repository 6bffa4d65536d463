"""Embeddings on disk, by what the picture and the encoder are; bounded, and the oldest go first. It computes none."""

import os
import tempfile
import time
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from modelyard.serving.smart.sam import Embedding

_NUMBERS = [entry.name for entry in fields(Embedding) if entry.name not in ("kind", "arrays")]
_PART, _PART_S = ".part", 3600  # What has not become whole in an hour never will.
_FACTS, _KIND, _NAMES = "facts", "kind", "names"  # arrays themselves are numbered: a network may call them anything


class EmbeddingCache:
    """A folder of embeddings; several processes may use it at once.

    Args:
        folder: Made when it is missing.
        max_bytes: What all files together may take; one embedding is kept even if it alone is larger.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes

    def path(self, encoder_hash: str, content_hash: str) -> Path:
        """Return where the embedding of a picture by an encoder lies."""
        return self._folder / encoder_hash[:32] / f"{content_hash}.npz"

    def has(self, encoder_hash: str, content_hash: str) -> bool:
        """Say whether it is there."""
        return self.path(encoder_hash, content_hash).is_file()

    def load(self, encoder_hash: str, content_hash: str) -> Embedding | None:
        """Return an embedding and count it as used; None if it is not there, or cannot be read."""
        path = self.path(encoder_hash, content_hash)
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                arrays = {name: stored[str(at)] for at, name in enumerate(stored[_NAMES].tolist())}
                numbers = dict(zip(_NUMBERS, stored[_FACTS].tolist(), strict=True))
                kind = str(stored[_KIND])
            os.utime(path)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            path.unlink(missing_ok=True)  # Cut off, or of an older form: it is computed again.
            return None
        return Embedding(kind=kind, arrays=arrays, **numbers)  # type: ignore[arg-type]

    def store(self, encoder_hash: str, content_hash: str, embedding: Embedding) -> None:
        """Keep an embedding: whole or not at all. The oldest ones make room for it."""
        path = self.path(encoder_hash, content_hash)
        path.parent.mkdir(parents=True, exist_ok=True)
        said: dict[str, Any] = {
            _FACTS: np.array([getattr(embedding, name) for name in _NUMBERS], np.int64),
            _KIND: np.array(embedding.kind),
            _NAMES: np.array(list(embedding.arrays)),
        }
        numbered: dict[str, Any] = {str(at): array for at, array in enumerate(embedding.arrays.values())}
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=_PART, delete=False) as part:
            np.savez(part, allow_pickle=False, **said, **numbered)
        os.replace(part.name, path)
        self._make_room(keep=path)

    def mark_failed(self, encoder_hash: str, content_hash: str, reason: str) -> None:
        """Remember that the encoder cannot look at a picture, so that nobody waits for it again."""
        path = self._failure_path(encoder_hash, content_hash)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(reason, encoding="utf-8")

    def failure(self, encoder_hash: str, content_hash: str) -> str | None:
        """Return why the encoder cannot look at a picture, if that is known."""
        try:
            return self._failure_path(encoder_hash, content_hash).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def knows(self, encoder_hash: str, content_hash: str) -> bool:
        """Say whether there is nothing left to do for a picture: it is there, or cannot be."""
        return self.has(encoder_hash, content_hash) or self._failure_path(encoder_hash, content_hash).is_file()

    def _failure_path(self, encoder_hash: str, content_hash: str) -> Path:
        return self.path(encoder_hash, content_hash).with_suffix(".txt")

    def size(self) -> tuple[int, int]:
        """Return how many embeddings there are, and how many bytes they take."""
        sizes = [size for _, size, _ in self._entries()]
        return len(sizes), sum(sizes)

    def _make_room(self, *, keep: Path) -> None:
        for left in self._folder.glob(f"*/*{_PART}"):  # by a process that was killed, or by a full disk
            with suppress(FileNotFoundError):
                if left.stat().st_mtime < time.time() - _PART_S:
                    left.unlink()
        entries = sorted(self._entries())
        taken = sum(size for _, size, _ in entries)
        for _, size, path in entries:
            if taken <= self._max_bytes:
                return
            if path != keep:
                path.unlink(missing_ok=True)
                taken -= size

    def _entries(self) -> list[tuple[float, int, Path]]:
        """Return when each was last used, its size and its path."""
        found = []
        for path in self._folder.glob("*/*.npz"):
            try:
                facts = path.stat()
            except FileNotFoundError:  # another process made room
                continue
            found.append((facts.st_mtime, facts.st_size, path))
        return found
