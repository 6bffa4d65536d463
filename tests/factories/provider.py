"""A handle on a provider process: its people, its lies, and the walk through its pages without a browser."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx


class ProviderProcess:
    """A provider that runs; `issuer` is its address."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self._http = httpx.Client(base_url=issuer, timeout=20, trust_env=False)

    def register(self, redirect_uri: str) -> dict[str, Any]:
        """Register an application; return its settings."""
        reply = self._http.post("/oauth2/clients", json={"redirect_uris": [redirect_uri]})
        assert reply.status_code == 201, reply.text
        known = reply.json()
        return {"oidc_client_id": known["client_id"], "oidc_client_secret": known["client_secret"]}

    def person(self, subject: str, **claims: Any) -> None:
        """Make or change a person."""
        assert self._http.put(f"/users/{subject}", json=claims).status_code == 204

    def lie(self, fault: str) -> None:
        """Put a fault into what follows; "" for none."""
        assert self._http.put("/fault", params={"name": fault}).status_code == 204

    def agree(self, address: str, subject: str) -> str:
        """Sign `subject` in on the page at `address`; return where the browser is sent back to."""
        reply = self._http.post(address, data={"sub": subject})
        assert reply.status_code == 302, reply.text
        return reply.headers["location"]

    def deny(self, address: str) -> str:
        """Turn back on the page at `address`; return where the browser is sent back to."""
        return self._http.post(address, data={"action": "deny"}).headers["location"]

    def look(self, address: str) -> int:
        """Open the page at `address`; return the status."""
        return self._http.get(address).status_code

    def close(self) -> None:
        """Let go of connections."""
        self._http.close()


@contextmanager
def running_provider() -> Iterator[ProviderProcess]:
    """Run a provider in a process of its own."""
    command = [sys.executable, "-W", "ignore", str(Path(__file__).with_name("provider_process.py"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        found = ProviderProcess(process.stdout.readline().strip())
        try:
            yield found
        finally:
            found.close()
            process.kill()
