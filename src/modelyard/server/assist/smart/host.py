"""What the web process keeps in memory for the smart tool: the decoder, a few pictures, embeddings and edge maps.

Nothing is loaded inside a request: a thread checks and loads networks that are new, and requests are answered by
colours meanwhile.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import structlog

from modelyard.errors import ProductError
from modelyard.server.assist.smart import networks
from modelyard.server.assist.smart.networks import Networks
from modelyard.server.assist.smart.schemas import State
from modelyard.server.images.pixels import pixels
from modelyard.server.images.verify import LARGEST_LIGHT
from modelyard.server.services import AppServices
from modelyard.server.tables import Image

if TYPE_CHECKING:
    from modelyard.serving.smart.embedding_cache import EmbeddingCache
    from modelyard.serving.smart.prompts import Picture, Source
    from modelyard.serving.smart.sam import Embedding, SamDecoder
    from modelyard.serving.smart.scissors import EdgeMap

log = structlog.get_logger()
Value = TypeVar("Value")

_PICTURE_BYTES = 256 * 2**20
_EMBEDDINGS = 8
_EDGE_MAPS = 16


class Kept(Generic[Value]):
    """The values used last, as many as fit; whoever asks for one that is being made waits for it, and nobody else."""

    def __init__(self, most: int, weigh: Callable[[Value], int] = lambda _: 1) -> None:
        self._most = most
        self._weigh = weigh
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """Return the value of `key`; raises what `make` raises."""
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            try:
                with self._lock:
                    known = self._values.get(key)
                found = make() if known is None else known
                with self._lock:
                    self._keep(key, found)
                return found
            finally:
                with self._lock:
                    self._making.pop(key, None)

    def _keep(self, key: Hashable, value: Value) -> None:
        self._values[key] = value
        self._values.move_to_end(key)
        while len(self._values) > 1 and sum(map(self._weigh, self._values.values())) > self._most:
            self._values.popitem(last=False)


class SmartHost:
    """The smart tool of one process."""

    def __init__(self, services: AppServices) -> None:
        self._services = services
        self._lock = threading.Lock()
        self._loading: threading.Thread | None = None
        self._stamp: str | None = None
        self._decoder: SamDecoder | None = None
        self._card: dict[str, Any] | None = None
        self._problem: str | None = None
        self._pictures: Kept[Picture] = Kept(_PICTURE_BYTES, lambda picture: picture.nbytes)
        self._embeddings: Kept[Embedding] = Kept(_EMBEDDINGS)
        self._edges: Kept[EdgeMap] = Kept(_EDGE_MAPS)

    def look(self) -> tuple[State, str | None, Networks | None, dict[str, Any] | None]:
        """Return how the networks stand, what is wrong with them, which they are, and what is known of them.

        Networks that are new are checked and loaded beside the requests: `checking` until then.
        """
        found = networks.current(self._services)
        if found is None:
            return "none", None, None, None
        with self._lock:
            if found.stamp != self._stamp:
                self._stamp, self._decoder, self._card, self._problem = found.stamp, None, None, None
                self._loading = threading.Thread(target=self._load, args=(found, found.stamp), daemon=True)
                self._loading.start()
            if self._problem is not None:
                return "failed", self._problem, found, None
            return ("ready" if self._decoder else "checking"), None, found, self._card

    def settle(self) -> None:
        """Wait until whatever is being loaded is loaded."""
        self.look()
        if self._loading is not None:
            self._loading.join()

    def _load(self, found: Networks, stamp: str) -> None:
        from modelyard.serving.smart.sam import SamDecoder

        problem, card, decoder = None, found.card, None
        try:
            if card is None:
                card, _ = networks.check(self._services, found.encoder, found.decoder)
            decoder = SamDecoder(found.decoder)
        except ProductError as error:
            problem = error.detail
        except Exception:
            log.exception("smart_networks")
            problem = "Something went wrong on our side while the networks were loaded. Look at the server's log."
        with self._lock:
            if stamp == self._stamp:
                self._decoder, self._card, self._problem = decoder, card, problem

    @property
    def decoder(self) -> "SamDecoder | None":
        """The decoder, once it is loaded."""
        return self._decoder

    def picture(self, image: Image) -> "Source":
        """Return the picture's pixels, those of a large one in parts; raises what `images.pixels.pixels` raises."""
        from modelyard.serving.smart.prompts import InParts

        blobs, settings = self._services.blobs, self._services.settings
        if image.width * image.height > LARGEST_LIGHT:
            return InParts(
                (image.height, image.width, 3),
                lambda box, most_px: pixels(blobs, settings, image, box=box, most_px=most_px),
            )
        return self._pictures.get(image.content_hash, lambda: pixels(blobs, settings, image))

    def embedding(self, encoder_hash: str, image: Image) -> "Embedding | None":
        """Return what the encoder saw in this picture, if it has looked at it."""
        try:
            return self._embeddings.get(
                (encoder_hash, image.content_hash), lambda: _stored(self._services, encoder_hash, image.content_hash)
            )
        except LookupError:
            return None

    def edges(self, image: Image, anchor: tuple[float, float], reach: int) -> "EdgeMap":
        """Return the map of paths to this anchor."""
        from modelyard.serving.smart.scissors import EdgeMap

        picture = self.picture(image)
        return self._edges.get((image.content_hash, anchor, reach), lambda: EdgeMap(picture, anchor, reach))


def _stored(services: AppServices, encoder_hash: str, content_hash: str) -> "Embedding":
    found = cache_of(services).load(encoder_hash, content_hash)
    if found is None:
        raise LookupError(content_hash)
    return found


_MAKING = threading.Lock()


def host_of(services: AppServices) -> SmartHost:
    """Return the smart tool of this process, made at its first use."""
    with _MAKING:
        found: SmartHost = services.extras.setdefault("smart_host", None) or SmartHost(services)
        services.extras["smart_host"] = found
    return found


def cache_of(services: AppServices) -> "EmbeddingCache":
    """Return the embeddings on this machine's disk."""
    from modelyard.serving.smart.embedding_cache import EmbeddingCache

    folder = services.settings.data / "cache" / "embeddings"
    return EmbeddingCache(folder, services.settings.sam_cache_mb * 1_000_000)
