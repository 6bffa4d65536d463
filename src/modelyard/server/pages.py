"""The browser application's files, and the pages that explain errors."""

import html
import mimetypes
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response

from modelyard.errors import ProductError
from modelyard.server.dependencies import PUBLIC
from modelyard.server.kit.problems import NoSuchAddress

_MISSING = """<!doctype html><title>Modelyard</title><h1>The pages are not built</h1>
<p>The server runs, but the browser application is missing. Run <code>make setup</code> and start again.</p>"""


def add_pages(app: FastAPI, static: Path) -> None:
    """Serve `/problems/…`, the built assets, and the application's page for every other address."""

    @app.get("/problems/{code}", include_in_schema=False, openapi_extra=PUBLIC)
    def problem_page(code: str) -> HTMLResponse:
        """Explain an error."""
        found = {error.code(): error for error in _all_errors(ProductError)}.get(code)
        if found is None:
            raise NoSuchAddress
        text = html.escape((found.__doc__ or "").strip())
        return HTMLResponse(
            f"<!doctype html><html lang=en><title>{html.escape(code)}</title><h1>{html.escape(code)}</h1>"
            f"<p>HTTP status {found.status}.</p><p>{text}</p></html>"
        )

    @app.get("/{path:path}", include_in_schema=False, openapi_extra=PUBLIC)
    def page(path: str) -> Response:
        """Serve an asset, or the page of the application."""
        if path.startswith("api/"):
            raise NoSuchAddress
        root = static.resolve()
        asset = (root / path).resolve() if "\0" not in path else root
        if path and asset.is_relative_to(root) and asset.is_file():
            kind = mimetypes.guess_type(asset.name)[0] or "application/octet-stream"
            headers = {"Cache-Control": "public, max-age=31536000, immutable"} if "assets" in asset.parts else {}
            return FileResponse(asset, media_type=kind, headers=headers)
        index = root / "index.html"
        return FileResponse(index) if index.is_file() else HTMLResponse(_MISSING, status_code=503)


def _all_errors(error: type[ProductError]) -> list[type[ProductError]]:
    found = [error]
    for child in error.__subclasses__():
        found += _all_errors(child)
    return found
