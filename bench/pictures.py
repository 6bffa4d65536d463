"""Claims: a 100-megapixel picture is verified and cut into tiles in under 1.5 GB of memory, and every tile after the
first answers in under 50 ms; a 60-megapixel picture and 12 megapixels of 16 bits are on screen in under two seconds,
and the window of the latter follows a drag at 20 frames a second or more.

Run `python bench/pictures.py [--megapixels 100] [--part all] [--port 8442]`; a part is cutting, http or browser. It
starts a real server and, if there is one, chromium.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
from _common import print_table
from numpy.typing import NDArray
from PIL import Image

from modelyard.server.accounts import service as accounts
from modelyard.server.accounts.schemas import Registration
from modelyard.server.images.tiles import cut
from modelyard.server.images.verify import Limits, verify
from modelyard.server.services import open_services
from modelyard.server.settings import Settings

LIMITS = Limits(bytes=800_000_000, pixels=300_000_000, memory=8 * 2**30)
EMAIL, PASSWORD = "ana@bakery.example", "correct horse battery"
SERVE = """
import sys, uvicorn
from pathlib import Path
from modelyard.server.app import create_app
from modelyard.server.services import open_services
from modelyard.server.settings import Settings
settings = Settings(data=Path(sys.argv[1]), port=int(sys.argv[2]), log_level="error")
uvicorn.run(create_app(open_services(settings)), host="127.0.0.1", port=settings.port, log_level="error")
"""
FETCHED = "() => performance.getEntriesByType('resource').filter(({ name }) => /values|tiles|full/.test(name)).length"
FRAMES = """() => {
  window.frames_ = []
  const tick = (at) => { window.frames_.push(at); window.ticking_ = requestAnimationFrame(tick) }
  window.ticking_ = requestAnimationFrame(tick)
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megapixels", type=int, default=100)
    parser.add_argument("--part", choices=["all", "cutting", "http", "browser"], default="all")
    parser.add_argument("--port", type=int, default=8442)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.part in ("all", "cutting"):
            print_table(
                f"{options.megapixels} megapixels, each step in a process of its own",
                ["file", "MB", "verified, s", "its memory, MB", "cut, s", "its memory, MB", "tiles, MB"],
                [_cutting(path) for path in _files(Path(folder), _scene(options.megapixels * 1_000_000))],
            )
        if options.part == "cutting":
            return
        with _Server(Path(folder) / "data", options.port) as server:
            if options.part != "browser":
                _over_http(server, options.megapixels)
            if options.part != "http":
                _in_a_browser(server)


def _scene(count: int) -> NDArray[np.uint8]:
    """Return something like a photograph, shape (H, W, 3): soft forms with a little noise."""
    height = int((count * 2 / 3) ** 0.5)
    width = count // height
    rng = np.random.default_rng(0)
    soft = cv2.resize(rng.integers(0, 256, (height // 200, width // 200, 3), np.uint8), (width, height))
    noise = rng.integers(0, 12, (512, 512, 3), np.uint8)
    tiled = np.tile(noise, (height // 512 + 1, width // 512 + 1, 1))[:height, :width]
    return cv2.add(soft // 2 + 60, tiled)


def _files(folder: Path, pixels: NDArray[np.uint8]) -> list[Path]:
    made = [folder / "a.jpg", folder / "progressive.jpg", folder / "a.png", folder / "a.tif"]
    image = Image.fromarray(pixels)
    image.save(made[0], quality=92)
    image.save(made[1], quality=92, progressive=True)
    cv2.imwrite(str(made[2]), pixels, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    image.save(made[3], compression="tiff_lzw")
    return made


def _cutting(path: Path) -> list[object]:
    verified_s, verified_mb = _alone(_verify, path)
    cut_s, cut_mb = _alone(_cut, path)
    target = path.with_suffix(".zip")
    size = target.stat().st_size / 1e6
    target.unlink()
    return [path.name, path.stat().st_size / 1e6, verified_s, verified_mb, cut_s, cut_mb, size]


def _alone(function: Callable[[Path], float], path: Path) -> tuple[float, float]:
    """Run a function in a fresh process; return its seconds and the most memory that it had."""
    with get_context("spawn").Pool(1) as pool:
        seconds = pool.apply(function, (path,))
        memory = pool.apply(_peak_mb)
    return seconds, memory


def _peak_mb() -> float:
    return _most_mb(os.getpid())


def _verify(path: Path) -> float:
    start = time.perf_counter()
    assert isinstance(verify(path.read_bytes(), LIMITS), tuple)
    return time.perf_counter() - start


def _cut(path: Path) -> float:
    start = time.perf_counter()
    cut(path, path.with_suffix(".zip"), LIMITS)
    return time.perf_counter() - start


class _Server:
    """A server on a data directory of its own, with somebody signed in."""

    def __init__(self, data: Path, port: int) -> None:
        services = open_services(Settings(data=data, log_level="error"))
        with services.db.write() as session:
            accounts.register(session, Registration(email=EMAIL, name="Ana", password=PASSWORD), is_admin=True)
        services.close()
        self.url = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen([sys.executable, "-c", SERVE, str(data), str(port)])
        self.api = httpx.Client(base_url=f"{self.url}/api/v1", headers={"Origin": self.url}, timeout=300)

    def __enter__(self) -> "_Server":
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                self.api.get("/health")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        self.api.post("/session", json={"email": EMAIL, "password": PASSWORD}).raise_for_status()
        return self

    def __exit__(self, *_: object) -> None:
        self.api.close()
        self._process.terminate()
        self._process.wait(timeout=30)

    def bring(self, name: str, data: bytes) -> tuple[str, str]:
        """Return the ids of a new project and of its only picture."""
        body = {"name": name, "task": "detection", "classes": ["spot"]}
        project_id = self.api.post("/projects", json=body).raise_for_status().json()["id"]
        path = f"/projects/{project_id}/images"
        image = self.api.post(path, params={"name": name}, content=data).raise_for_status().json()["image"]
        return project_id, image["id"]

    def memory_mb(self) -> tuple[float, float]:
        """Return the most memory that the server had, and that of its greatest child."""
        pids = [self._process.pid, *_children(self._process.pid)]
        first, *others = [_most_mb(pid) for pid in pids]
        return first, max(others, default=0.0)


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for task in listed.parents[1].iterdir() for child in (task / "children").read_text().split()]


def _most_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM"))


def _over_http(server: _Server, megapixels: int) -> None:
    _, image_id = server.bring("large", cv2.imencode(".jpg", _scene(megapixels * 1_000_000))[1].tobytes())
    times = []
    for level, column, row in [(5, 0, 0), *((0, column, row) for column in range(4, 12) for row in range(4, 10))]:
        start = time.perf_counter()
        server.api.get(f"/images/{image_id}/tiles/{level}/{column}/{row}").raise_for_status()
        times.append(1000 * (time.perf_counter() - start))
    own, child = server.memory_mb()
    print_table(
        f"Tiles of a JPEG of {megapixels} megapixels over HTTP",
        ["first, ms", "then, median ms", "95 of 100, ms", "server, MB", "its child, MB"],
        [[times[0], float(np.median(times[1:])), float(np.quantile(times[1:], 0.95)), own, child]],
    )


def _in_a_browser(server: _Server) -> None:
    path = os.environ.get("MODELYARD_CHROMIUM") or shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if path is None:
        print("No browser: playwright and chromium are needed for the rest.")
        return
    y, x = np.mgrid[:3000, :4000]
    deep = (2000 + 900 * np.sin(x / 90) * np.cos(y / 70) + np.random.default_rng(0).normal(0, 40, x.shape)).astype(
        np.uint16
    )
    pictures = {
        "12 megapixels, 16 bits": cv2.imencode(".png", deep)[1].tobytes(),
        "12 megapixels, JPEG": cv2.imencode(".jpg", _scene(12_000_000))[1].tobytes(),
        "60 megapixels, JPEG": cv2.imencode(".jpg", _scene(60_000_000))[1].tobytes(),
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        rows = [_look(server, browser, name, data) for name, data in pictures.items()]
        browser.close()
    print_table(
        "In chromium, 1440 x 900",
        [
            "picture",
            "on screen, ms",
            "again, ms",
            "sharp after zooming in, ms",
            "frames a second while the window is dragged",
        ],
        rows,
    )


def _look(server: _Server, browser: Any, name: str, data: bytes) -> list[object]:
    project_id, _ = server.bring(name, data)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=server.url)
    context.request.post("/api/v1/session", data={"email": EMAIL, "password": PASSWORD}, headers={"Origin": server.url})
    page = context.new_page()
    shown = []
    for _ in range(2):
        start = time.perf_counter()
        page.goto(f"/projects/{project_id}/label")
        page.wait_for_selector("[data-testid=surface][data-image-id]", timeout=60_000)
        shown.append(1000 * (time.perf_counter() - start))
    _quiet(page)
    box = page.get_by_test_id("surface").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.keyboard.press("w")
    fit = _dragged(page, middle)
    start = time.perf_counter()
    page.mouse.move(*middle)
    page.mouse.wheel(0, -1100)
    sharp = 1000 * (_quiet(page) - start)
    near = _dragged(page, middle)
    context.close()
    return [name, *shown, sharp, f"{fit:.0f} (all), {near:.0f} (close)"]


def _quiet(page: Any) -> float:
    """Wait until no finer pixels have come for a while; return when the last ones came."""
    came, count, last = 0, -1, time.perf_counter()
    while time.perf_counter() - last < 1.5:
        came = page.evaluate(FETCHED)
        if came != count:
            count, last = came, time.perf_counter()
        page.wait_for_timeout(20)
    return last


def _dragged(page: Any, middle: tuple[float, float]) -> float:
    """Drag the window for a while; return how many frames a second were painted."""
    page.mouse.move(*middle)
    page.mouse.down()
    page.evaluate(FRAMES)
    for step in range(90):
        page.mouse.move(middle[0] + 60 * np.sin(step / 9), middle[1] + 60 * np.cos(step / 7))
    times = page.evaluate("() => { cancelAnimationFrame(window.ticking_); return window.frames_ }")
    page.mouse.up()
    return float((len(times) - 1) / max(1e-9, times[-1] - times[0]) * 1000)


if __name__ == "__main__":
    main()
