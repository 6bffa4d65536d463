"""The blob store keeps its promises on disk and at an address."""

from pathlib import Path

import pytest

from modelyard.server.kit.blobs import BlobMissing, BlobStore, hash_bytes


@pytest.fixture(params=["disk", "memory", "file"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    """Return an empty store of each kind."""
    (tmp_path / "bucket").mkdir()
    urls = {"disk": None, "memory": "memory:///", "file": (tmp_path / "bucket").as_uri()}
    return BlobStore(tmp_path / "files", urls[request.param])


@pytest.mark.parametrize("data", [b"", b"flour", bytes(range(256)) * 5000])
def test_bytes_come_back_under_their_hash(blobs: BlobStore, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "given"
    path.write_bytes(data)
    content_hash = blobs.put(data)
    assert content_hash == hash_bytes(data) == blobs.put_file(path)
    assert blobs.has(content_hash)
    assert blobs.get(content_hash) == blobs.local_path(content_hash).read_bytes() == data
    assert blobs.local_path(content_hash).read_bytes() == data  # Also once it has been fetched.


def test_the_same_bytes_are_stored_once(tmp_path: Path) -> None:
    blobs = BlobStore(tmp_path / "files")
    path = tmp_path / "given"
    path.write_bytes(b"flour")
    written = blobs.local_path(blobs.put(b"flour"))
    before = written.stat()
    blobs.put(b"flour")
    blobs.put_file(path)
    assert written.stat().st_mtime_ns == before.st_mtime_ns
    assert written.stat().st_ino == before.st_ino
    assert [found for found in (tmp_path / "files").rglob("*") if found.is_file()] == [written]


def test_what_is_missing_is_said(blobs: BlobStore) -> None:
    with pytest.raises(BlobMissing):
        blobs.get(hash_bytes(b"never"))
    with pytest.raises(BlobMissing, match="missing"):
        blobs.local_path(hash_bytes(b"never"))
    assert not blobs.has(hash_bytes(b"never"))
    blobs.delete_at("never/there")


def test_a_key_is_replaced_and_forgotten(blobs: BlobStore, tmp_path: Path) -> None:
    path = tmp_path / "given"
    path.write_bytes(b"second")
    blobs.put_at("kept/one", b"first")
    blobs.put_file_at("kept/one", path)
    assert blobs.get_at("kept/one") == b"second"
    blobs.delete_at("kept/one")
    assert not blobs.has_at("kept/one")
    with pytest.raises(BlobMissing):
        blobs.get_at("kept/one")


def test_copies_of_what_lies_elsewhere_go_with_it_and_what_is_missing_leaves_none(tmp_path: Path) -> None:
    blobs = BlobStore(tmp_path / "files", "memory:///")
    with pytest.raises(BlobMissing):
        blobs.local_path_at("tiles/none.zip")
    assert not [found for found in tmp_path.rglob("*") if found.is_file()]
    for key in ("tiles/old.zip", "tiles/new.zip"):
        blobs.put_at(key, b"tiles")
    copies = [blobs.local_path_at(key) for key in ("tiles/old.zip", "tiles/new.zip")]
    blobs.trim("tiles", 5)
    assert sum(copy.is_file() for copy in copies) == 1
