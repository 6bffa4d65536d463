"""What every test may use: real image data where it lies beside the checkout, and passwords that hash quickly."""

import gc
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from modelyard.server.accounts import passwords

# How long an example takes says more about who else uses the machine than about the code.
settings.register_profile("any-machine", deadline=None, max_examples=40)
settings.load_profile("any-machine")

# A thousand people register and sign in here: argon2id at its least cost. A test looks at the product's own cost.
passwords._hasher = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))

# Half of a server test was waiting for a disk, and a fifth of the rest was looking for garbage.
MEMORY = Path("/dev/shm")
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 10e9:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
gc.set_threshold(50_000, 20, 100)


def pytest_xdist_auto_num_workers() -> int:
    """Run three processes on two cores: a third of the time here is waiting, for browsers, disks and leases."""
    return max(2, (os.cpu_count() or 1) * 3 // 2)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run what is marked `one_engine` on SQLite alone: it asks nothing that PostgreSQL could answer differently."""

    def is_left(item: pytest.Item) -> bool:
        call = getattr(item, "callspec", None)
        return call is not None and call.params.get("database_url") == "postgres"

    left = {item for item in items if item.get_closest_marker("one_engine") and is_left(item)}
    config.hook.pytest_deselected(items=list(left))
    items[:] = [item for item in items if item not in left]


SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real image data, or skip."""
    if not SHARED.is_dir():
        pytest.skip("The real image data (../shared/data) is not here.")
    return SHARED
