"""Nothing that was drawn is lost: browser killed, server killed, page left, window closed, offline for long."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from modelyard.server.accounts import service as accounts
from modelyard.server.accounts.schemas import Registration
from modelyard.server.services import open_services
from modelyard.server.settings import Settings
from tests.browser.conftest import EMAIL, PASSWORD, PATIENCE_MS, Installation, chromium_path
from tests.browser.test_draw import Surface, project

SERVE = """
import sys, uvicorn
from pathlib import Path
from modelyard.server.app import create_app
from modelyard.server.kit.logs import configure
from modelyard.server.services import open_services
from modelyard.server.settings import Settings
configure("error")
settings = Settings(data=Path(sys.argv[1]), port=int(sys.argv[2]), log_level="error")
app = create_app(open_services(settings))
server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=settings.port, log_level="error"))
startup = server.startup
async def tell(*arguments, **options):
    await startup(*arguments, **options)
    print("ready", flush=True)
server.startup = tell
server.run()
"""


@pytest.fixture
def boxes(page: Any, installation: Installation, request: pytest.FixtureRequest) -> Surface:
    """Open a project for boxes."""
    return Surface(page, installation, project(installation, request.node.name, "detection", 2)).open()


def test_a46_another_page_of_the_application_keeps_what_was_just_drawn(boxes: Surface) -> None:
    boxes.drag((10, 10), (40, 30))
    boxes.page.get_by_role("link", name="Images").first.click()
    boxes.page.get_by_test_id("grid").wait_for()
    boxes.installation.wait_for(lambda: len(boxes.kept()) == 1)


def test_a46_a_window_that_is_closed_at_once_keeps_what_was_just_drawn(boxes: Surface) -> None:
    boxes.drag((10, 10), (40, 30))
    boxes.expect(1)
    boxes.page.close(run_before_unload=True)
    boxes.installation.wait_for(lambda: len(boxes.kept()) == 1)


def test_a46_a_reload_keeps_what_was_just_drawn(boxes: Surface) -> None:
    boxes.open(boxes.image_id)  # Named in the address: the queue may go on with another one after a reload.
    boxes.drag((10, 10), (40, 30))
    boxes.page.reload()
    boxes.wait()
    boxes.expect(1)
    assert len(boxes.saved()) == 1


def test_a19_a_closed_laptop_sends_what_was_drawn_once_it_is_online_again(boxes: Surface) -> None:
    context = boxes.page.context
    context.set_offline(True)
    boxes.drag((10, 10), (40, 30))
    boxes.page.locator('[data-testid=save-status][data-state="offline"]').wait_for()
    boxes.drag((60, 60), (90, 90))
    boxes.press("Control+z", "Control+y")
    context.set_offline(False)
    boxes.expect(2)
    assert len(boxes.saved()) == 2


def test_a22_a_second_window_of_the_same_person_does_not_undo_the_first(boxes: Surface) -> None:
    boxes.open(boxes.image_id)
    second = Surface(boxes.page.context.new_page(), boxes.installation, boxes.project_id).open(boxes.image_id)
    boxes.drag((10, 10), (40, 30))
    assert len(boxes.saved()) == 1
    second.drag((100, 100), (150, 140))
    dialog = second.page.get_by_role("dialog", name="Somebody else changed this picture")
    dialog.get_by_role("button", name="Keep both").click()
    second.expect(2)
    assert len(second.saved()) == 2


def test_a24_a_class_that_is_renamed_or_deleted_meanwhile_takes_no_label_away(boxes: Surface) -> None:
    boxes.drag((10, 10), (40, 30))
    boxes.saved()
    class_id = boxes.installation.class_ids(boxes.project_id)["bun"]
    boxes.installation.json("PATCH", f"/projects/{boxes.project_id}/classes/{class_id}", json={"name": "roll"})
    boxes.drag((60, 60), (90, 90))
    assert {entry["class_id"] for entry in boxes.saved()} == {class_id}
    boxes.open(boxes.image_id).expect(2)
    boxes.page.get_by_test_id("objects").get_by_text("roll").first.wait_for()


class Process:
    """A server in a process of its own, on a data directory that outlives it."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder, self.url = folder, f"http://127.0.0.1:{self.port}"
        services = open_services(Settings(data=folder, log_level="error"))
        with services.db.write() as session:
            accounts.register(session, Registration(email=EMAIL, name="Anna", password=PASSWORD), is_admin=True)
        services.close()
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers: it says so itself once it listens."""
        command = [sys.executable, "-c", SERVE, str(self.folder), str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"ready\n", "The server did not start."
        assert httpx.get(f"{self.url}/api/v1/health").is_success

    def kill(self) -> None:
        """End it as a power cut would."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.communicate()


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    """Run a server that may be killed."""
    made = Process(tmp_path / "data")
    yield made
    made.kill()


@contextmanager
def signed_in(process: Process) -> Iterator[Installation]:
    with httpx.Client(base_url=process.url, headers={"Origin": process.url}, timeout=30) as api:
        found = Installation(process.url, None, api)  # type: ignore[arg-type]
        found.json("POST", "/session", json={"email": EMAIL, "password": PASSWORD})
        yield found


def test_a19_a_killed_server_has_what_was_drawn_two_seconds_before_and_gets_the_rest_when_it_is_back(
    chromium: Any, process: Process
) -> None:
    with signed_in(process) as installation:
        project_id = project(installation, "Killed", "detection")
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, base_url=process.url)
        context.set_default_timeout(PATIENCE_MS)
        body = {"email": EMAIL, "password": PASSWORD}
        assert context.request.post("/api/v1/session", data=body, headers={"Origin": process.url}).ok
        surface = Surface(context.new_page(), installation, project_id).open()
        began = time.monotonic()
        surface.drag((10, 10), (40, 30))
        installation.wait_for(lambda: len(surface.kept()) == 1)
        assert time.monotonic() - began < 4
        process.kill()
        surface.drag((60, 60), (90, 90))
        surface.page.locator('[data-testid=save-status][data-state="offline"]').wait_for()
        process.start()
        assert len(surface.saved()) == 2
        context.close()


# Resolves once the browser's own database holds three drawn boxes: what is drawn is there at once, but not in no time.
KEPT = """() => new Promise((done) => {
  const look = () => {
    const opened = indexedDB.open("modelyard-drawing")
    opened.onsuccess = () => {
      const all = opened.result.transaction("drawings").objectStore("drawings").getAll()
      all.onsuccess = () => {
        opened.result.close()
        if (all.result.some(({ put }) => put.length === 3)) done()
        else requestAnimationFrame(look)
      }
    }
  }
  look()
})"""


def test_a19_a_killed_browser_has_everything_again(
    chromium: Any, installation: Installation, sign_in: Callable[[Any], None], tmp_path: Path
) -> None:
    def start() -> Any:
        context = chromium.browser_type.launch_persistent_context(
            tmp_path / "profile",
            executable_path=chromium_path(),
            args=["--no-sandbox", "--disable-gpu"],
            base_url=installation.url,
            viewport={"width": 1440, "height": 900},
        )
        context.set_default_timeout(PATIENCE_MS)
        sign_in(context)
        return context

    project_id = project(installation, "Killed browser", "detection")
    context = start()
    surface = Surface(context.new_page(), installation, project_id).open()
    context.set_offline(True)
    for x in (10, 60, 110):
        surface.drag((x, 10), (x + 30, 30))
    surface.expect(3)
    surface.page.evaluate(KEPT)
    os.kill(process_of(tmp_path / "profile"), signal.SIGKILL)
    assert surface.kept() == []
    context = start()
    surface.page = context.new_page()
    surface.open(surface.image_id).expect(3)
    assert len(surface.saved()) == 3
    context.close()


def process_of(profile: Path) -> int:
    """Return the id of the browser that has its data in this folder."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
        except OSError:
            continue
        if f"--user-data-dir={profile}".encode() in words and not any(word.startswith(b"--type=") for word in words):
            return int(entry.parent.name)
    pytest.skip("The browser's process is not to be seen here.")
