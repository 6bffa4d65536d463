"""The job in which the encoder looks at pictures; it can be stopped and repeated at any point."""

import threading
from typing import TYPE_CHECKING, Any
from uuid import UUID

from modelyard.errors import ProductError
from modelyard.server.assist import repository
from modelyard.server.assist.smart import networks
from modelyard.server.assist.smart.ahead import lock_of
from modelyard.server.assist.smart.host import cache_of
from modelyard.server.images.pixels import pixels
from modelyard.server.kit.jobs import JobContext

if TYPE_CHECKING:
    from modelyard.serving.smart.sam import SamEncoder

_loaded: dict[str, tuple[str, "SamEncoder"]] = {}  # the one encoder of this worker, by the stamp of its files
_loading = threading.Lock()


def run(ctx: JobContext, image_ids: list[UUID], encoder_hash: str) -> dict[str, Any]:
    """Let the encoder look at these images in turn; ends early when a newer wish waits."""
    found = networks.current(ctx.services)
    if found is None:
        return {"prepared": 0, "note": "The smart tool has no networks any more."}
    ctx.stage("Loading the encoder")
    known_hash, encoder = _encoder(found)
    if known_hash != encoder_hash:
        return {"prepared": 0, "note": "The smart tool has another encoder by now."}
    cache = cache_of(ctx.services)
    with ctx.db.read() as session:
        images = repository.images_by_id(session, image_ids)
    ctx.stage("Looking at pictures")
    prepared = 0
    failed: dict[str, str] = {}
    for place, image in enumerate(images):
        ctx.progress(place, len(images), failed=len(failed))
        if cache.knows(encoder_hash, image.content_hash):
            continue
        try:
            seen = encoder.embed(pixels(ctx.blobs, ctx.settings, image))
        except ProductError as error:
            failed[image.name] = error.detail
            cache.mark_failed(encoder_hash, image.content_hash, error.detail)
            continue
        cache.store(encoder_hash, image.content_hash, seen)
        prepared += 1
        if _has_newer_wish(ctx):
            break
    ctx.progress(len(images), len(images), failed=len(failed))
    return {"prepared": prepared, "failed": failed}


def _encoder(found: networks.Networks) -> tuple[str, "SamEncoder"]:
    """Return the hash of the encoder and the encoder, loaded once for all jobs of this worker."""
    from modelyard.serving.smart.sam import SamEncoder
    from modelyard.serving.smart.sam_files import fingerprint

    with _loading:
        if found.stamp not in _loaded:
            _loaded.clear()
            _loaded[found.stamp] = fingerprint(found.encoder), SamEncoder(found.encoder)
        return _loaded[found.stamp]


def _has_newer_wish(ctx: JobContext) -> bool:
    with ctx.db.read() as session:
        newest = repository.active_job(session, lock_of(ctx.created_by))
    return newest is not None and newest.id != ctx.job_id
