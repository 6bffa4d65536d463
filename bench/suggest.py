"""Claim: a detector finds objects at 80 % or more of the speed of a loop that only reads, scales and runs the network.

And so does the whole job "Suggest objects", database, child processes and all, against that loop in as many processes.
Run `python bench/suggest.py [folder of pictures]` beside ../shared; bounded to about a minute.
"""

import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import onnxruntime as ort
from _common import GROCERY, print_table, skip
from PIL import Image

from modelyard.serving.detector import Detector, DetectorCard

NETWORK = GROCERY.parents[1] / "weights" / "yolox_nano.onnx"
IMAGES, ROUNDS, SIDE, CLASSES = 100, 3, 416, 80
JOB_IMAGES = 400
NAMES = tuple(f"class {number}" for number in range(CLASSES))
CARD = DetectorCard(classes=NAMES, input_width=SIDE, input_height=SIDE, layout="yolox", channels="BGR")
_LOOK: list[Callable[[Path], object]] = []


def main() -> None:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else GROCERY)
    every = sorted(folder.rglob("*.jpg"))
    if not every or not NETWORK.is_file():
        skip(f"There are no .jpg pictures below {folder}, or {NETWORK} is not there.")
    _measure_library(every[:: max(1, len(every) // IMAGES)][:IMAGES])
    _measure_job(every[:: max(1, len(every) // JOB_IMAGES)][:JOB_IMAGES])


def _measure_library(paths: list[Path]) -> None:
    detector, bare = Detector(NETWORK, CARD), _bare_loop()
    seconds: dict[str, list[float]] = {"Detector.find": [], "bare loop, nothing decoded from the answer": []}
    for _ in range(ROUNDS):
        for label, look in zip(seconds, (detector.find, bare), strict=True):
            seconds[label].append(_time(look, paths))
    rates = {label: len(paths) / median(times) for label, times in seconds.items()}
    _print(f"YOLOX nano, {len(paths)} pictures, one core", rates)


def _measure_job(paths: list[Path]) -> None:
    """Compare a look at all pictures of a fresh project with the bare loop in as many processes as the job has."""
    with tempfile.TemporaryDirectory() as folder:
        services, detector_id, count = _project(Path(folder), paths)
        took_s, report = _run(services, detector_id)
        services.close()
    processes = os.cpu_count() or 1
    with multiprocessing.get_context("spawn").Pool(processes, initializer=_prepare) as pool:
        pool.map(_look, paths[: 4 * processes])  # warm
        since = time.perf_counter()
        pool.map(_look, paths[:count], chunksize=4)
        bare_s = time.perf_counter() - since
    label = f'job "Suggest objects", {report["suggested"]} objects written'
    rates = {label: count / took_s, f"bare loop in {processes} processes": count / bare_s}
    _print(f"YOLOX nano, {count} pictures, the whole job from its first picture on", rates)


def _print(title: str, rates: dict[str, float]) -> None:
    best = list(rates.values())[1]
    rows = [[label, f"{rate:.1f}", f"{rate / best:.0%}"] for label, rate in rates.items()]
    print_table(title, ["Way", "Pictures a second", "Of the bare loop"], rows)


def _project(folder: Path, paths: list[Path]) -> tuple[Any, Any, int]:
    """Return services, a detector and how many pictures it may look at."""
    from modelyard.server.accounts import service as accounts
    from modelyard.server.accounts.schemas import Registration
    from modelyard.server.app import load_events
    from modelyard.server.assist.service import detectors
    from modelyard.server.images import service as images
    from modelyard.server.kit.logs import configure
    from modelyard.server.projects import service as projects
    from modelyard.server.projects.schemas import ProjectCreate
    from modelyard.server.services import open_services
    from modelyard.server.settings import Settings
    from modelyard.server.tables import Image as ImageRow
    from modelyard.server.tables import Job

    configure("error")
    load_events()
    services = open_services(Settings(data=folder, log_level="error"))
    with services.db.write() as session:
        person = Registration(email="ana@bakery.example", name="Ana", password="correct horse battery")
        accounts.register(session, person, is_admin=True)
        actor = _actor(session)
        body = ProjectCreate(name="Fruit", task="detection", classes=list(NAMES))
        project_id = projects.create(session, actor, body).id
    arrivals = [images.store(services.blobs, services.settings, name=p.name, data=p.read_bytes()) for p in paths]
    with services.db.write() as session:
        images.add(session, projects.get(session, actor, project_id), arrivals)
    card = CARD.model_dump_json().encode()
    with NETWORK.open("rb") as network:
        made = detectors.create(services, actor, project_id, name="nano", card=card, network=network)
    with services.db.write() as session:
        session.query(ImageRow).update({"is_reserved": False})
        session.query(Job).delete()
        count = session.query(ImageRow).count()
    return services, made.id, count


def _run(services: Any, detector_id: Any) -> tuple[float, dict[str, Any]]:
    """Return the seconds of the job once its child processes stand, and its report."""
    from modelyard.server.assist.detector_schemas import SuggestObjects
    from modelyard.server.assist.service import asking
    from modelyard.server.tables import Job, ObjectSuggestion
    from modelyard.server.worker import build_worker

    worker = build_worker(services, name="bench")
    report: dict[str, Any] = {}
    for _ in range(2):  # The first run starts the processes.
        with services.db.write() as session:
            session.query(ObjectSuggestion).delete()
            job_id = asking.suggest(session, _actor(session), detector_id, SuggestObjects(images="unlabelled")).id
        since = time.perf_counter()
        worker.run_until_idle()
        took_s = time.perf_counter() - since
        with services.db.read() as session:
            report = dict(session.get_one(Job, job_id).result or {})
    worker.stop()
    return took_s, report


def _actor(session: Any) -> Any:
    from modelyard.server.accounts.actor import local_actor

    return local_actor(session)


def _prepare() -> None:
    os.nice(5)  # as the job's own processes
    _LOOK.append(_bare_loop())


def _look(path: Path) -> None:
    _LOOK[0](path)


def _bare_loop() -> Callable[[Path], object]:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(str(NETWORK), options, providers=["CPUExecutionProvider"])

    def look(path: Path) -> object:
        with Image.open(path) as image:
            scaled = image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        batch = np.ascontiguousarray(np.asarray(scaled, np.float32)[..., ::-1].transpose(2, 0, 1)[None])
        return session.run(None, {"images": batch})

    return look


def _time(look: Callable[[Path], object], paths: list[Path]) -> float:
    since = time.perf_counter()
    for path in paths:
        look(path)
    return time.perf_counter() - since


if __name__ == "__main__":
    main()
