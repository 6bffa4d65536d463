"""Every operation that changes something leaves an event in the history, or says in code why it leaves none."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import func, select

import modelyard.server
from modelyard.server.history.texts import SENTENCES
from modelyard.server.history.unrecorded import UNRECORDED
from modelyard.server.kit import jobs
from modelyard.server.services import AppServices
from modelyard.server.tables import AnnotationRevision, AuditEntry
from tests.factories.pictures import picture
from tests.server.deployments.conftest import add_model, archives

__all__ = ["add_model", "archives"]

# What takes a real network, a provider or another browser to do: the action that it writes, tried where it is tested.
ELSEWHERE = {
    "adjudication.decide": "batch.decided",
    "adjudication.undo": "batch.undecided",
    "backbones.choose": "project.changed",
    "detectors.create": "detector.created",
    "detectors.delete": "detector.deleted",
    "detectors.restore": "detector.restored",
    "detectors.update": "detector.changed",
    "evaluations.create": "evaluation.made",
    "evaluations.send_to_queue": "queue.added",
    "comments.delete": "comment.deleted",
    "deployments.send_doubtful": "queue.added",
    "gold.mark": "gold.marked",
    "gold.remove": "gold.removed",
    "gold.resume": "gold.resumed",
    "guidelines.restore": "guidelines.changed",
    "guidelines.save": "guidelines.changed",
    "imports.apply": "import.labels_applied",
    "imports.create_local": "import.started",
    "imports.discard": "import.labels_left_out",
    "imports.take_back": "import.labels_taken_back",
    "issues.create": "issue.opened",
    "issues.delete": "issue.deleted",
    "issues.update": "issue.resolved",
    "me.confirm_second_factor": "second_factor.set_up",
    "me.disconnect": "identity.disconnected",
    "me.remove_second_factor": "second_factor.removed",
    "me.renew_recovery_codes": "second_factor.recovery_codes_renewed",
    "reviews.decide": "review.accepted",
    "reviews.undo": "review.accepted-undone",
    "session.confirm_second_factor": "second_factor.set_up",
    "setup.create": "account.created",
    "smart.choose_networks": "smart.networks_chosen",
    "smart.forget_networks": "smart.networks_forgotten",
    "users.reset_second_factor": "second_factor.reset",
}


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Return the address of a fresh database: what is recorded does not depend on the engine."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "modelyard.db").write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{tmp_path / 'data' / 'modelyard.db'}"


class Walk:
    """Asks for operations one by one, and sees whether each left an event."""

    def __init__(self, app: FastAPI, client: TestClient, services: AppServices) -> None:
        self.client, self.services = client, services
        described = app.openapi()["paths"].items()
        self.operations = {
            said["operationId"]: (method.upper(), path)
            for path, methods in described
            for method, said in methods.items()
        }
        self.done: set[str] = set()
        self.silent: list[str] = []

    def __call__(self, operation: str, body: Any = None, /, *, by: TestClient | None = None, **ids: Any) -> Any:
        """Ask for an operation; `ids` fill its address, and what is left of them is its query."""
        method, path = self.operations[operation]
        query = {key: value for key, value in ids.items() if f"{{{key}}}" not in path and key != "match"}
        sent = {"content": body} if isinstance(body, bytes) else {} if body is None else {"json": body}
        headers = {"If-Match": str(ids["match"])} if "match" in ids else {}
        before = self._events()
        answer = (by or self.client).request(method, path.format(**ids), params=query, headers=headers, **sent)
        assert answer.is_success, f"{operation}: {answer.text}"
        self.done.add(operation)
        if self._events() == before:
            self.silent.append(operation)
        return answer.json() if answer.content else None

    def _events(self) -> int:
        with self.services.db.read() as session:
            tables = (AuditEntry, AnnotationRevision)
            return sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def test_every_change_leaves_an_event_or_says_why_not(
    app: FastAPI,
    owner: TestClient,
    services: AppServices,
    sign_in: Callable[..., TestClient],
    add_model: Callable[..., str],
    project: dict[str, Any],
) -> None:
    walk = Walk(app, owner, services)
    home = {"project_id": project["id"]}
    _settings(walk, home)
    _classes(walk, home)
    _people(walk, home, sign_in)
    _annotations(walk, home)
    _models(walk, home, add_model)
    _own_account(walk, owner)
    assert walk.silent == []
    changing = {name for name, (method, _) in walk.operations.items() if method != "GET"}
    rule = "Record it (accounts.repository.record) and add it here, or say why not in server/history/unrecorded.py."
    assert walk.done | set(ELSEWHERE) | set(UNRECORDED) == changing, rule
    assert not (walk.done | set(ELSEWHERE)) & set(UNRECORDED)
    source = "".join(file.read_text() for file in Path(modelyard.server.__file__).parent.rglob("*.py"))
    assert [action for action in ELSEWHERE.values() if action not in SENTENCES] == []
    written = [(f'"{action}"', f'f"{action.partition(".")[0]}.' + "{") for action in ELSEWHERE.values()]
    assert [texts for texts in written if not any(text in source for text in texts)] == []


def _settings(walk: Walk, home: dict[str, str]) -> None:
    made = walk("projects.create", {"name": "Other", "task": "detection", "classes": []})
    walk("projects.update", {"settings": {"wish_accuracy": 0.5}}, project_id=made["id"])
    walk("projects.delete", project_id=made["id"])
    walk("projects.restore", project_id=made["id"])
    hook = walk("webhooks.create", {"url": "https://a.example", "event_types": ["member.changed"]}, **home)["id"]
    walk("webhooks.update", {"description": "x"}, webhook_id=hook)
    walk("webhooks.rotate_secret", webhook_id=hook)
    walk("webhooks.delete", webhook_id=hook)


def _classes(walk: Walk, home: dict[str, str]) -> None:
    rows = {row["name"]: row["id"] for row in walk("classes.create", {"name": "roll"}, **home)}
    walk("classes.update", {"name": "bun"}, class_id=rows["roll"], **home)
    walk("classes.set_skeleton", {"skeleton": {"points": ["a", "b"], "edges": []}}, class_id=rows["roll"], **home)
    rules = [{"to": "sesame", "picture": "x"}]
    walk("classes.split", {"rules": rules}, class_id=rows["bagel"], **home)
    walk("classes.merge", {"into": rows["bagel"]}, class_id=rows["roll"], **home)
    change = walk.client.get(f"/api/v1/projects/{home['project_id']}/class-changes").json()[0]["id"]
    walk("class_changes.undo", change_id=change, **home)
    walk("classes.delete", class_id=rows["roll"], **home)
    [attribute] = walk("attributes.create", {"subject": "image", "name": "tray", "kind": "text"}, **home)
    walk("attributes.update", {"name": "rack"}, attribute_id=attribute["id"], **home)
    walk("attributes.delete", attribute_id=attribute["id"], **home)


def _people(walk: Walk, home: dict[str, str], sign_in: Callable[..., TestClient]) -> None:
    user = walk("users.create", {"name": "Ida", "email": "ida@a.example", "password": "correct horse battery"})["id"]
    walk("users.update", {"disabled": True}, user_id=user)
    walk("users.update", {"disabled": False}, user_id=user)
    walk("members.add", {"email": "ida@a.example", "role": "viewer"}, **home)
    walk("members.update", {"role": "reviewer"}, user_id=user, **home)
    walk("members.remove", user_id=user, **home)
    ben = sign_in("Ben")
    link = walk("invitations.create", {"role": "owner"}, **home)["url"].partition("token=")[2]
    walk("invitations.join", token=link, by=ben)
    walk("members.leave", by=ben, **home)
    token = walk("invitations.create", {"role": "owner"}, **home)["url"].partition("token=")[2]
    new = {"name": "Cleo", "email": "cleo@a.example", "password": "correct horse battery"}
    with TestClient(walk.client.app, headers={"Origin": "http://testserver"}) as cleo:
        made = walk("invitations.accept", new, token=token, by=cleo)
    walk("members.transfer", {"user_id": made["id"]}, **home)
    walk("installation.take_over", {"reason": "They have left"}, **home)
    walk("invitations.delete", invitation_id=walk("invitations.create", **home)["id"], **home)


def _annotations(walk: Walk, home: dict[str, str]) -> None:
    classes = {
        row["name"]: row["id"] for row in walk.client.get(f"/api/v1/projects/{home['project_id']}/classes").json()
    }
    sent = [walk("images.create", picture(seed), name=f"{seed}.jpg", **home)["image"]["id"] for seed in range(4)]
    walk("annotations.put", {"answer": "class", "class_id": classes["bagel"]}, image_id=sent[0])
    walk("annotations.put", {"answer": "not_sure"}, image_id=sent[0], match=1)
    walk("annotations.restore_state", {"revision": 1}, image_id=sent[0], match=2)
    changed = walk("annotations.bulk", {"image_ids": sent[1:3], "answer": "not_sure"}, **home)["changed"]
    back = [{"image_id": row["image_id"], "revision": row["revision"], **row["previous"]} for row in changed]
    walk("annotations.restore", {"items": back}, **home)
    walk("queue.add", {"image_ids": sent[3:]}, **home)
    walk("images.delete", {"ids": sent[3:]}, **home)
    walk("images.restore", {"ids": sent[3:]}, **home)
    asked = {"name": "Monday", "pictures": {"kind": "next", "count": 2, "order": "random"}}
    batch = walk("batches.create", asked, **home)["batch"]["id"]
    walk("batches.update", {"overlap": 2}, batch_id=batch)
    walk("batches.delete", batch_id=batch)
    drawn = walk("projects.create", {"name": "Trays", "task": "multi_label", "classes": ["bun"]})["id"]
    [bun] = walk.client.get(f"/api/v1/projects/{drawn}/classes").json()
    image = walk("images.create", picture(9), name="9.jpg", project_id=drawn)["image"]["id"]
    whole = {"id": str(uuid4()), "class_id": bun["id"], "shape": {"type": "whole"}}
    walk("objects.change", {"put": [whole]}, image_id=image, match=0)
    taken = {"image_ids": [image], "class_id": bun["id"], "change": "remove"}
    walk("annotations.change_class", taken, project_id=drawn)
    items = [{"image_id": image, "revision": 2, "to": 1}]
    walk("annotations.restore_classes", {"items": items}, project_id=drawn)
    begun = walk.client.post(
        f"/api/v1/projects/{home['project_id']}/imports",
        json={"source": "a folder", "files": [{"name": "two.jpg", "size_bytes": 9}]},
    ).json()
    walk("imports.finish", import_id=begun["id"])


def _models(walk: Walk, home: dict[str, str], add_model: Callable[..., str]) -> None:
    _label_enough(walk, home["project_id"])
    walk("versions.create", {}, **home)
    run = walk("runs.create", {"version_id": "latest"}, **home)
    walk("runs.cancel", run_id=run["id"])
    walk("exports.create", {"format": "csv"}, **home)
    model = add_model(7)
    walk("deployments.create", {"name": "till", "model_id": model, "accept_below_wish": True}, **home)
    walk("deployments.update", {"keep_predictions": True}, name="till")
    walk("deployments.delete", name="till")
    with walk.services.db.write() as session:
        job = jobs.enqueue(session, "datasets.export", project_id=UUID(home["project_id"]))
        session.flush()
        job_id = str(job.id)
    walk("jobs.cancel", job_id=job_id)
    walk("jobs.retry", job_id=job_id)


def _label_enough(walk: Walk, project_id: str) -> None:
    classes = walk.client.get(f"/api/v1/projects/{project_id}/classes").json()
    address = f"/api/v1/projects/{project_id}"
    for seed in range(20, 32):
        sent = walk.client.post(f"{address}/images", params={"name": f"{seed}.jpg"}, content=picture(seed)).json()
        said = {"image_ids": [sent["image"]["id"]], "answer": "class", "class_id": classes[seed % 2]["id"]}
        assert walk.client.post(f"{address}/annotations/bulk", json=said).is_success


def _own_account(walk: Walk, owner: TestClient) -> None:
    token = walk("tokens.create", {"name": "till", "scopes": ["read"]})["id"]
    walk("tokens.delete", token_id=token)
    walk("me.update", {"name": "Ana B."})
    ana = {"email": "ana@bakery.example", "password": "correct horse battery"}
    with TestClient(owner.app, headers={"Origin": "http://testserver"}) as other:
        walk("session.create", ana, by=other)
        mine = [row for row in other.get("/api/v1/me/sessions").json() if row["is_current"]]
        walk("me.end_session", session_id=mine[0]["id"])
        walk("session.create", ana, by=other)
        walk("me.end_other_sessions")
    walk("session.delete")
