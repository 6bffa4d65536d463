"""A whole installation and a real browser: the server in this process, its worker beside it, chromium in front."""

import io
import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import uvicorn
from PIL import Image

from modelyard.server.accounts import service as accounts
from modelyard.server.accounts.schemas import Registration
from modelyard.server.app import create_app
from modelyard.server.kit.logs import configure
from modelyard.server.services import AppServices, open_services
from modelyard.server.settings import Settings
from modelyard.server.worker import build_worker

sync_api = pytest.importorskip("playwright.sync_api", reason="The package playwright is not installed.")
configure("error")

EMAIL, PASSWORD = "anna@example.org", "correct horse battery"
PATIENCE_MS = 30_000  # However busy the machine is: a test that passes never waits so long.
KINDS = {"bun": (176, 112, 48), "leaf": (56, 140, 64), "plum": (96, 48, 128)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here as needing a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


def chromium_path() -> str:
    """Return where chromium is, or skip."""
    path = os.environ.get("MODELYARD_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("There is no chromium here; `apt-get install chromium` brings one.")
    return path


def draw(kind: str, seed: int) -> bytes:
    """Return a JPEG of one round thing of this kind on a table: colour, place and size vary."""
    rng = np.random.default_rng([seed, list(KINDS).index(kind)])
    pixels = np.full((160, 200, 3), 226, np.float32) + rng.normal(0, 6, (160, 200, 3))
    y, x = np.mgrid[:160, :200]
    middle, radius = rng.uniform((60, 60), (140, 100)), rng.uniform(30, 50)
    inside = (x - middle[0]) ** 2 + (y - middle[1]) ** 2 < radius**2
    pixels[inside] = np.array(KINDS[kind]) + rng.normal(0, 14, 3) + rng.normal(0, 8, (int(inside.sum()), 3))
    stream = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(stream, "JPEG", quality=90)
    return stream.getvalue()


@dataclass
class Installation:
    """A running server, and the API as the signed-in owner sees it."""

    url: str
    services: AppServices
    api: httpx.Client

    def json(self, method: str, path: str, **options: Any) -> Any:
        """Ask the API and return what it answers."""
        reply = self.api.request(method, f"/api/v1{path}", **options)
        assert reply.is_success, f"{method} {path}: {reply.status_code} {reply.text[:500]}"
        return reply.json() if reply.content else None

    def project(self, name: str, *, classes: bool = True) -> str:
        """Create a project and return its id."""
        body = {"name": name, "classes": list(KINDS) if classes else []}
        return str(self.json("POST", "/projects", json=body)["id"])

    def fill(self, project_id: str, each: int) -> dict[str, str]:
        """Add `each` pictures of every kind; return the kind of each image."""
        kinds = {}
        for seed in range(each):
            for kind in KINDS:
                path = f"/projects/{project_id}/images"
                added = self.json("POST", path, params={"name": f"{kind}-{seed}.jpg"}, content=draw(kind, seed))
                kinds[added["image"]["id"]] = kind
        return kinds

    def class_ids(self, project_id: str) -> dict[str, str]:
        """Return the id of each class by name."""
        return {entry["name"]: entry["id"] for entry in self.json("GET", f"/projects/{project_id}/classes")}

    def label(self, project_id: str, kinds: dict[str, str]) -> None:
        """Answer these images as what they are."""
        classes = self.class_ids(project_id)
        for kind in KINDS:
            image_ids = [image_id for image_id, shown in kinds.items() if shown == kind]
            body = {"image_ids": image_ids, "answer": "class", "class_id": classes[kind]}
            self.json("POST", f"/projects/{project_id}/annotations/bulk", json=body)

    def wait_for(self, is_so: Callable[[], Any], *, seconds: float = 60) -> Any:
        """Ask until it is so, and return what it said."""
        until = time.monotonic() + seconds
        while not (answer := is_so()):
            assert time.monotonic() < until, "It did not come about in time."
            time.sleep(0.1)
        return answer


@contextmanager
def running(folder: Path) -> Iterator[tuple[str, AppServices]]:
    """Run a server and a worker on this data directory; gives the address and what they share."""
    if not (Path(create_app.__code__.co_filename).parent / "static" / "index.html").is_file():
        pytest.skip("The browser application is not built; `npm run build` in web/ builds it.")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    services = open_services(Settings(data=folder, port=port))
    server = uvicorn.Server(uvicorn.Config(create_app(services), port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    worker = build_worker(services, name="browser-tests")
    worker.start()
    until = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < until, "The server did not start in time."
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}", services
    server.should_exit = True
    thread.join(timeout=20)
    worker.stop()
    services.close()


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Start a server and a worker on a fresh data directory, and sign the owner in."""
    with running(tmp_path_factory.mktemp("installation")) as (url, services):
        with services.db.write() as session:
            accounts.register(session, Registration(email=EMAIL, name="Anna", password=PASSWORD), is_admin=True)
        with httpx.Client(base_url=url, headers={"Origin": url}, timeout=60) as api:
            found = Installation(url, services, api)
            found.json("POST", "/session", json={"email": EMAIL, "password": PASSWORD})
            yield found


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Start one browser for all tests."""
    path = chromium_path()
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def sign_in(installation: Installation) -> Callable[[Any], None]:
    """Return a function that signs a browser's context in."""

    def run(context: Any) -> None:
        body = {"email": EMAIL, "password": PASSWORD}
        reply = context.request.post(
            f"{installation.url}/api/v1/session", data=body, headers={"Origin": installation.url}
        )
        assert reply.ok, reply.text()

    return run


@pytest.fixture
def page(chromium: Any, installation: Installation, sign_in: Callable[[Any], None]) -> Iterator[Any]:
    """Open a signed-in page; an uncaught error in it fails the test."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=installation.url)
    context.set_default_timeout(PATIENCE_MS)
    sign_in(context)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(str(error)))
    yield opened
    context.close()
    assert faults == []


@dataclass
class Trained:
    """A project whose loop has run once."""

    project_id: str
    run: dict[str, Any]
    kinds: dict[str, str]

    @property
    def model_id(self) -> str:
        """Return the id of the model that the run made."""
        return str(self.run["model_id"])


@pytest.fixture(scope="session")
def trained(installation: Installation) -> Trained:
    """Fill, label and train a project through the API, once for all tests that look at the result."""
    project_id = installation.project("Table")
    kinds = installation.fill(project_id, 24)
    installation.label(project_id, kinds)
    run = start_run(installation, project_id)
    return Trained(project_id, run, kinds)


def start_run(installation: Installation, project_id: str) -> dict[str, Any]:
    """Train on what is labelled now, and return the run when it is over."""
    body = {"version_id": "latest", "recipe": "auto", "budget_s": 60, "seed": 0}
    run_id = installation.json("POST", f"/projects/{project_id}/runs", json=body)["id"]

    def over() -> dict[str, Any] | None:
        run: dict[str, Any] = installation.json("GET", f"/runs/{run_id}")
        return run if run["state"] not in {"queued", "running"} else None

    run: dict[str, Any] = installation.wait_for(over, seconds=120)
    assert run["state"] == "succeeded", run["job"]
    return run
