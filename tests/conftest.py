"""What every test may use: real image data where it lies beside the checkout."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real image data, or skip."""
    if not SHARED.is_dir():
        pytest.skip("The real image data (../shared/data) is not here.")
    return SHARED
