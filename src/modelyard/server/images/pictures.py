"""The pictures themselves, as they are served: thumbnail, preview, and the file to be saved."""

import threading

from modelyard.formats.metadata import needs_turning, strip, upright
from modelyard.server.images.service import limits_of
from modelyard.server.images.storing import preview_key, thumbnail_key
from modelyard.server.images.verify import preview as build_preview
from modelyard.server.kit.blobs import BlobMissing, BlobStore
from modelyard.server.settings import Settings
from modelyard.server.tables import Image

DECODING = threading.BoundedSemaphore(2)  # A large picture takes hundreds of megabytes while it is decoded.


def thumbnail(blobs: BlobStore, image: Image) -> bytes:
    """Return the picture upright at 256 px or less, WebP, without metadata."""
    return blobs.get_at(thumbnail_key(image.content_hash))


def preview(blobs: BlobStore, settings: Settings, image: Image) -> bytes:
    """Return the picture upright at 1,600 px or less, WebP, without metadata; made at the first look."""
    key = preview_key(image.content_hash)
    try:
        return blobs.get_at(key)
    except BlobMissing:
        data = blobs.get(image.content_hash)
    with DECODING:
        made = build_preview(data, limits_of(settings))
    blobs.put_at(key, made)
    return made


def without_metadata(blobs: BlobStore, image: Image) -> bytes:
    """Return the file without what cameras write into it, with the same pixels wherever that can be."""
    data = blobs.get(image.content_hash)
    with DECODING:
        kept = None if needs_turning(data) else strip(data)
        return upright(data) if kept is None else kept
