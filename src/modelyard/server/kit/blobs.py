"""The blob store: bytes under their own hash, or under a key, on disk or in a bucket."""

import shutil
import tempfile
from pathlib import Path

import obstore
from blake3 import blake3
from obstore.exceptions import NotFoundError
from obstore.store import LocalStore, from_url

from modelyard.errors import NotFound


class BlobMissing(NotFound):
    """A stored file is missing. Restore the data directory from a backup."""


def hash_bytes(data: bytes) -> str:
    """Return the BLAKE3 of `data`, 64 hexadecimal digits."""
    return blake3(data).hexdigest()


def hash_file(path: Path) -> str:
    """Return the BLAKE3 of a file's bytes, 64 hexadecimal digits."""
    return blake3().update_mmap(path).hexdigest() if path.stat().st_size > 0 else blake3(b"").hexdigest()


class BlobStore:
    """Content-addressed bytes (`put`, `get`) and named bytes (`put_at`, `get_at`).

    A blob appears whole or not at all, and writing the same bytes twice stores them once.
    """

    def __init__(self, root: Path, url: str | None = None) -> None:
        self._root = None if url else root.resolve()
        self._cache = root / "cache"
        if self._root:
            self._root.mkdir(parents=True, exist_ok=True)
        self._store = from_url(url) if url else LocalStore(self._root)

    @staticmethod
    def key(content_hash: str) -> str:
        """Return the key under which the blob of this hash is kept."""
        return f"blobs/{content_hash[:2]}/{content_hash[2:]}"

    def put(self, data: bytes) -> str:
        """Store `data` and return its hash."""
        content_hash = hash_bytes(data)
        if not self.has(content_hash):
            self.put_at(self.key(content_hash), data)
        return content_hash

    def put_file(self, path: Path) -> str:
        """Store a file's bytes, streamed, and return their hash."""
        content_hash = hash_file(path)
        if not self.has(content_hash):
            obstore.put(self._store, self.key(content_hash), path)
        return content_hash

    def has(self, content_hash: str) -> bool:
        """Say whether the blob of this hash is stored."""
        return self.has_at(self.key(content_hash))

    def get(self, content_hash: str) -> bytes:
        """Return the bytes of this hash; raises `BlobMissing`."""
        return self.get_at(self.key(content_hash))

    def local_path(self, content_hash: str) -> Path:
        """Return a path on this machine to the blob of this hash (fetched into a cache if it lies elsewhere)."""
        return self.local_path_at(self.key(content_hash))

    def put_at(self, key: str, data: bytes) -> None:
        """Store `data` under `key`, replacing what is there."""
        obstore.put(self._store, key, data)

    def put_file_at(self, key: str, path: Path) -> None:
        """Store a file's bytes under `key`, streamed."""
        obstore.put(self._store, key, path)

    def get_at(self, key: str) -> bytes:
        """Return the bytes under `key`; raises `BlobMissing`."""
        try:
            return bytes(obstore.get(self._store, key).bytes())
        except (NotFoundError, FileNotFoundError) as error:
            raise BlobMissing(key=key) from error

    def has_at(self, key: str) -> bool:
        """Say whether something is stored under `key`."""
        if self._root:
            return (self._root / key).is_file()
        try:
            obstore.head(self._store, key)
        except (NotFoundError, FileNotFoundError):
            return False
        return True

    def delete_at(self, key: str) -> None:
        """Forget what is stored under `key`, and this machine's copy of it; nothing happens if there is nothing."""
        if not self._root:
            (self._cache / key).unlink(missing_ok=True)
        try:
            obstore.delete(self._store, key)
        except (NotFoundError, FileNotFoundError):
            return

    def trim(self, prefix: str, most_bytes: int) -> None:
        """Delete the oldest of what is stored under keys that begin with `prefix`, until the rest has so many bytes."""
        found = [entry for page in obstore.list(self._store, prefix) for entry in page]
        excess = sum(entry["size"] for entry in found) - most_bytes
        for entry in sorted(found, key=lambda entry: entry["last_modified"])[:-1]:
            if excess <= 0:
                return
            self.delete_at(entry["path"])
            excess -= entry["size"]

    def local_path_at(self, key: str) -> Path:
        """Return a path on this machine to what is stored under `key`; raises `BlobMissing`."""
        path = (self._root or self._cache) / key
        if path.is_file():
            return path
        if self._root:
            raise BlobMissing(key=key)
        data = self.get_at(key)  # Before anything is written: what is missing leaves no file behind.
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as part:
            part.write(data)
        shutil.move(part.name, path)
        return path
