"""`connect` and the client: projects, jobs, tokens and people."""

import os
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from modelyard.client.connection import Connection, OnProgress
from modelyard.client.history import History
from modelyard.client.project import Project, ProjectNotFound

_TIMEOUT = httpx.Timeout(60.0, connect=10.0)


def connect(url_or_folder: str | Path, token: str | None = None) -> "Client":
    """Open a server or a data directory.

    Args:
        url_or_folder: "https://…" for a server, anything else is a data directory on this machine.
        token: An API token for a server; `MODELYARD_TOKEN` if not given.

    Raises:
        DataInUse: A server holds the data directory; connect to its address instead.

    Example:
        >>> with connect("my-data") as client:  # doctest: +SKIP
        ...     project = client.projects.create("Pastries", classes=["croissant", "bagel"])
        ...     project.import_(["pictures/"])
        ...     project.train()
    """
    where = str(url_or_folder)
    if where.startswith(("http://", "https://")):
        secret = token or os.environ.get("MODELYARD_TOKEN", "")
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        http = httpx.Client(base_url=where.rstrip("/"), headers=headers, timeout=_TIMEOUT)
        return Client(Connection(http), is_local=False)
    from modelyard.client.local import connect_local

    return Client(connect_local(Path(where)), is_local=True)


class Client:
    """Everything a server offers; use it as a context manager, or call `close`."""

    def __init__(self, connection: Connection, *, is_local: bool) -> None:
        self.connection = connection
        self.is_local = is_local
        self.projects = Projects(self)
        self.jobs = Jobs(connection)
        self.history = History(connection, "/installation")  # of accounts and settings; for administrators

    def request(self, method: str, path: str, **options: Any) -> Any:
        """Call any address below `/api/v1`; raises `ProductError`."""
        return self.connection.request(method, path, **options)

    def wait(self, job_id: str, on_progress: OnProgress | None = None) -> dict[str, Any]:
        """Wait for a job and return it; raises `JobFailed`."""
        return self.connection.wait(job_id, on_progress)

    def users(self) -> list[dict[str, Any]]:
        """List every account; for administrators."""
        found: list[dict[str, Any]] = self.request("GET", "/users")
        return found

    def add_user(self, email: str, name: str, password: str, *, is_admin: bool = False) -> dict[str, Any]:
        """Make an account; for administrators."""
        body = {"email": email, "name": name, "password": password, "is_admin": is_admin}
        user: dict[str, Any] = self.request("POST", "/users", json=body)
        return user

    def set_user_disabled(self, user_id: str, disabled: bool, *, successor_id: str | None = None) -> dict[str, Any]:
        """Close or open an account; for administrators.

        Args:
            user_id: Whose.
            disabled: Whether to close it.
            successor_id: Who becomes an owner of the projects that this person owns alone.

        Raises:
            Conflict: It is the last administrator, or projects would be without an owner.
        """
        body = {"disabled": disabled, "successor_id": successor_id}
        user: dict[str, Any] = self.request("PATCH", f"/users/{user_id}", json=body)
        return user

    def set_admin(self, user_id: str, is_admin: bool) -> dict[str, Any]:
        """Make somebody an administrator, or no longer one; for administrators."""
        user: dict[str, Any] = self.request("PATCH", f"/users/{user_id}", json={"is_admin": is_admin})
        return user

    def reset_second_factor(self, user_id: str) -> None:
        """Take the second factor off the account of somebody who lost it, and sign them out."""
        self.request("DELETE", f"/users/{user_id}/second-factor")

    def create_token(self, name: str, scopes: list[str], expires_in_days: int | None = 90) -> str:
        """Make an API token and return its secret; it is not shown again."""
        body = {"name": name, "scopes": scopes, "expires_in_days": expires_in_days}
        secret: str = self.request("POST", "/tokens", json=body)["token"]
        return secret

    def close(self) -> None:
        """Let go of the server or the data directory."""
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Projects:
    """The projects that one may see."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def create(
        self, name: str, *, task: str = "classification", classes: list[str] | None = None, description: str = ""
    ) -> Project:
        """Make a project; raises `Conflict` if the name is taken.

        Args:
            name: No other project has it.
            task: "classification", "detection", "segmentation", "semantic" or "keypoints".
            classes: Their names in order.
            description: What is to be told apart, for whoever labels.
        """
        body = {"name": name, "task": task, "classes": classes or [], "description": description}
        return self._wrap(self._client.request("POST", "/projects", json=body))

    def list(self) -> list[Project]:
        """Return every project, newest first."""
        return [self._wrap(record) for record in self._client.request("GET", "/projects")]

    def get(self, name_or_id: str) -> Project:
        """Return a project by name or id; raises `ProjectNotFound` with the names there are."""
        projects = self.list()
        for project in projects:
            if name_or_id in (project.id, project.name):
                return project
        known = ", ".join(repr(project.name) for project in projects[:10]) or "none yet"
        raise ProjectNotFound(f"There is no project {name_or_id!r}. Known: {known}.")

    def _wrap(self, record: dict[str, Any]) -> Project:
        return Project(self._client.connection, record, is_local=self._client.is_local)


class Jobs:
    """Background work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, *, project_id: str | None = None, limit: int = 50) -> list[dict[str, Any]]:
        """Return the latest jobs."""
        params = {"limit": limit, **({"project_id": project_id} if project_id else {})}
        items: list[dict[str, Any]] = self._connection.request("GET", "/jobs", params=params)["items"]
        return items

    def get(self, job_id: str) -> dict[str, Any]:
        """Return one job."""
        job: dict[str, Any] = self._connection.request("GET", f"/jobs/{job_id}")
        return job

    def cancel(self, job_id: str) -> dict[str, Any]:
        """Stop a job at its next step."""
        job: dict[str, Any] = self._connection.request("POST", f"/jobs/{job_id}/cancel")
        return job

    def retry(self, job_id: str) -> dict[str, Any]:
        """Run an ended job again."""
        job: dict[str, Any] = self._connection.request("POST", f"/jobs/{job_id}/retry")
        return job
