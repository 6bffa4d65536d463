"""Where a picture's bytes and its thumbnail lie in the blob store."""

from modelyard.server.images.verify import Facts
from modelyard.server.kit.blobs import BlobStore


def thumbnail_key(content_hash: str) -> str:
    """Return where a picture's thumbnail is stored."""
    return f"thumbnails/{content_hash[:2]}/{content_hash[2:]}.webp"


def preview_key(content_hash: str) -> str:
    """Return where a picture's preview is stored, once somebody has looked at it."""
    return f"previews/{content_hash[:2]}/{content_hash[2:]}.webp"


TILES = "tiles/"


def tiles_key(content_hash: str) -> str:
    """Return where a picture's tiles are stored, while they are."""
    return f"{TILES}{content_hash[:2]}/{content_hash[2:]}.zip"


def full_key(content_hash: str) -> str:
    """Return where a picture's full copy for browsers is stored, if its file is none."""
    return f"full/{content_hash[:2]}/{content_hash[2:]}.png"


def keep(blobs: BlobStore, facts: Facts, data: bytes, thumbnail: bytes) -> None:
    """Store the bytes of a verified picture and its thumbnail, unless they are stored."""
    if not blobs.has_at(thumbnail_key(facts.content_hash)):
        blobs.put_at(thumbnail_key(facts.content_hash), thumbnail)
    if not blobs.has(facts.content_hash):
        blobs.put_at(blobs.key(facts.content_hash), data)
