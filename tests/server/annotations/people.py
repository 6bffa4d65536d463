"""People and a project without HTTP, for tests that make very many steps."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from modelyard.server.accounts.actor import ALL_SCOPES, Actor
from modelyard.server.projects import service as projects
from modelyard.server.projects.schemas import ProjectCreate
from modelyard.server.services import AppServices
from modelyard.server.tables import Class, ProjectMember, User, new_id
from tests.factories.images import add_images


@dataclass
class Workshop:
    """A fresh project with three classes, two people and some images."""

    services: AppServices
    project_id: UUID
    classes: list[UUID]
    people: list[Actor]
    images: list[UUID]


def open_workshop(
    services: AppServices,
    *,
    images: int,
    people: int = 2,
    task: Literal["classification", "detection"] = "classification",
) -> Workshop:
    """Make a project with its people, classes and images."""
    with services.db.write() as session:
        users = [User(email=f"{new_id()}@bakery.example", name="Somebody", preferences={}) for _ in range(people)]
        session.add_all(users)
        session.flush()
        facts = {"is_admin": False, "scopes": ALL_SCOPES, "via": "cookie", "wants": "label"}
        actors = [Actor(user.id, user.name, **facts) for user in users]
        body = ProjectCreate(name=f"Project {new_id()}", task=task, classes=["bagel", "croissant", "pretzel"])
        project = projects.create(session, actors[0], body)
        session.add_all(
            ProjectMember(project_id=project.id, user_id=actor.user_id, role="annotator") for actor in actors[1:]
        )
        session.flush()
        rows = session.query(Class.id).filter(Class.project_id == project.id).order_by(Class.position)
        classes = [row[0] for row in rows]
        ids = add_images(session, project.id, images)
    return Workshop(services, project.id, classes, actors, ids)
