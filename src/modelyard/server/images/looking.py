"""What a child process does with one file: verify it, and store the picture with its thumbnail."""

import signal
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from modelyard.server.images.storing import keep
from modelyard.server.images.verify import Facts, Limits, Refusal, verify_file
from modelyard.server.kit.blobs import BlobStore

LONGEST_S = 60


@dataclass(frozen=True)
class Errand:
    """One file for a child process to look at and store."""

    file_id: UUID
    name: str
    path: str
    limits: Limits
    root: str
    url: str | None


def look_and_store(errand: Errand) -> Facts | Refusal:
    """Verify a file and store picture and thumbnail.

    A decoder that takes longer than a minute is ended together with its process, which the pool replaces.
    """
    warnings.simplefilter("ignore")  # Decoders grumble about files that they read all the same.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(LONGEST_S)
    try:
        found = verify_file(Path(errand.path), errand.limits)
        if isinstance(found, Refusal):
            return found
        facts, thumbnail, data = found
        keep(_store(errand.root, errand.url), facts, data, thumbnail)
        return facts
    finally:
        signal.alarm(0)


@lru_cache(maxsize=1)
def _store(root: str, url: str | None) -> BlobStore:
    return BlobStore(Path(root), url)
