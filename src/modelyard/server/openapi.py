"""Print the description of the API: as JSON, of which the browser's client is made, or as pages of the reference."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from modelyard.server.app import create_app
from modelyard.server.role_page import page
from modelyard.server.services import open_services
from modelyard.server.settings import Settings

_HEAD = """# Operations

Every address of the API, below `/api/v1`; this page is made from the API's own description. What bodies and answers
look like, with examples and problems, stands in `/api/v1/openapi.json` of a running server and in `web/openapi.json`
of the repository. The [API](api.md) page tells how to sign in.
"""


def document() -> str:
    """Return the OpenAPI document as JSON text."""
    return json.dumps(_described(), indent=1, ensure_ascii=False) + "\n"


def reference() -> str:
    """Return the list of operations as a page of the documentation."""
    described = _described()
    pages = [_HEAD]
    for tag in described["tags"]:
        rows = [
            f"| `{method.upper()} {path.removeprefix('/api/v1')}` | {operation['summary']} |"
            for path, methods in described["paths"].items()
            for method, operation in methods.items()
            if tag["name"] in operation["tags"]
        ]
        table = "\n".join(["| address | what it does |", "|---|---|", *rows])
        pages.append(f"## {tag['name'].capitalize()}\n\n{tag['description']}\n\n{table}\n")
    return "\n".join(pages)


def roles() -> str:
    """Return what each role may do, and which operations that is, as a page of the documentation."""
    return page(_described())


def _described() -> dict[str, Any]:
    """Return the document, its addresses in order, so that a new one makes a small difference."""
    with tempfile.TemporaryDirectory() as folder:
        services = open_services(Settings(data=Path(folder)))
        try:
            found = create_app(services).openapi()
            found["paths"] = dict(sorted(found["paths"].items()))
            return found
        finally:
            services.close()


if __name__ == "__main__":
    wanted = {"--reference": reference, "--roles": roles}
    sys.stdout.write(wanted.get(sys.argv[-1], document)())
