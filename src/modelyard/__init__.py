"""Modelyard: from raw pictures to a working vision model, together."""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["__version__", "connect"]

if TYPE_CHECKING:
    from modelyard.client import connect


def __getattr__(name: str) -> Any:
    # The SDK is loaded on first use, so that the library half stays light to import.
    if name == "connect":
        from modelyard.client import connect

        return connect
    raise AttributeError(f"module 'modelyard' has no attribute {name!r}")
