"""HTTP to a server: JSON in and out, problems as the product's own errors, jobs awaited."""

import time
from collections.abc import Callable
from typing import Any

import httpx

from modelyard import errors

_BY_STATUS: dict[int, type[errors.ProductError]] = {
    401: errors.Unauthenticated,
    403: errors.Forbidden,
    404: errors.NotFound,
    409: errors.Conflict,
    412: errors.PreconditionFailed,
    422: errors.Invalid,
    429: errors.TooMany,
    503: errors.Unavailable,
}
ENDED = ("succeeded", "failed", "cancelled")
OnProgress = Callable[[dict[str, Any]], None]


class JobFailed(errors.Conflict):
    """A job ended without a result."""


class ServerUnreachable(errors.Unavailable):
    """The server does not answer. Is it running, and is the address right?"""


class Connection:
    """One way to one server."""

    def __init__(self, http: httpx.Client, *, on_close: Callable[[], None] | None = None) -> None:
        self._http = http
        self._on_close = on_close

    def request(self, method: str, path: str, **options: Any) -> Any:
        """Send a request to `/api/v1` + path and return the JSON of its answer (None for an empty one).

        Raises:
            ProductError: What the server said, as the category of its status.
        """
        response = self.send(method, path, **options)
        return response.json() if response.content else None

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send a request and return the whole answer; raises as `request` does."""
        try:
            response = self._http.request(method, f"/api/v1{path}", **options)
        except httpx.TransportError as error:
            raise ServerUnreachable(f"{self._http.base_url} does not answer: {error}.") from error
        if response.is_error:
            raise _problem(response)
        return response

    def download(self, path: str, target: Any) -> int:
        """Stream an answer's bytes into an open file; return how many."""
        count = 0
        with self._http.stream("GET", f"/api/v1{path}") as response:
            if response.is_error:
                response.read()
                raise _problem(response)
            for part in response.iter_bytes():
                target.write(part)
                count += len(part)
        return count

    def wait(self, job_id: str, on_progress: OnProgress | None = None) -> dict[str, Any]:
        """Wait until a job ends and return it; raises `JobFailed` unless it succeeded."""
        pause_s = 0.05
        while True:
            job: dict[str, Any] = self.request("GET", f"/jobs/{job_id}")
            if on_progress:
                on_progress(job)
            if job["state"] in ENDED:
                break
            time.sleep(pause_s)
            pause_s = min(0.5, pause_s * 1.3)
        if job["state"] != "succeeded":
            detail = (job["problem"] or {}).get("detail") or f"{job['title']!r} was cancelled."
            raise JobFailed(detail, job=job)
        return job

    def pages(self, path: str, **params: Any) -> Any:
        """Yield the items of every page of a list."""
        cursor = None
        while True:
            page = self.request("GET", path, params={**params, **({"cursor": cursor} if cursor else {})})
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()
        if self._on_close:
            self._on_close()


def _problem(response: httpx.Response) -> errors.ProductError:
    try:
        body = response.json()
    except ValueError:
        body = {}
    category = _BY_STATUS.get(response.status_code, errors.ProductError)
    detail = body.get("detail") or f"The server answered with status {response.status_code}."
    return category(detail, **{key: value for key, value in body.items() if key != "detail"})
