"""The Python SDK: `modelyard.connect(url_or_folder, token=None)` gives every verb of the product."""

from modelyard.client.client import Client, connect
from modelyard.client.connection import JobFailed

__all__ = ["Client", "JobFailed", "connect"]
