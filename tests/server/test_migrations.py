"""Migrations that change what is there: an older installation as it is after them."""

from uuid import UUID

import sqlalchemy as sa
from alembic import command

from modelyard.server.kit.database import Database
from modelyard.server.migrations.run import config, upgrade
from modelyard.server.tables import new_id, now


def test_members_get_roles_so_that_nobody_may_do_less(database_url: str) -> None:
    db = Database(database_url)
    command.downgrade(config(db), "0006")
    tables = sa.MetaData()
    tables.reflect(db.engine, only=["users", "projects", "project_members", "invitations"])
    ana, ben, eve = (new_id() for _ in range(3))
    made, inherited, empty = (new_id() for _ in range(3))

    def key(value: UUID) -> object:
        return value.hex if db.is_sqlite else value

    def insert(into: str, **values: object) -> None:
        plain = {name: key(value) if isinstance(value, UUID) else value for name, value in values.items()}
        with db.engine.begin() as connection:
            connection.execute(sa.insert(tables.tables[into]).values(plain))

    for user_id, closed in ((ana, None), (ben, None), (eve, now())):
        facts = {"email": str(user_id), "name": "x", "is_admin": False, "preferences": {}, "disabled_at": closed}
        insert("users", id=user_id, created_at=now(), **facts)
    for project_id, maker in ((made, ana), (inherited, eve), (empty, ana)):
        facts = {"name": str(project_id), "task": "classification", "description": "", "settings": {}}
        insert("projects", id=project_id, created_by=maker, created_at=now(), event_number=0, **facts)
    for project_id, user_id in ((made, ben), (made, ana), (inherited, eve), (inherited, ben), (inherited, ana)):
        insert("project_members", project_id=project_id, user_id=user_id, created_at=now())
    link = {"kind": "member", "token_hash": "x", "expires_at": now(), "created_at": now()}
    insert("invitations", id=new_id(), project_id=made, **link)
    upgrade(db)
    with db.engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT project_id, user_id, role FROM project_members")).all()
        invited = connection.execute(sa.text("SELECT role FROM invitations")).scalar()
    db.close()
    found = {(UUID(str(row[0])), UUID(str(row[1]))): row[2] for row in rows}
    assert found == {
        (made, ana): "owner",
        (made, ben): "manager",
        (inherited, eve): "owner",
        (inherited, ben): "owner",  # who made it cannot sign in any more
        (inherited, ana): "manager",
    }
    assert invited == "manager"
