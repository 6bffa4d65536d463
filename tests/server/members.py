"""People of a project who are signed in without a password's hash: many of them cost nothing."""

from collections.abc import Callable
from uuid import UUID

from fastapi import FastAPI
from fastapi.testclient import TestClient

from modelyard.server.accounts import membership, sessions
from modelyard.server.accounts.roles import Role
from modelyard.server.services import AppServices
from modelyard.server.tables import User

Join = Callable[..., "Member"]


class Member(TestClient):
    """The client of a person."""

    user_id: UUID


def join(app: FastAPI, services: AppServices, project_id: str | None, name: str, role: Role = "annotator") -> Member:
    """Make a person, a member of the project where one is given, and return a client that is signed in as them."""
    with services.db.write() as session:
        user = User(email=f"{name.lower()}@bakery.example", name=name, preferences={})
        session.add(user)
        session.flush()
        if project_id is not None:
            membership.give(session, UUID(project_id), user.id, role, actor_id=None)
        token = sessions.open_(session, user.id, sessions.Arrival(), days=1)
        user_id = user.id
    cookies = {"modelyard_session": token}
    client = Member(app, base_url="http://testserver", cookies=cookies, headers={"Origin": "http://testserver"})
    client.user_id = user_id
    return client
