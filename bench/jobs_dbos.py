"""What DBOS Transact would cost and give in place of our job table: two workers, one killed in the middle of a job.

Run `python bench/jobs_dbos.py [PostgreSQL URL]` where `dbos` is installed (it is no dependency of ours). A job of eight
steps of 0.3 s is killed with its worker in the fourth. The watchdog is the least that lets another worker take over:
each worker touches a file every second, and whoever sees a file untouched for five seconds recovers its owner's jobs.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from _common import print_table

STEPS, STEP_S, PATIENCE_S = 8, 0.3, 60.0


def main() -> None:
    if find_spec("dbos") is None:
        print("Skipped: dbos is not installed. `pip install dbos` brings it.")
        return
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        urls = {"SQLite": f"sqlite:///{folder}/dbos.db", **({"PostgreSQL": sys.argv[1]} if len(sys.argv) > 1 else {})}
        for name, url in urls.items():
            for guard in ("no", "yes"):
                place = Path(folder) / f"{name}-{guard}"
                place.mkdir()
                rows.append((name, guard, *try_once(url, place, guard)))
    columns = ("database", "watchdog", "taken over after, s", "steps done twice", "idle worker, MB")
    print_table("DBOS, two workers, one killed in the fourth of eight steps", columns, rows)


def try_once(url: str, place: Path, guard: str) -> tuple[str, str, str]:
    """Return how the job went on: seconds from the kill to the next step, repeated steps, and a worker's memory."""
    start = [sys.executable, __file__, "--worker", url, str(place), guard]
    workers = {name: subprocess.Popen([*start, name]) for name in ("a", "b")}
    try:
        until(lambda: all((place / f"beat-{name}").exists() for name in workers))
        memory = resident_mb(workers["b"].pid)
        subprocess.run([*start, "asker"], check=True)
        until(lambda: len(done(place)) >= STEPS // 2)
        owner = done(place)[0][0]
        workers[owner].send_signal(signal.SIGKILL)
        killed = time.monotonic()
        before = len(done(place))
        took = until(lambda: len(done(place)) > before) - killed
        until(lambda: len({step for _, step in done(place)}) == STEPS)
        return f"{took:.1f}", str(len(done(place)) - STEPS), f"{memory:.0f}"
    except TimeoutError:
        return f"not in {PATIENCE_S:.0f}", "", f"{memory:.0f}"
    finally:
        for process in workers.values():
            process.kill()
            process.wait()


def done(place: Path) -> list[tuple[str, int]]:
    """Return which worker did which step, in order."""
    path = place / "steps"
    lines = path.read_text().split() if path.exists() else []
    return [(line.split(":")[0], int(line.split(":")[1])) for line in lines]


def until(is_so: "object") -> float:
    end = time.monotonic() + PATIENCE_S
    while not is_so():  # type: ignore[operator]
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.02)
    return time.monotonic()


def resident_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def work(url: str, place: Path, guard: str, name: str) -> None:
    """Be a worker, or ask for the job."""
    from dbos import DBOS

    DBOS(
        config={
            "name": "trial",
            "system_database_url": url,
            "executor_id": name,
            "application_version": place.name,
            "log_level": "CRITICAL",
        }
    )

    @DBOS.step()
    def step(number: int) -> None:
        time.sleep(STEP_S)
        with (place / "steps").open("a") as file:
            file.write(f"{name}:{number}\n")

    @DBOS.workflow()
    def job() -> None:
        for number in range(STEPS):
            step(number)

    if name == "asker":
        DBOS.listen_queues([])
    DBOS.launch()
    DBOS.register_queue("bulk", polling_interval_sec=0.2)
    if name == "asker":
        DBOS.enqueue_workflow("bulk", job)
        os._exit(0)
    dead: set[str] = set()
    while True:
        (place / f"beat-{name}").touch()
        for beat in place.glob("beat-*"):
            other = beat.name.removeprefix("beat-")
            if guard == "yes" and other not in dead and time.time() - beat.stat().st_mtime > 5:
                dead.add(other)
                for found in DBOS.list_workflows(status="PENDING", executor_id=other):
                    DBOS.resume_workflow(found.workflow_id, queue_name="bulk")
        time.sleep(1)


if __name__ == "__main__":
    if "--worker" in sys.argv:
        _, _, address, folder_, guarded, who = sys.argv
        work(address, Path(folder_), guarded, who)
    else:
        main()
