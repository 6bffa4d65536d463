"""Child processes: one that dies costs its own item only, and a script needs no main guard."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from modelyard.server.kit.compute import ChildDied, Pool
from tests.server.processes import wait_for

SCRIPT = """
from math import sqrt
from modelyard.server.kit.compute import Pool

pool = Pool(processes=2)
print(sorted(result for _, result in pool.map_unordered(sqrt, [1, 4, 9])))
pool.close()
"""


LEFT_ALONE = """
import signal
from math import sqrt
from modelyard.server.kit.compute import Pool

pool = Pool(processes=2)
list(pool.map_unordered(sqrt, [1, 4, 9]))
print(*pool._executor._processes, flush=True)
signal.pause()
"""


def work(item: int) -> int:
    """Return the square; die at 3, raise at 5."""
    if item == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    if item == 5:
        raise ValueError(item)
    return item * item


def take(megabytes: int) -> int:
    """Take as much memory and say how much it was."""
    return len(bytearray(megabytes * 2**20)) // 2**20


@pytest.fixture
def pool() -> Iterator[Pool]:
    """Return two processes of at most 1 GB."""
    pool = Pool(processes=2, memory_mb=1024)
    yield pool
    pool.close()


def test_a_child_that_dies_costs_its_own_item_only(pool: Pool) -> None:
    pairs = list(pool.map_unordered(work, range(12)))
    found = dict(pairs)
    assert len(pairs) == len(found) == 12
    assert isinstance(found.pop(3), ChildDied)
    assert isinstance(found.pop(5), ValueError)
    assert found == {item: item * item for item in range(12) if item not in (3, 5)}
    assert dict(pool.map_unordered(work, [1, 2])) == {1: 1, 2: 4}  # And the pool is of use afterwards.


def test_who_takes_too_much_memory_is_stopped_alone(pool: Pool) -> None:
    found = dict(pool.map_unordered(take, [1, 4096, 2]))
    assert isinstance(found.pop(4096), MemoryError | ChildDied)
    assert found == {1: 1, 2: 2}


def test_items_may_be_endless(pool: Pool) -> None:
    given = 0

    def endless() -> Iterator[int]:
        nonlocal given
        while True:
            given += 1
            yield 6

    results = pool.map_unordered(work, endless())
    assert [next(results) for _ in range(20)] == [(6, 36)] * 20
    assert given < 20 + 2 * pool.processes * 3


def test_a_script_needs_no_main_guard(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "[1.0, 2.0, 3.0]\n"), done.stderr


def test_children_end_with_a_parent_that_was_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", LEFT_ALONE], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    children = [Path("/proc") / pid for pid in parent.stdout.readline().split()]
    assert children
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_for(lambda: not any(is_alive(child) for child in children))


def is_alive(process: Path) -> bool:
    """Say whether a process runs; one that only waits to be buried does not."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
