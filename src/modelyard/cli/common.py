"""What every command shares: where the data is, how results are printed, progress, and exit codes.

Exit codes: 0 done; 1 a bug on our side; 2 the command line is wrong; 3 not found; 4 the request or the present state
does not allow it; 5 not signed in or not allowed; 6 the server is not reachable or busy; 7 a job failed or was
cancelled; 8 an import in which every file was refused.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import typer

from modelyard import errors

EXIT_CODES: dict[type[errors.ProductError], int] = {
    errors.NotFound: 3,
    errors.Invalid: 4,
    errors.Conflict: 4,
    errors.PreconditionFailed: 4,
    errors.Unauthenticated: 5,
    errors.Forbidden: 5,
    errors.Unavailable: 6,
    errors.TooMany: 6,
}
DATA_DEFAULT = "modelyard-data"


@dataclass
class Options:
    """The options that every command takes."""

    data: str = ""
    url: str = ""
    token: str = ""
    as_json: bool = False

    @property
    def folder(self) -> str:
        """The data directory."""
        return self.data or os.environ.get("MODELYARD_DATA", "") or DATA_DEFAULT


OPTIONS = Options()


@contextmanager
def connected() -> Iterator[Any]:
    """Open the server or data directory that the options name."""
    from modelyard.client import connect

    url = OPTIONS.url or ("" if OPTIONS.data else os.environ.get("MODELYARD_URL", ""))
    with connect(url or OPTIONS.folder, token=OPTIONS.token or None) as client:
        yield client


def show(value: Any, lines: Callable[[], None] | None = None) -> None:
    """Print a result: JSON with `--json`, otherwise what `lines` prints (or the JSON)."""
    if OPTIONS.as_json or lines is None:
        sys.stdout.write(
            json.dumps(value, ensure_ascii=False, indent=None if OPTIONS.as_json else 2, default=str) + "\n"
        )
    else:
        lines()


def say(text: str) -> None:
    """Print a sentence for the person, on standard error with `--json`."""
    typer.echo(text, err=OPTIONS.as_json)


@contextmanager
def progress() -> Iterator[Callable[[dict[str, Any]], None]]:
    """Show a job's stage, count, rate and remaining time on standard error, while the block runs."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task("Waiting", total=None)

        def update(job: dict[str, Any]) -> None:
            text = job["stage"] or job["title"]
            bars.update(bar, description=text, completed=job["done"], total=job["total"])

        yield update


def exit_code(error: errors.ProductError) -> int:
    """Return the exit code that tells about `error`."""
    from modelyard.client.connection import JobFailed

    if isinstance(error, JobFailed):
        return 7
    return next((code for kind, code in EXIT_CODES.items() if isinstance(error, kind)), 1)


def seconds(text: str) -> float:
    """Return the seconds of "90", "90s", "10m" or "2h"; raises `typer.BadParameter`.

    Example:
        >>> seconds("10m")
        600.0
    """
    factor = {"s": 1, "m": 60, "h": 3600}.get(text[-1:].lower())
    try:
        return float(text[:-1]) * factor if factor else float(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no length of time; write 90s, 10m or 2h.") from error
