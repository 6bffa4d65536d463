"""What every test may use: real image data where it lies beside the checkout, and passwords that hash quickly."""

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

SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real image data, or skip."""
    if not SHARED.is_dir():
        pytest.skip("The real image data (../shared/data) is not here.")
    return SHARED
