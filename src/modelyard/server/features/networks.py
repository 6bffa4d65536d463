"""The networks that look at pictures: bundled ones, and those somebody brings, which the store keeps."""

import re
from typing import Any
from uuid import UUID

from modelyard.engine import backbones
from modelyard.engine.backbones import BACKBONES, Backbone
from modelyard.errors import Forbidden, NotFound
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.images import service as images
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import Database
from modelyard.server.projects import schemas as shapes
from modelyard.server.projects import service as projects

_KEPT = re.compile(r"[A-Za-z0-9_-]{1,100}")


class BackboneUnknown(NotFound):
    """There is no such backbone. Name a bundled one, one used before, or the path of an exported .onnx file."""


class OnlyAdministratorsBringBackbones(Forbidden):
    """Only an administrator may make a file of the server a backbone."""


def choose(db: Database, blobs: BlobStore, actor: Actor, project_id: UUID, name_or_path: str) -> shapes.Project:
    """Make this the project's backbone and have it look at every picture.

    Raises:
        BackboneUnknown: Neither bundled, nor used before, nor the path of a file.
        OnlyAdministratorsBringBackbones: It is a path, and this person is no administrator.
    """
    with db.read() as session:
        projects.get(session, actor, project_id)
    name = _adopt(blobs, actor, name_or_path)
    with db.write() as session:
        project = projects.get(session, actor, project_id)
        if projects.settings_of(project).backbone != name:
            before = {"backbone": projects.settings_of(project).backbone}
            project.settings = {**project.settings, "backbone": name}
            where: dict[str, Any] = {"project_id": project_id, "subject_id": project_id, "name": project.name}
            said: dict[str, Any] = {"before": before, "after": {"backbone": name}}
            accounts.record(session, "project.changed", actor_id=actor.user_id, **where, **said)
            images.ask_for_features(session, project_id)
        session.flush()
        return projects.show(session, actor, [project])[0]


def load(blobs: BlobStore, name: str) -> Backbone:
    """Return the backbone that a project's settings name."""
    if name in BACKBONES:
        return backbones.load(name)
    blobs.local_path_at(_key(name, "json"))
    return backbones.load(blobs.local_path_at(_key(name, "onnx")))


def _adopt(blobs: BlobStore, actor: Actor, name_or_path: str) -> str:
    if name_or_path in BACKBONES:
        return name_or_path
    if not name_or_path.endswith(".onnx"):
        if _KEPT.fullmatch(name_or_path) and blobs.has_at(_key(name_or_path, "onnx")):
            return name_or_path
        known = ", ".join(BACKBONES.names())
        raise BackboneUnknown(
            f"There is no backbone {name_or_path[:100]!r}. Bundled: {known}. "
            "Another one is named by the path of its .onnx file."
        )
    if not (actor.is_admin or actor.is_local):
        raise OnlyAdministratorsBringBackbones
    return _keep(blobs, backbones.load(name_or_path))


def _keep(blobs: BlobStore, found: Backbone) -> str:
    """Store a backbone under its name and checksum: embeddings of another file never pass for its own."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", found.card.name)[:80]
    name = f"{plain}-{found.card.sha256[:12]}"
    blobs.put_file_at(_key(name, "json"), found.onnx_path.with_suffix(".json"))
    blobs.put_file_at(_key(name, "onnx"), found.onnx_path)
    return name


def _key(name: str, kind: str) -> str:
    return f"backbones/{name}.{kind}"
