"""Real worker processes, to be killed."""

import os
import subprocess
import sys
import time
from collections.abc import Callable

from modelyard.server.services import AppServices

PATIENCE_S = 120.0


class Workers:
    """Starts worker processes on an installation; whoever made it calls `end`."""

    def __init__(self, services: AppServices) -> None:
        self._settings = services.settings
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, name: str = "w", **settings: str) -> "subprocess.Popen[bytes]":
        """Start a worker of this name, with settings of its own."""
        environment = {**os.environ, "MODELYARD_LOG_LEVEL": "error"}
        environment["MODELYARD_DATABASE_URL"] = self._settings.database_url
        environment |= {f"MODELYARD_{key.upper()}": value for key, value in settings.items()}
        command = [sys.executable, "-m", "modelyard.server.worker", "--data", str(self._settings.data), "--name", name]
        self._running.append(subprocess.Popen(command, env=environment))
        return self._running[-1]

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """Kill it as the power cut does, and wait until it is gone."""
        process.kill()
        process.wait()

    def end(self) -> None:
        """Kill whatever still runs."""
        for process in self._running:
            self.kill(process)


def wait_for(what: Callable[[], object], *, every_s: float = 0.005) -> None:
    """Wait until something is so, looking every few milliseconds unless a look costs more than that."""
    end = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < end, "It took too long."
        time.sleep(every_s)
