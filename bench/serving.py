"""Claim: an answer over HTTP comes at most 5 ms after the bare runtime's, and 16 clients get 80 % of its throughput.

Run `python bench/serving.py [folder of pictures]`; a real server on loopback port 8461, bounded to some 40 seconds.
The clients run on the same cores as the server, and so do decoding, sign-in and HTTP: the figures say so.
"""

import http.client
import json
import os
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import uvicorn
from _common import GROCERY, print_table, skip

from modelyard.engine.backbones import DEFAULT, load
from modelyard.engine.export import ExportClass, ExportFacts, LinearHead, write_archive
from modelyard.engine.pixels import prepare
from modelyard.engine.runtime import OrtNetwork
from modelyard.server.app import create_app
from modelyard.server.services import open_services
from modelyard.server.settings import Settings
from modelyard.server.tables import DatasetVersion, Deployment, Model, Project, User
from modelyard.serving import Predictor

PORT = 8461
TOKEN = "bench"
SINGLE, MANY, CLIENTS, ROUNDS = 60, 400, 16, 3
CLASSES = 20


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else GROCERY)
    pictures = [path.read_bytes() for path in sorted(folder.rglob("*.jpg"))[::10]]
    if not pictures:
        skip(f"There are no .jpg pictures below {folder}.")
    with tempfile.TemporaryDirectory() as scratch:
        archive = _export(Path(scratch))
        server = get_context("spawn").Process(target=_serve, args=(Path(scratch) / "data", archive), daemon=True)
        server.start()
        try:
            _wait_until_ready(pictures[0])
            rows = _measure(archive, pictures)
        finally:
            server.terminate()
            server.join()
    print_table(
        f"{CLIENTS} clients, {len(pictures)} pictures, {CLASSES} classes", ["way", "ms, one by one", "a second"], rows
    )


def _measure(archive: Path, pictures: list[bytes]) -> list[tuple[str, float | str, float | str]]:
    cores = len(os.sched_getaffinity(0))
    card = load(DEFAULT).card
    pixels = [prepare(content, input_px=card.input_px, crop_fraction=card.crop_fraction)[None] for content in pictures]
    network = zipfile.ZipFile(archive).read("model.onnx")
    one_core, all_cores = OrtNetwork(network), OrtNetwork(network, threads=cores)
    batch = np.concatenate(pixels[:8])
    with Predictor(archive) as predictor:
        ask = _asker(pictures)
        single: dict[str, Callable[[int], object]] = {
            "bare runtime, one core": lambda index: one_core.run(pixels[index]),
            "bare runtime, all cores": lambda index: all_cores.run(pixels[index]),
            "predictor in this process": lambda index: predictor.predict(pictures[index]),
            "over HTTP": ask,
        }
        many: dict[str, Callable[[int], object]] = {
            "bare runtime, one core": lambda index: one_core.run(pixels[index]),
            "predictor in this process": single["predictor in this process"],
            "over HTTP": ask,
        }
        delays: dict[str, list[float]] = {name: [] for name in single}
        rates: dict[str, list[float]] = {name: [] for name in [*many, "bare runtime, all cores"]}
        for _ in range(ROUNDS):
            single["over HTTP"] = _asker(pictures)  # the server hangs up on a connection that was silent for 5 s
            for name, way in single.items():
                delays[name].append(_delay_ms(way, len(pictures)))
            for name, way in many.items():
                rates[name].append(_rate(way, cores if name.startswith("bare") else CLIENTS, len(pictures)))
            rates["bare runtime, all cores"].append(8 * _rate(lambda _: all_cores.run(batch), 1, 1, MANY // 8))
    return [(name, float(np.median(delays[name])), float(np.median(rates[name]))) for name in single]


def _delay_ms(way: Callable[[int], object], count: int) -> float:
    times = []
    for number in range(SINGLE):
        start = time.perf_counter()
        way(number % count)
        times.append(time.perf_counter() - start)
    return float(np.median(times)) * 1000


def _rate(way: Callable[[int], object], callers: int, count: int, total: int = MANY) -> float:
    start = time.perf_counter()
    with ThreadPoolExecutor(callers) as pool:
        list(pool.map(lambda number: way(number % count), range(total)))
    return total / (time.perf_counter() - start)


def _asker(pictures: list[bytes]) -> Callable[[int], object]:
    """Return a function that asks the server, on one lasting connection a thread."""
    kept = threading.local()
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "image/jpeg"}

    def ask(index: int) -> object:
        if not hasattr(kept, "connection"):
            kept.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        kept.connection.request("POST", "/api/v1/deployments/bench/predict", pictures[index], headers)
        response = kept.connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(body.decode())
        return json.loads(body)

    return ask


def _wait_until_ready(picture: bytes) -> None:
    for _ in range(100):
        try:
            _asker([picture])(0)
            return
        except (OSError, RuntimeError):
            time.sleep(0.2)
    sys.exit("The server did not come up.")


def _export(folder: Path) -> Path:
    backbone = load(DEFAULT)
    weights = np.random.default_rng(0).normal(0, 5, (backbone.card.dimensions, CLASSES)).astype(np.float32)
    classes = [ExportClass(f"00000000-0000-0000-0000-{index:012d}", f"class {index}") for index in range(CLASSES)]
    head = LinearHead(weights, np.zeros(CLASSES, np.float32))
    return write_archive(folder / "model.zip", backbone, head, classes, facts=ExportFacts(name="bench"), threshold=0.5)


def _serve(data: Path, archive: Path) -> None:
    services = open_services(Settings(data=data, port=PORT, log_level="error"))
    with services.db.write() as session:
        session.add(User(email="bench@example.org", name="Bench", password_hash="", is_admin=True))
        project = Project(name="Bench", task="classification")
        session.add(project)
        session.flush()
        facts: dict[str, Any] = {"splits": {}, "classes": [], "options": {}}
        version = DatasetVersion(project_id=project.id, number=1, content_hash="", images=0, **facts)
        session.add(version)
        session.flush()
        model = Model(project_id=project.id, number=1, version_id=version.id, recipe="head", backbone=DEFAULT)
        model.artifacts, model.classes, model.threshold = {"zip": services.blobs.put_file(archive)}, [], 0.5
        session.add(model)
        session.flush()
        session.add(Deployment(project_id=project.id, name="bench", model_id=model.id))
    app = create_app(services, local_token=TOKEN)
    uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="error", access_log=False)


if __name__ == "__main__":
    main()
