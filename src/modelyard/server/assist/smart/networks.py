"""Which files the smart tool's networks are: named by the settings, or chosen on the page and kept in the store."""

import json
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from modelyard.errors import Conflict, Invalid, ProductError
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.service import require_admin
from modelyard.server.kit.blobs import BlobMissing
from modelyard.server.kit.compute import ChildDied, Pool
from modelyard.server.services import AppServices

_KEPT = "smart/networks.json"
_MEMORY_PER_BYTE = 4  # what a network takes while it runs, for each byte of its file

Pair = tuple[str, str]


class SamFileInvalid(Invalid):
    """These files cannot be used as encoder and decoder of the smart tool."""


class SetBySettings(Conflict):
    """The server's settings name the networks. Change MODELYARD_SAM_ENCODER and MODELYARD_SAM_DECODER instead."""


@dataclass(frozen=True)
class Networks:
    """The two files on this machine; `card` is what is known of those that were checked when they were chosen."""

    encoder: Path
    decoder: Path
    source: Literal["settings", "page"]
    card: dict[str, Any] | None = None

    @property
    def stamp(self) -> str:
        """What changes when the files do."""
        facts = [(str(path), *_facts(path)) for path in (self.encoder, self.decoder)]
        return json.dumps(facts)


def _facts(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


def current(services: AppServices) -> Networks | None:
    """Return the networks in use, looked up at most every few seconds; None without any."""
    settings = services.settings
    if settings.sam_encoder or settings.sam_decoder:
        return Networks(Path(settings.sam_encoder), Path(settings.sam_decoder), "settings")
    known = services.extras.get("smart_networks")
    if known is None or time.monotonic() > known[0]:
        known = services.extras["smart_networks"] = time.monotonic() + 3, _kept(services)
    found: Networks | None = known[1]
    return found


def _kept(services: AppServices) -> Networks | None:
    blobs = services.blobs
    try:
        said = json.loads(blobs.get_at(_KEPT))
        encoder, decoder = ([blobs.local_path_at(key) for key in said[role]] for role in ("encoder", "decoder"))
    except (BlobMissing, ValueError, KeyError):
        return None
    return Networks(encoder[0], decoder[0], "page", said["card"])


def choose(services: AppServices, actor: Actor, pair: Pair) -> Networks:
    """Check two files and use them from now on; what was in use before goes.

    Raises:
        AdminsOnly: Only administrators choose.
        SetBySettings: The settings name the files.
        SamFileInvalid: They are not what they should be; the sentence says why.
    """
    _may_change(services, actor)
    encoder, decoder = (_named(services, name) for name in pair)
    card, parts = check(services, encoder, decoder)
    said: dict[str, Any] = {"card": card}
    for role, files in zip(("encoder", "decoder"), parts, strict=True):
        said[role] = [f"smart/{card[f'{role}_hash'][:16]}/{Path(file).name}" for file in files]
        for key, file in zip(said[role], files, strict=True):
            services.blobs.put_file_at(key, Path(file))
    before = _keys(services)
    services.blobs.put_at(_KEPT, json.dumps(said).encode())
    for key in before - _keys(services):
        services.blobs.delete_at(key)
    for path in uploaded(services):
        if path in (encoder, decoder) or str(path) in {file for files in parts for file in files}:
            path.unlink(missing_ok=True)
    services.extras.pop("smart_networks", None)
    found = current(services)
    if found is None:
        raise SamFileInvalid("The files were chosen, but are not in the store. Choose them again.")
    with services.db.write() as session:
        after = {"encoder": encoder.name, "decoder": decoder.name}
        accounts.record(session, "smart.networks_chosen", actor_id=actor.user_id, after=after)
    return found


def forget(services: AppServices, actor: Actor) -> None:
    """Use no networks any more; raises `AdminsOnly`, `SetBySettings`."""
    _may_change(services, actor)
    keys = _keys(services)
    services.blobs.delete_at(_KEPT)
    for key in keys:
        services.blobs.delete_at(key)
    services.extras.pop("smart_networks", None)
    with services.db.write() as session:
        accounts.record(session, "smart.networks_forgotten", actor_id=actor.user_id)


def check(
    services: AppServices, encoder: Path, decoder: Path, *, longest_s: int | None = None
) -> tuple[dict[str, Any], list[list[str]]]:
    """Load and try two files in a child process; return their card and the files that each consists of.

    A trial that takes more than `longest_s` seconds, five minutes if nothing is said, is ended.

    Raises:
        SamFileInvalid: With the reason.
    """
    from modelyard.serving.smart.trial import LONGEST_S, Trial, tried

    taken = sum(_facts(path)[0] for path in (encoder, decoder)) * _MEMORY_PER_BYTE // 2**20
    pool = Pool(processes=1, memory_mb=max(services.settings.worker_memory_mb, 2048 + taken))
    try:
        trial = Trial(str(encoder), str(decoder), longest_s or LONGEST_S)
        ((_, found),) = pool.map_unordered(tried, [trial])
    finally:
        pool.close()
    if isinstance(found, ProductError):
        raise SamFileInvalid(found.detail)
    if isinstance(found, ChildDied):
        raise SamFileInvalid(
            "The networks ended the process that tried them: they are damaged, too large or too slow for this machine."
        )
    if isinstance(found, BaseException):
        raise found
    return found


def _may_change(services: AppServices, actor: Actor) -> None:
    require_admin(actor)
    if services.settings.sam_encoder or services.settings.sam_decoder:
        raise SetBySettings


def _keys(services: AppServices) -> set[str]:
    try:
        said = json.loads(services.blobs.get_at(_KEPT))
    except (BlobMissing, ValueError):
        return set()
    return {*said.get("encoder", ()), *said.get("decoder", ())}


def upload_folder(services: AppServices) -> Path:
    """Return where files that were sent wait until they are chosen."""
    folder = services.uploads / "smart"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def uploaded(services: AppServices) -> list[Path]:
    """Return the files that were sent and wait; those that nobody chose in time are deleted."""
    oldest = time.time() - timedelta(days=services.settings.upload_days).total_seconds()
    kept = []
    for path in sorted(upload_folder(services).iterdir()):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
        elif path.suffix != ".part":
            kept.append(path)
    return kept


def _named(services: AppServices, name: str) -> Path:
    sent = {path.name: path for path in uploaded(services)}
    if name in sent:
        return sent[name]
    path = Path(name)
    if not path.is_absolute():
        raise SamFileInvalid(f"No file {name[:100]!r} was sent. Send it first, or give its whole path on the server.")
    return path
