"""Calls out of the server to addresses that people name: to no place inside, along no redirect, never for long."""

import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import httpcore
import httpx

from modelyard.errors import Invalid

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

TIMEOUT_S = 10.0
KEPT_BYTES = 1024
_NAT64 = IPv6Network("64:ff9b::/96")  # its last four bytes are the IPv4 address that is meant
# What the standard library of some version counts as public, and is not: special ranges, and a cloud's own services.
_INSIDE_TEXT = (
    "192.0.0.0/24 192.88.99.0/24 168.63.129.16 64:ff9b:1::/48 100::/64 2001::/23 3fff::/20 5f00::/16 fec0::/10"
)
_INSIDE: tuple[Network, ...] = tuple(ip_network(text) for text in _INSIDE_TEXT.split())


class AddressRefused(Invalid):
    """The server calls no address inside its own network, unless an administrator allows it."""


class CallFailed(Exception):
    """Nobody answered, or not in time; the message is a sentence for people."""


@dataclass(frozen=True)
class Reply:
    """What came back; `text` is the beginning of the body."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass(frozen=True)
class Allowed:
    """What an administrator allows besides public addresses: networks, and host names wherever they lead."""

    networks: tuple[Network, ...] = ()
    names: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> "Allowed":
        """Read "10.1.0.0/16, 192.168.3.7, hooks.bakery.example"; raises `ValueError` with a sentence.

        Example:
            >>> Allowed.parse("10.1.0.0/16, Hooks.bakery.example").names
            frozenset({'hooks.bakery.example'})
        """
        networks: list[Network] = []
        names: set[str] = set()
        for part in (piece.strip().lower() for piece in text.split(",") if piece.strip()):
            if part.replace(".", "").isdigit() or ":" in part or "/" in part:
                try:
                    networks.append(ip_network(part))
                except ValueError as error:
                    raise ValueError(f"{part!r} is no address or network: {error}") from error
            else:
                names.add(part.rstrip("."))
        return cls(tuple(networks), frozenset(names))


def is_public(address: Address) -> bool:
    """Say whether an address is one of the internet at large, whatever form it is written in.

    Example:
        >>> is_public(ip_address("93.184.215.14")), is_public(ip_address("::ffff:127.0.0.1"))
        (True, False)
    """
    meant = _meant(address)
    if any(meant in network for network in _INSIDE if network.version == meant.version):
        return False
    return meant.is_global and not (meant.is_multicast or meant.is_reserved or meant.is_unspecified)


def _meant(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address carries inside, or the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


class Egress:
    """The one way by which the server calls addresses that people named.

    A name is looked up once, and the connection goes to the very address that was checked, so that nobody can
    answer the check with one address and the call with another. Proxies of the environment are not used.

    Args:
        allowed: What may be called besides public addresses.
        allows_http: Whether calls may go without TLS.
        timeout_s: Seconds for the whole call.
    """

    def __init__(
        self, allowed: Allowed | None = None, *, allows_http: bool = False, timeout_s: float = TIMEOUT_S
    ) -> None:
        self._allowed = allowed or Allowed()
        self._allows_http = allows_http
        self._timeout_s = timeout_s

    def check(self, url: str) -> None:
        """Raise `AddressRefused` for what can never be called; names are looked up only when they are called."""
        parsed = self._parsed(url)
        host = parsed.host
        try:
            literal = ip_address(host)
        except ValueError:
            if (host == "localhost" or host.endswith(".localhost")) and host not in self._allowed.names:
                self._permitted(host, [ip_address("127.0.0.1")])
        else:
            self._permitted(host, [literal])

    def post(self, url: str, content: bytes, headers: Mapping[str, str], *, keep_bytes: int = KEPT_BYTES) -> Reply:
        """Send `content` and return the beginning of the answer; raises `AddressRefused`, `CallFailed`."""
        parsed = self._parsed(url)
        target = httpcore.URL(scheme=parsed.raw_scheme, host=parsed.raw_host, port=parsed.port, target=parsed.raw_path)
        sent = [(name.encode(), value.encode()) for name, value in {**headers, "Accept-Encoding": "identity"}.items()]
        backend = _Backend(self, time.monotonic() + self._timeout_s)
        context = httpx.create_ssl_context()
        try:
            with (
                httpcore.ConnectionPool(ssl_context=context, max_connections=1, network_backend=backend) as pool,
                pool.stream("POST", target, headers=sent, content=content) as response,
            ):
                text = _beginning(response.iter_stream(), keep_bytes).decode("utf-8", "replace")
                found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
                return Reply(response.status, found, text.replace("\0", "�"))
        except httpcore.TimeoutException as error:
            raise CallFailed(f"There was no whole answer within {self._timeout_s:.0f} seconds.") from error
        except (httpcore.NetworkError, ssl.SSLError, OSError) as error:
            raise CallFailed(f"No connection: {error}."[:300]) from error
        except httpcore.ProtocolError as error:
            raise CallFailed("What answered does not speak HTTP.") from error

    def addresses(self, host: str, port: int) -> list[Address]:
        """Return the addresses of a host that may be called; raises `AddressRefused`, `CallFailed`."""
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise CallFailed(f"There is no host {host!r}.") from error
        found = dict.fromkeys(ip_address(str(row[4][0]).partition("%")[0]) for row in rows)
        return self._permitted(host, found)

    def _permitted(self, host: str, addresses: Iterable[Address]) -> list[Address]:
        if host.lower().rstrip(".") in self._allowed.names:
            return list(addresses)
        good = [address for address in addresses if is_public(address) or self._is_allowed(address)]
        if not good:
            raise AddressRefused(
                f"{host!r} leads to an address inside the network. An administrator can allow it with "
                "MODELYARD_OUTGOING_ALLOWED."
            )
        return good

    def _is_allowed(self, address: Address) -> bool:
        forms = {address, _meant(address)}
        return any(form in net for net in self._allowed.networks for form in forms if form.version == net.version)

    def _parsed(self, url: str) -> httpx.URL:
        try:
            parsed = httpx.URL(url.strip())
        except (httpx.InvalidURL, ValueError) as error:
            raise AddressRefused(f"{url!r} is no web address.") from error
        schemes = ("https", "http") if self._allows_http else ("https",)
        if parsed.scheme not in schemes or not parsed.host:
            raise AddressRefused(f"The address must begin with {' or '.join(f'{name}://' for name in schemes)}.")
        if parsed.userinfo:
            raise AddressRefused("The address must not hold a name and password; what is sent is signed instead.")
        return parsed


def _beginning(chunks: Iterable[bytes], most: int) -> bytes:
    found = b""
    for chunk in chunks:
        found += chunk
        if len(found) >= most:
            break
    return found[:most]


class _Backend(httpcore.SyncBackend):
    """Connects to addresses that were checked, and ends everything at one moment."""

    def __init__(self, egress: Egress, deadline: float) -> None:
        super().__init__()
        self._egress = egress
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that may be called and answers."""
        last: Exception = httpcore.ConnectError("nobody answers")
        addresses = self._egress.addresses(host, port)
        for number, address in enumerate(addresses):
            share_s = _left(self._deadline) / (len(addresses) - number)  # One that is silent leaves time for the next.
            try:
                stream = super().connect_tcp(str(address), port, share_s, local_address, socket_options)
                return _Stream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last


class _Stream(httpcore.NetworkStream):
    """A connection of which every step ends at the same moment, however slowly the other side drips."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _left(self._deadline)), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left
