"""One server to a data directory: a lock that the operating system lets go of when its holder dies."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from modelyard.errors import Conflict


class DataInUse(Conflict):
    """Another Modelyard uses this data directory."""


@contextmanager
def hold(data: Path, *, url: str) -> Iterator[None]:
    """Hold the data directory; raises `DataInUse` and says who has it."""
    data.mkdir(parents=True, exist_ok=True)
    path = data / "server.lock"
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DataInUse(_told(path, data)) from error
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "url": url}))
        file.flush()
        yield


def _told(path: Path, data: Path) -> str:
    try:
        holder = json.loads(path.read_text())
    except ValueError:
        holder = {}
    url = holder.get("url")
    way = f"Reach it with --url {url} and a token" if url else "Wait until it has ended"
    return f"Another Modelyard (process {holder.get('pid', 'unknown')}) uses the data directory {data}. {way}."
