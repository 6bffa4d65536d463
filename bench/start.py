"""Claims: the web process answers in under 2 seconds and takes under 250 MB before work.

Run `python bench/start.py [--port 8471]`: five starts on an empty data directory that an earlier start has prepared,
with Python's cache of compiled files; the very first start after an installation compiles them and takes longer.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import numpy as np
from _common import print_table

from modelyard.server.services import open_services
from modelyard.server.settings import Settings

STARTS = 5
SERVE = """
import sys, uvicorn
from pathlib import Path
from modelyard.server.app import create_app
from modelyard.server.services import open_services
from modelyard.server.settings import Settings
settings = Settings(data=Path(sys.argv[1]), port=int(sys.argv[2]), log_level="error")
uvicorn.run(create_app(open_services(settings)), host="127.0.0.1", port=settings.port, log_level="error")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8471)
    port = parser.parse_args().port
    with tempfile.TemporaryDirectory() as folder:
        open_services(Settings(data=Path(folder), log_level="error")).close()
        found = [_start(folder, port) for _ in range(STARTS)]
    seconds, megabytes = zip(*found, strict=True)
    rows = [
        ("seconds to the first answer", *_spread(seconds), 2.0),
        ("MB resident after it", *_spread(megabytes), 250.0),
    ]
    print_table(f"Web process, {STARTS} starts", ["", "median", "worst", "at most"], rows)


def _start(folder: str, port: int) -> tuple[float, float]:
    began = time.perf_counter()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen([sys.executable, "-c", SERVE, folder, str(port)], env=environment)
    try:
        while not _answers(port):
            if time.perf_counter() - began > 30:
                sys.exit("The server did not start.")
        seconds = time.perf_counter() - began
        return seconds, _resident_mb(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        time.sleep(0.02)
        return False


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def _spread(values: tuple[float, ...]) -> tuple[str, str]:
    return f"{np.median(values):.2f}", f"{max(values):.2f}"


if __name__ == "__main__":
    main()
