"""`modelyard serve`: the web process, and worker processes that are started again when they die."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable

import uvicorn

from modelyard.server.accounts.service import make_setup_token
from modelyard.server.app import create_app
from modelyard.server.kit.logs import configure
from modelyard.server.locking import hold
from modelyard.server.services import open_services
from modelyard.server.settings import Settings

_RESTART_AFTER_S = 1.0


class Workers:
    """Worker processes with names that stay, so that each goes on with its own work after a restart."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Start them and watch over them."""
        for number in range(1, self._settings.workers + 1):
            thread = threading.Thread(target=self._watch, args=(f"worker-{number}",), daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Tell them to stop, and wait."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=40)

    def _watch(self, name: str) -> None:
        command = [sys.executable, "-m", "modelyard.server.worker", "--name", name, "--data", str(self._settings.data)]
        command += ["--parent", str(os.getpid())]  # It may be gone before the worker could ask.
        # Heads are small: several BLAS threads only get into each other's way while the cores do other work.
        environment = {"OPENBLAS_NUM_THREADS": "1", **os.environ}
        while not self._stop.is_set():
            process = subprocess.Popen(command, env=environment)
            while process.poll() is None and not self._stop.wait(0.2):
                pass
            if process.poll() is None:
                process.terminate()
                process.wait(timeout=35)
            self._stop.wait(_RESTART_AFTER_S)


class _Server(uvicorn.Server):
    """Says that it is there once it answers, and not before: links are clicked at once."""

    def __init__(self, config: uvicorn.Config, on_start: Callable[[], object]) -> None:
        super().__init__(config)
        self._on_start = on_start

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        if self.started:
            self._on_start()


def serve(settings: Settings, *, announce: Callable[[str], None]) -> None:
    """Serve until told to stop; `announce` gets the lines for the person who started it. Raises `DataInUse`."""
    configure(settings.log_level)
    with hold(settings.data, url=settings.effective_url):
        services = open_services(settings)
        lines = [f"Modelyard is at {settings.effective_url}"]
        if token := make_setup_token(services.db):
            lines.append(f"Make the first account (this link works once): {settings.effective_url}/setup#token={token}")
        config = uvicorn.Config(
            create_app(services),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            timeout_keep_alive=75,  # Whoever looks at a picture for a while keeps the connection.
            timeout_graceful_shutdown=3,
        )
        workers = Workers(settings)
        workers.start()
        try:
            _Server(config, lambda: announce("\n".join(lines))).run()
        finally:
            workers.stop()
            services.close()
