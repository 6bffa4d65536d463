"""What a role may do: every operation of the API, by every role, in one's own project and in a foreign one."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from sqlalchemy import select

from modelyard.server.accounts import membership, sessions
from modelyard.server.accounts.roles import JOBS, NEEDS, OPERATIONS, PERMISSIONS, ROLES, Role, permissions_of, who_may
from modelyard.server.kit import jobs
from modelyard.server.kit.jobs import HANDLERS
from modelyard.server.services import AppServices
from modelyard.server.tables import Annotation, Batch, Detector, KeptPrediction, Project, Review, User, now
from modelyard.server.worker import load_tasks
from tests.contracts.test_routes import QUERIES, example_body, filled
from tests.factories.pictures import picture
from tests.server.deployments.conftest import deploy
from tests.server.training.conftest import Bench, bench, learnable

pytestmark = pytest.mark.one_engine

__all__ = ["bench", "deploy", "learnable"]

CARD = {"classes": ["bun"], "input_width": 64, "input_height": 64, "layout": "yolox", "strides": [8]}
REFUSED = {f"/problems/{code}" for code in ("role-missing", "operation-unlisted", "admins-only", "scope-missing")}
LACKING = ("imports.change", "images.values")  # What the walk's project does not hold.
LAST = ("projects.delete", "projects.restore", "members.leave")  # What would leave nothing to walk on.
Operation = tuple[str, str, str]


@pytest.fixture
def operations(app: FastAPI) -> list[Operation]:
    """Return (name, method, path) of every operation that a project's roles decide about."""
    paths = app.openapi()["paths"]
    found = [(o["operationId"], method.upper(), path) for path in paths for method, o in paths[path].items()]
    return sorted((row for row in found if NEEDS[row[0]] in PERMISSIONS), key=lambda row: row[0] in LAST)


@pytest.fixture
def ids(
    services: AppServices,
    owner: TestClient,
    project: dict[str, Any],
    bench: Bench,
    learnable: Callable[..., list[UUID]],
    deploy: Callable[..., Any],
) -> dict[str, str]:
    """Return the ids of one of everything that a project can hold, by their names in addresses."""
    home = f"/api/v1/projects/{project['id']}"
    image = owner.post(f"{home}/images", params={"name": "one.jpg"}, content=picture()).json()["image"]
    learnable(30)
    run = bench.train()
    hook = owner.post(f"{home}/webhooks", json={"url": "https://a.example", "event_types": ["member.changed"]}).json()
    body = {"source": "a folder", "files": [{"name": "two.jpg", "size_bytes": 9}]}
    begun = owner.post(f"{home}/imports", json=body).json()
    attribute = {"subject": "image", "name": "tray", "kind": "text"}
    found = {
        "project_id": project["id"],
        "image_id": image["id"],
        "class_id": owner.get(f"{home}/classes").json()[0]["id"],
        "change_id": owner.get(f"{home}/class-changes").json()[0]["id"],
        "attribute_id": owner.post(f"{home}/attributes", json=attribute).json()[0]["id"],
        "import_id": begun["id"],
        "file_id": begun["files"][0]["id"],
        "run_id": run["id"],
        "model_id": run["model_id"],
        "other_id": run["model_id"],
        "version_id": bench.model(run)["version_id"],
        "evaluation_id": bench.evaluation(run)["id"],
        "name": deploy(run["model_id"], accept_below_wish=True)["name"],
        "invitation_id": owner.post(f"{home}/invitations").json()["id"],
        "webhook_id": hook["id"],
        "delivery_id": owner.post(f"/api/v1/webhooks/{hook['id']}/test").json()["id"],
        "user_id": owner.get("/api/v1/session").json()["user"]["id"],
    }
    issue = owner.post(f"/api/v1/images/{image['id']}/issues", json={"text": "Is this a bun?"}).json()
    found |= {"issue_id": issue["id"], "comment_id": issue["comments"][0]["id"]}
    written = owner.post(f"{home}/guidelines", json={"class_id": None, "text": "All of it.", "based_on": 0}).json()
    found["guideline_version_id"] = written["id"]
    with services.db.write() as session:
        at = {"project_id": UUID(project["id"])}
        kept = {"predictions": [], "undecided": False, "milliseconds": 1, "content_hash": "", "expires_at": now()}
        deployment_id = UUID(owner.get(f"/api/v1/deployments/{found['name']}").json()["id"])
        held = {
            "batch_id": Batch(**at, name="First"),
            "detector_id": Detector(**at, name="red", blob="0" * 64, size_bytes=1, card=CARD),
            "prediction_id": KeptPrediction(deployment_id=deployment_id, model_id=UUID(run["model_id"]), **kept),
            "job_id": jobs.enqueue(session, "datasets.export", **at),
        }
        session.add_all(held.values())
        session.flush()
        found |= {name: str(row.id) for name, row in held.items()}
        label = session.scalars(select(Annotation).where(Annotation.answer == "class")).first()
        assert label is not None
        looked_at = {"image_id": label.image_id, "revision": label.revision, "author_id": None}
        review = Review(**at, batch_id=UUID(found["batch_id"]), **looked_at)
        session.add(review)
        session.flush()
        found["review_id"] = str(review.id)
        services.blobs.put_at(f"predictions/{found['prediction_id']}", picture())
    return found


@pytest.fixture
def people(
    app: FastAPI, services: AppServices, project: dict[str, Any]
) -> Iterator[dict[tuple[str, Role], TestClient]]:
    """Return two clients for each role: of a member of the project, and of a member of another one."""
    with services.db.write() as session:
        other = Project(name="Elsewhere", task="classification", settings={})
        session.add(other)
        session.flush()
        where = {"own": UUID(project["id"]), "foreign": other.id}
        clients = {}
        for place, project_id in where.items():
            for role in ROLES:
                user = User(email=f"{role}@{place}.example", name=role.title(), preferences={})
                session.add(user)
                session.flush()
                membership.give(session, project_id, user.id, role, actor_id=None)
                cookies = {"modelyard_session": sessions.open_(session, user.id, sessions.Arrival(), days=1)}
                origin = {"Origin": "http://testserver"}
                clients[place, role] = TestClient(app, cookies=cookies, headers=origin)
    yield clients
    for client in clients.values():
        client.close()


@pytest.fixture
def ask(app: FastAPI, ids: dict[str, str]) -> Iterator[Callable[[TestClient, Operation], httpx.Response]]:
    """Return a function that asks for an operation on what the project holds; event streams end at their first look."""

    def request(client: TestClient, operation: Operation) -> httpx.Response:
        name, method, path = operation
        params = QUERIES.get((method, path), {})
        if name == "images.create":
            params |= {"name": "another.jpg"}
        if name == "versions.diff":
            params = {"against": ids["version_id"]}
        return client.request(method, filled(path, ids), params=params, **example_body(app, method, path))

    app.state.is_stopping = True
    return request


def needed(operation: str) -> str:
    """Return the permission that an operation takes here; steering a job takes what beginning it takes."""
    return JOBS["datasets.export"].permission if operation in ("jobs.cancel", "jobs.retry") else NEEDS[operation]


def test_every_operation_and_every_kind_of_job_stands_in_the_table_once(app: FastAPI) -> None:
    load_tasks()
    named = {route.operation_id for route in app.routes if isinstance(route, APIRoute)} - {None}
    assert named == set(NEEDS)
    assert sum(map(len, OPERATIONS.values())) == len(NEEDS)
    assert {kind for kind in HANDLERS.names() if not kind.startswith("test")} == set(JOBS)


def test_what_is_open_in_the_table_is_open_in_the_description(app: FastAPI) -> None:
    operations = [o for methods in app.openapi()["paths"].values() for o in methods.values()]
    opened = {o["operationId"] for o in operations if o.get("security") == []}
    assert opened == set(OPERATIONS["everybody"])


def test_every_higher_role_may_do_more() -> None:
    steps = [set(permissions_of(role)) for role in ROLES]
    assert all(lower < higher for lower, higher in pairwise(steps))
    assert steps[0] == {"view"} and steps[-1] == set(PERMISSIONS)
    assert who_may("nothing of the kind") == who_may("") == ()


def test_a_role_too_low_is_refused_and_told_which_it_takes(
    people: dict[tuple[str, Role], TestClient], operations: list[Operation], ask: Any
) -> None:
    wrong = []
    for role in ROLES:
        for operation in operations:
            if role not in who_may(needed(operation[0])):
                answer = ask(people["own", role], operation)
                if (answer.status_code, answer.json()["type"]) != (403, "/problems/role-missing"):
                    wrong.append((role, *operation, answer.text))
    assert [found for found in wrong if found[1] != "imports.create_local"] == []  # which is refused to everybody


def test_nobody_gets_anything_of_a_foreign_project(
    people: dict[tuple[str, Role], TestClient], operations: list[Operation], ask: Any
) -> None:
    wrong = []
    for role in ROLES:
        for operation in operations:
            answer = ask(people["foreign", role], operation)
            if operation[0] in ("projects.list", "jobs.list"):
                assert "Pastries" not in answer.text and "datasets.export" not in answer.text
            elif answer.status_code != 404 and operation[0] != "imports.create_local":
                wrong.append((role, *operation, answer.text))
    assert wrong == []


def test_a_role_that_is_high_enough_is_not_refused(
    people: dict[tuple[str, Role], TestClient], operations: list[Operation], ask: Any
) -> None:
    wrong = []
    for role in ROLES:
        for operation in operations:
            need = needed(operation[0])
            if role not in who_may(need) or (role == "manager" and operation[0] == "members.remove"):
                continue
            answer = ask(people["own", role], operation)
            is_refused = answer.status_code >= 500 or answer.status_code == 401
            if answer.status_code >= 400:
                is_refused |= answer.json()["type"] in REFUSED
                is_refused |= role == "viewer" and answer.status_code != 409 and operation[0] not in LACKING
            if is_refused:
                wrong.append((role, *operation, answer.text[:300]))
    assert wrong == []
