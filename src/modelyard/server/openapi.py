"""Print the description of the API; the browser application's client is generated from it."""

import json
import sys
import tempfile
from pathlib import Path

from modelyard.server.app import create_app
from modelyard.server.services import open_services
from modelyard.server.settings import Settings


def document() -> str:
    """Return the OpenAPI document as JSON text, its addresses in order, so that a new one makes a small difference."""
    with tempfile.TemporaryDirectory() as folder:
        services = open_services(Settings(data=Path(folder)))
        try:
            found = create_app(services).openapi()
            found["paths"] = dict(sorted(found["paths"].items()))
            return json.dumps(found, indent=1, ensure_ascii=False) + "\n"
        finally:
            services.close()


if __name__ == "__main__":
    sys.stdout.write(document())
