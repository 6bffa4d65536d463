"""Claims: a version of 100,000 pictures with a million boxes is frozen by a job in flat memory while people save, and
it is listed, compared and exported without its objects lying in memory.

Run `python bench/versions.py [--images 100000] [--boxes 10] [--database sqlite]`. The boxes come in from COCO first.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from _common import print_table
from labels import Yard, coco_file, database, peak_mb


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--boxes", type=int, default=10, help="boxes an image")
    parser.add_argument("--database", default="sqlite", choices=["sqlite", "postgres"])
    parser.add_argument("--part", help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--url", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        print(json.dumps(PARTS[options.part](options)))
        return
    with tempfile.TemporaryDirectory() as folder, database(options.database, Path(folder)) as url:
        rows = []
        for part in PARTS:
            command = [sys.executable, __file__, "--part", part, "--data", folder, "--url", url]
            command += ["--images", str(options.images), "--boxes", str(options.boxes)]
            answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            found = json.loads(answer.splitlines()[-1])
            rows.append((part, found["seconds"], found.get("cpu_s", ""), found["peak_mb"], found.get("said", "")))
    title = f"A version of {options.images:,} pictures, {options.images * options.boxes:,} boxes, {options.database}"
    print_table(title, ("", "seconds", "by CPU", "peak, MB", ""), rows)


# --- What is measured, each in a process of its own ---


def bring(options: argparse.Namespace) -> dict[str, Any]:
    """Import the boxes."""
    yard = Yard(options)
    project_id = yard.make("Big", "detection", options.images)
    return yard.import_(project_id, coco_file(options.data / "boxes.json", options.images, options.boxes))


def freeze(options: argparse.Namespace) -> dict[str, Any]:
    """Freeze, while a second thread takes and ends a writing transaction again and again."""
    yard = Yard(options)
    waits_ms, done = list[float](), threading.Event()

    def write() -> None:
        while not done.wait(0.05):
            started = time.perf_counter()
            with yard.services.db.write() as session:
                session.connection()
            waits_ms.append(1000 * (time.perf_counter() - started))

    writer = threading.Thread(target=write)
    writer.start()
    taken, result = yard.run(ask(yard))
    done.set()
    writer.join()
    path = yard.services.blobs.local_path(version(yard, result["number"]).content_hash)
    said = f"{path.stat().st_size / 1e6:.0f} MB; longest wait of a writer {max(waits_ms):.0f} ms"
    return {**taken, "peak_mb": peak_mb(), "said": said}


def freeze_again(options: argparse.Namespace) -> dict[str, Any]:
    """Freeze the same again: nothing is new."""
    yard = Yard(options)
    taken, result = yard.run(ask(yard))
    return {**taken, "peak_mb": peak_mb(), "said": f"new: {result['is_new']}"}


def page(options: argparse.Namespace) -> dict[str, Any]:
    """Read a page of its images."""
    from modelyard.server.datasets import service

    yard = Yard(options)
    started = time.perf_counter()
    with yard.services.db.read() as session:
        contents = service.load(yard.services.blobs, version(yard, 1))
        rows, _ = service.images_of(session, contents, split="test", class_id=None, cursor=None, limit=100)
    return {"seconds": time.perf_counter() - started, "peak_mb": peak_mb(), "said": f"{len(rows)} of them"}


def compare(options: argparse.Namespace) -> dict[str, Any]:
    """Change a thousand images, freeze, and compare."""
    from sqlalchemy import update

    from modelyard.server.datasets import differences, service
    from modelyard.server.tables import Object

    yard = Yard(options)
    with yard.services.db.write() as session:
        ids = [row.image_id for row in session.query(Object.image_id).distinct().limit(1000)]
        for start in range(0, len(ids), 500):
            statement = update(Object).where(Object.image_id.in_(ids[start : start + 500]))
            session.execute(statement.values(x1=0.0), execution_options={"synchronize_session": False})
    _, result = yard.run(ask(yard))
    new, old = version(yard, result["number"]), version(yard, 1)
    started = time.perf_counter()
    blobs = yard.services.blobs
    found = differences.diff(new.id, service.load(blobs, new), old.id, service.load(blobs, old))
    said = f"{found.counts.changed:,} images, {found.objects.changed:,} objects changed"
    return {"seconds": time.perf_counter() - started, "peak_mb": peak_mb(), "said": said}


def export(options: argparse.Namespace) -> dict[str, Any]:
    """Export the version as COCO."""
    from modelyard.server.datasets import exports
    from modelyard.server.datasets.schemas import ExportCreate

    yard = Yard(options)
    with yard.services.db.write() as session:
        body = ExportCreate(format="coco", version=version(yard, 1).id, with_pictures=False)
        job_id = exports.start(session, yard.actor(), yard.find("Big"), body).id
    taken, _ = yard.run(job_id)
    return {**taken, "peak_mb": peak_mb()}


PARTS: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "bring": bring,
    "freeze": freeze,
    "freeze_again": freeze_again,
    "page": page,
    "compare": compare,
    "export": export,
}


def ask(yard: Yard) -> UUID:
    from modelyard.server.datasets import freezing
    from modelyard.server.datasets.schemas import VersionCreate

    with yard.services.db.write() as session:
        return freezing.start(session, yard.actor(), yard.find("Big"), VersionCreate()).id


def version(yard: Yard, number: int) -> Any:
    from modelyard.server.tables import DatasetVersion

    with yard.services.db.read() as session:
        return session.query(DatasetVersion).filter_by(number=number, project_id=yard.find("Big")).one()


if __name__ == "__main__":
    main()
