"""Import against the same decode + hash + thumbnail in a bare loop on every core, and memory as imports grow.

Usage: python bench/import.py [--pictures FOLDER] [--rounds 3] [--sizes 1000 20000]

Files beyond those in the folder are copies with a few bytes behind their end, which makes other files of them that are
decoded just the same. The embedded database and store are used, in a temporary folder (`TMPDIR` moves it). An import
makes two files of every picture, which the bare loop does not, so what a new file costs there is measured too: on some
disks it is more than decoding the picture.
"""

import argparse
import io
import json
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path

from _common import GROCERY, print_table, skip
from blake3 import blake3
from PIL import Image, ImageOps

ENOUGH = 0.70


def bare(path: str) -> str:
    """The work that no import can do without, and nothing else."""
    data = Path(path).read_bytes()
    content_hash = blake3(data).hexdigest()
    image = Image.open(io.BytesIO(data))
    image.draft(None, (512, 512))
    image = ImageOps.exif_transpose(image).convert("RGB")
    image.thumbnail((256, 256), Image.Resampling.BILINEAR)
    image.save(io.BytesIO(), "WEBP", quality=80, method=1)
    return content_hash


def file_us(folder: Path) -> float:
    """What it costs to make a file of 30 kB there, in microseconds."""
    folder.mkdir()
    data, count = os.urandom(30_000), 500
    started = time.perf_counter()
    for number in range(count):
        (folder / str(number)).write_bytes(data)
    return 1e6 * (time.perf_counter() - started) / count


def cpu_s() -> float:
    """Processor time of this process and of its children that have ended."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def time_bare(paths: list[Path]) -> float:
    with ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(bare, [str(paths[0])] * 8))
        started = time.perf_counter()
        list(pool.map(bare, map(str, paths), chunksize=8))
        return time.perf_counter() - started


def time_import(folder: Path, warm: Path) -> tuple[float, dict[str, object]]:
    """Import a folder as `modelyard import` does here; return seconds from the job's start, and its result."""
    from modelyard.server.accounts import service as accounts
    from modelyard.server.accounts.actor import ALL_SCOPES, Actor
    from modelyard.server.accounts.schemas import Registration
    from modelyard.server.app import load_events
    from modelyard.server.images import imports, schemas, tasks  # noqa: F401 - registers the job
    from modelyard.server.kit.jobs import Worker
    from modelyard.server.kit.logs import configure
    from modelyard.server.projects import service as projects
    from modelyard.server.projects.schemas import ProjectCreate
    from modelyard.server.services import open_services
    from modelyard.server.settings import Settings
    from modelyard.server.tables import Job

    configure("error")
    load_events()
    with tempfile.TemporaryDirectory() as data:
        services = open_services(Settings(data=Path(data), log_level="error"))
        worker = Worker(services, name="bench")
        with services.db.write() as session:
            registration = Registration(email="a@example.org", name="Ana", password="correct horse battery")
            user = accounts.register(session, registration, is_admin=True)
            actor = Actor(user.id, "Ana", True, ALL_SCOPES, "local")
            project = projects.create(session, actor, ProjectCreate(name="Bench"))
        for source in (warm, folder):  # The first starts the child processes.
            with services.db.write() as session:
                body = schemas.LocalImportCreate(paths=[str(source)], options=schemas.ImportOptions(format="none"))
                job_id = imports.start_local(session, actor, project.id, body).job_id
            while True:
                started = time.perf_counter()
                worker._run_next(("bulk",))
                seconds = time.perf_counter() - started
                with services.db.read() as session:
                    job = session.get_one(Job, job_id)
                    if job.state == "succeeded":
                        break
        worker.stop()
        services.close()
        return seconds, dict(job.result or {})


def multiply(sources: list[Path], count: int, folder: Path) -> Path:
    """Write `count` different files into `folder`."""
    for number in range(count):
        source = sources[number % len(sources)]
        target = folder / f"{number // 1000:03d}" / f"{number:06d}{source.suffix}"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes() + number.to_bytes(8, "big"))
    return folder


def measure(sources: list[Path], count: int) -> dict[str, object]:
    """Import `count` files in this process and say how much memory it and its largest child took."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = multiply(sources, count, Path(scratch) / "pictures")
        warm = multiply(sources[::-1], 20, Path(scratch) / "warm")
        seconds, result = time_import(folder, warm)
    own, child = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"seconds": seconds, "added": result["added"], "own_mb": own, "child_mb": child}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path, default=GROCERY)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="*", default=[1000, 20_000])
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    sources = sorted(path for path in arguments.pictures.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
    if not sources:
        skip(f"There are no pictures in {arguments.pictures}. Name a folder with --pictures.")
    if arguments.measure:
        print(json.dumps(measure(sources, arguments.measure)))
        return
    if arguments.rounds:
        compare(sources, arguments.rounds)
    grow(arguments.pictures, arguments.sizes)


def compare(sources: list[Path], rounds: int) -> None:
    """Print both speeds by the clock, and by processor time, which a busy machine distorts less."""
    rows: list[tuple[object, ...]] = []
    ratios = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = multiply(sources, len(sources), Path(scratch) / "pictures")
        warm = multiply(sources[::-1], 20, Path(scratch) / "warm")
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        for number in range(rounds):
            one_file = file_us(Path(scratch) / f"files{number}")
            marks = [cpu_s()]
            least = time_bare(paths)
            marks.append(cpu_s())
            whole, result = time_import(folder, warm)
            marks.append(cpu_s())
            bare_ms, import_ms = (1000 * (b - a) / len(paths) for a, b in pairwise(marks))
            ratios.append(least / whole)
            speeds = (len(paths) / least, len(paths) / whole, 100 * least / whole)
            rows.append((result["added"], *speeds, bare_ms, import_ms, 100 * bare_ms / import_ms, one_file))
    columns = (
        "added",
        "bare, images/s",
        "import, images/s",
        "%",
        "bare, CPU ms",
        "import, CPU ms",
        "% ",
        "a new file, µs",
    )
    print_table(f"Import of {len(sources):,} pictures: at least {ENOUGH:.0%} of a bare loop", columns, rows)
    print(f"median {statistics.median(ratios):.0%} by the clock")


def grow(pictures: Path, sizes: list[int]) -> None:
    rows = []
    for size in sizes:
        command = [sys.executable, __file__, "--pictures", str(pictures), "--measure", str(size)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        rows.append((size, found["added"], size / found["seconds"], found["own_mb"], found["child_mb"]))
    columns = ("files", "added", "images/s", "worker's peak, MB", "largest child's peak, MB")
    print_table("Memory as imports grow", columns, rows)


if __name__ == "__main__":
    main()
