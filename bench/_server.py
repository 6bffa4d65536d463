"""A real server process for a bench, on a data directory of its own; it measures nothing."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from modelyard.server.accounts import service as accounts
from modelyard.server.accounts.schemas import Registration
from modelyard.server.services import AppServices
from modelyard.server.tables import User

PASSWORD = "correct horse battery"
SERVE = """
import sys, uvicorn
from pathlib import Path
from modelyard.server.app import create_app
from modelyard.server.kit.logs import configure
from modelyard.server.services import open_services
from modelyard.server.settings import Settings
configure("error")
settings = Settings(data=Path(sys.argv[1]), port=int(sys.argv[2]), log_level="error")
uvicorn.run(create_app(open_services(settings)), host="127.0.0.1", port=settings.port, log_level="error")
"""


def register(services: AppServices, name: str, *, is_admin: bool) -> User:
    """Make an account whose password is PASSWORD."""
    with services.db.write() as session:
        body = Registration(email=email_of(name), name=name, password=PASSWORD)
        return accounts.register(session, body, is_admin=is_admin)


def email_of(name: str) -> str:
    return f"{name.lower()}@bakery.example"


@contextmanager
def serving(data: Path, port: int | None = None) -> Iterator[str]:
    """Serve a data directory until the end of the block; gives the address."""
    port = port or free_port()
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(data), str(port)])
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(url)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def wait_for(url: str) -> None:
    """Wait until the server answers, two minutes at most."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            if httpx.get(f"{url}/api/v1/health", timeout=10).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    sys.exit("The server did not start.")


def sign_in(url: str, name: str) -> httpx.Client:
    """Return a client of the API that is signed in."""
    client = httpx.Client(base_url=f"{url}/api/v1", headers={"Origin": url}, timeout=60)
    client.post("/session", json={"email": email_of(name), "password": PASSWORD}).raise_for_status()
    return client
