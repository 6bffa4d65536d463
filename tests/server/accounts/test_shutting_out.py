"""A person whose account is closed: sessions, tokens, jobs, leases and open streams end at once."""

import time
from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import Any
from uuid import UUID

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from modelyard.server.accounts import roles
from modelyard.server.kit import jobs
from modelyard.server.kit.jobs import HANDLERS, JobContext
from modelyard.server.services import AppServices
from modelyard.server.tables import AuditEntry, Job, ProjectMember, QueueItem
from modelyard.server.worker import build_worker
from tests.factories.images import add_images
from tests.server.processes import wait_for

SECONDS = 5.0  # Within which everything must have ended; one or two are usual.


@pytest.fixture
def home(project: dict[str, Any]) -> str:
    return f"/api/v1/projects/{project['id']}"


@pytest.fixture
def ben(owner: TestClient, home: str, sign_in: Callable[..., TestClient]) -> TestClient:
    """Return the client of a manager of the project."""
    client = sign_in("Ben")
    owner.post(f"{home}/members", json={"email": "ben@bakery.example", "role": "manager"})
    return client


@pytest.fixture
def shut_out(owner: TestClient, ben: TestClient) -> Callable[..., Any]:
    """Return a function that closes Ben's account."""
    user_id = ben.get("/api/v1/session").json()["user"]["id"]
    return lambda **more: owner.patch(f"/api/v1/users/{user_id}", json={"disabled": True} | more)


@pytest.fixture
def address(app: FastAPI, services: AppServices) -> Iterator[str]:
    """Return the address of the application on a real socket."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="none"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    wait_for(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    app.state.is_stopping = server.should_exit = True
    thread.join(timeout=10)


def begun_by(services: AppServices, client: TestClient, home: str, kind: str) -> UUID:
    """Return a job that this person asked for."""
    user_id = UUID(client.get("/api/v1/session").json()["user"]["id"])
    with services.db.write() as session:
        return jobs.enqueue(session, kind, project_id=UUID(home.rpartition("/")[2]), created_by=user_id).id


def state_of(services: AppServices, job_id: UUID) -> str:
    with services.db.read() as session:
        return session.get_one(Job, job_id).state


def test_sessions_and_tokens_end_and_stay_ended(
    owner: TestClient, ben: TestClient, anonymous: TestClient, shut_out: Callable[..., Any]
) -> None:
    secret = ben.post("/api/v1/tokens", json={"name": "till", "scopes": ["read"]}).json()["token"]
    bearer = {"Authorization": f"Bearer {secret}"}
    assert anonymous.get("/api/v1/projects", headers=bearer).status_code == 200
    user_id = shut_out().json()["id"]
    assert ben.get("/api/v1/projects").status_code == 401
    assert anonymous.get("/api/v1/projects", headers=bearer).status_code == 401
    assert owner.patch(f"/api/v1/users/{user_id}", json={"disabled": False}).json()["disabled_at"] is None
    assert ben.get("/api/v1/projects").status_code == 401
    assert anonymous.get("/api/v1/projects", headers=bearer).status_code == 401


def test_jobs_that_wait_are_cancelled_and_those_of_the_project_go_on(
    owner: TestClient, ben: TestClient, home: str, services: AppServices, shut_out: Callable[..., Any]
) -> None:
    personal = begun_by(services, ben, home, "datasets.export")
    housekeeping = begun_by(services, ben, home, "deployments.forget")
    others = begun_by(services, owner, home, "datasets.export")
    assert shut_out().status_code == 200
    assert [state_of(services, id_) for id_ in (personal, housekeeping, others)] == ["cancelled", "queued", "queued"]


def test_a_job_that_runs_stops(
    ben: TestClient,
    home: str,
    services: AppServices,
    shut_out: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    began = Event()

    def run(ctx: JobContext) -> None:
        began.set()
        for step in range(1000):
            ctx.progress(step, 1000)
            time.sleep(0.02)

    worker = build_worker(services, name="w")
    monkeypatch.setitem(roles.JOBS, "test.long", roles.Work("export"))  # type: ignore[arg-type]
    jobs.job("test.long")(run)
    job_id = begun_by(services, ben, home, "test.long")
    worker.start()
    try:
        assert began.wait(SECONDS)
        began_at = time.monotonic()
        assert shut_out().status_code == 200
        wait_for(lambda: state_of(services, job_id) == "cancelled")
        assert time.monotonic() - began_at < SECONDS
    finally:
        worker.stop()
        del HANDLERS._entries["test.long"]


def test_what_was_lent_is_free_for_others(
    owner: TestClient, ben: TestClient, home: str, services: AppServices, shut_out: Callable[..., Any]
) -> None:
    with services.db.write() as session:
        add_images(session, UUID(home.rpartition("/")[2]), 1)
    assert len(ben.get(f"{home}/queue/next").json()["items"]) == 1
    assert owner.get(f"{home}/queue/next").json()["items"] == []
    assert shut_out().status_code == 200
    assert len(owner.get(f"{home}/queue/next").json()["items"]) == 1


@pytest.mark.parametrize("fate", ["viewer", "removed"])
def test_who_may_label_no_more_gives_back_what_was_lent(
    owner: TestClient, ben: TestClient, home: str, services: AppServices, fate: str
) -> None:
    with services.db.write() as session:
        add_images(session, UUID(home.rpartition("/")[2]), 1)
    assert len(ben.get(f"{home}/queue/next").json()["items"]) == 1
    member = f"{home}/members/{ben.get('/api/v1/session').json()['user']['id']}"
    changed = owner.delete(member) if fate == "removed" else owner.patch(member, json={"role": fate})
    assert changed.status_code < 300
    with services.db.read() as session:
        assert session.query(QueueItem.lease_token).one()[0] is None


@pytest.mark.parametrize("fate", ["disabled", "removed", "signed out"])
@pytest.mark.parametrize("watched", ["project", "job"])
def test_open_streams_end(
    owner: TestClient, ben: TestClient, home: str, services: AppServices, address: str, fate: str, watched: str
) -> None:
    job_id = begun_by(services, ben, home, "deployments.forget")
    path = f"{home}/events" if watched == "project" else f"/api/v1/jobs/{job_id}/events"
    user_id = ben.get("/api/v1/session").json()["user"]["id"]
    cookie = {"Cookie": f"modelyard_session={ben.cookies['modelyard_session']}"}
    with httpx.stream("GET", address + path, headers=cookie, timeout=SECONDS) as answer:
        assert answer.status_code == 200
        lines = answer.iter_lines()
        assert "retry" in next(lines)
        if fate == "disabled":
            assert owner.patch(f"/api/v1/users/{user_id}", json={"disabled": True}).status_code == 200
        elif fate == "removed":
            assert owner.delete(f"{home}/members/{user_id}").status_code == 204
        else:
            assert ben.delete("/api/v1/session").status_code == 200
        began_at = time.monotonic()
        for _ in lines:
            assert time.monotonic() - began_at < SECONDS
    assert time.monotonic() - began_at < SECONDS


class TestWhoOwnsAProjectAlone:
    @pytest.fixture
    def alone(self, ben: TestClient, services: AppServices) -> str:
        return str(ben.post("/api/v1/projects", json={"name": "Bens"}).json()["id"])

    def test_is_not_shut_out_before_somebody_else_owns_it(
        self, ben: TestClient, shut_out: Callable[..., Any], alone: str
    ) -> None:
        answer = shut_out()
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/projects-left-alone")
        assert answer.json()["projects"] == [{"id": alone, "name": "Bens"}]
        assert ben.get("/api/v1/projects").status_code == 200

    def test_passes_it_on_to_whom_the_administrator_names(
        self, ben: TestClient, shut_out: Callable[..., Any], alone: str, stranger: TestClient, services: AppServices
    ) -> None:
        ids = {client: client.get("/api/v1/session").json()["user"]["id"] for client in (ben, stranger)}
        assert shut_out(successor_id=ids[ben]).json()["type"] == "/problems/successor-invalid"
        assert shut_out(successor_id=ids[stranger]).status_code == 200
        assert stranger.get(f"/api/v1/projects/{alone}").json()["role"] == "owner"
        with services.db.read() as session:
            given = session.query(AuditEntry).filter_by(action="member.added", project_id=UUID(alone)).all()
            members = session.query(ProjectMember).filter_by(project_id=UUID(alone)).count()
        assert sorted(entry.details["user"] for entry in given) == ["ben@bakery.example", "sam@bakery.example"]
        assert members == 2

    def test_put_away_projects_keep_nobody(self, ben: TestClient, shut_out: Callable[..., Any], alone: str) -> None:
        ben.delete(f"/api/v1/projects/{alone}")
        assert shut_out().status_code == 200


class TestAdministrators:
    def test_make_others_administrators_and_never_leave_none(self, owner: TestClient, stranger: TestClient) -> None:
        ids = [client.get("/api/v1/session").json()["user"]["id"] for client in (owner, stranger)]
        for change in ({"is_admin": False}, {"disabled": True}):
            answer = owner.patch(f"/api/v1/users/{ids[0]}", json=change)
            assert answer.json()["type"] == "/problems/last-admin"
        assert owner.patch(f"/api/v1/users/{ids[1]}", json={"is_admin": True}).json()["is_admin"] is True
        assert stranger.patch(f"/api/v1/users/{ids[0]}", json={"is_admin": False}).json()["is_admin"] is False
        assert owner.get("/api/v1/users").status_code == 403
        assert stranger.patch(f"/api/v1/users/{ids[1]}", json={"is_admin": False}).status_code == 409
