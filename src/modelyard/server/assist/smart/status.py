"""How the smart tool stands, for whoever administers it."""

from modelyard.server.assist.smart import networks
from modelyard.server.assist.smart.host import cache_of, host_of
from modelyard.server.assist.smart.schemas import SmartNetworks
from modelyard.server.services import AppServices


def of(services: AppServices, *, settle: bool = False) -> SmartNetworks:
    """Return the networks, their state, and what is kept of what they saw; `settle` waits until they are loaded."""
    host = host_of(services)
    if settle:
        host.settle()
    state, problem, found, card = host.look()
    pictures, taken = cache_of(services).size()
    known = card or {}
    return SmartNetworks(
        state=state,
        problem=problem,
        source=found.source if found else None,
        kind=known.get("kind"),
        encoder=found.encoder.name if found else None,
        decoder=found.decoder.name if found else None,
        size_bytes=known.get("size_bytes"),
        uploaded=[path.name for path in networks.uploaded(services)],
        ahead=services.settings.sam_ahead,
        cached_pictures=pictures,
        cached_bytes=taken,
        cache_limit_bytes=services.settings.sam_cache_mb * 1_000_000,
    )
