"""The job process: the only place that imports every room's tasks."""

import argparse
import gc
import importlib.util
import os
import signal
import threading
from importlib import import_module
from pathlib import Path
from typing import Any

from modelyard.server.app import ROOMS, load_events
from modelyard.server.kit.compute import Pool
from modelyard.server.kit.jobs import Worker
from modelyard.server.kit.logs import configure
from modelyard.server.notifications.postman import Postman
from modelyard.server.services import AppServices, open_services
from modelyard.server.settings import Settings
from modelyard.server.webhooks.courier import COURIERS, Courier


def load_tasks() -> None:
    """Import every room's job handlers and event subscribers."""
    load_events()
    for room in ROOMS:
        name = f"modelyard.server.{room}.tasks"
        if importlib.util.find_spec(name):
            import_module(name)


def build_worker(services: AppServices, *, name: str, pool: Pool | None = None) -> Worker:
    """Return a worker that knows every kind of job, tells webhooks what happens, and sends e-mail.

    Args:
        services: What the process shares.
        name: The same when this worker restarts.
        pool: Child processes for heavy work that somebody else keeps; the worker keeps its own without.
    """
    load_tasks()
    standing = [*[Courier(services).step] * COURIERS, Postman(services).step]
    return Worker(services, name=name, standing=standing, pool=pool)


def collect_garbage_rarely() -> None:
    """Look for cycles of garbage less often than Python does by itself, and never among modules; for a whole process.

    Jobs make rows by the hundred thousand, which need no such search to be freed; it took a tenth of an import's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def main() -> None:
    """Run one worker until told to stop (SIGTERM, SIGINT)."""
    parser = argparse.ArgumentParser(description="Run Modelyard's background work.")
    parser.add_argument("--name", default="worker-1", help="a name that stays the same when this worker restarts")
    parser.add_argument("--data", type=Path, help="the data directory")
    parser.add_argument("--parent", type=int, help="the process whose end ends this one; who started it unless told")
    arguments = parser.parse_args()
    values: dict[str, Any] = {"data": arguments.data} if arguments.data else {}
    settings = Settings(**values)
    configure(settings.log_level)
    os.nice(5)  # Whoever labels comes first.
    services = open_services(settings)
    worker = build_worker(services, name=arguments.name)
    collect_garbage_rarely()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker.start()
    parent = arguments.parent or os.getppid()
    while not stop.wait(1.0) and os.getppid() == parent:  # A worker does not outlive the server that started it.
        pass
    worker.stop()
    services.close()


if __name__ == "__main__":
    main()
