"""Bring a database to the newest schema, with a copy of a SQLite file taken first."""

import shutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from modelyard.errors import Conflict
from modelyard.server.kit.database import Database


class SchemaTooNew(Conflict):
    """This data directory was written by a newer Modelyard. Install that version, or restore a backup."""


def config(db: Database) -> Config:
    """Return Alembic's configuration for this database."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent))
    settings.attributes["engine"] = db.engine
    return settings


def upgrade(db: Database) -> None:
    """Run what is missing; raises `SchemaTooNew` for a schema that this version does not know."""
    settings = config(db)
    scripts = ScriptDirectory.from_config(settings)
    with db.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    if present == scripts.get_current_head():
        return
    if present is not None and present not in {script.revision for script in scripts.walk_revisions()}:
        raise SchemaTooNew
    if present is not None and db.is_sqlite and db.url.database:
        _keep_copy(db, Path(db.url.database), present)
    command.upgrade(settings, "head")


def _keep_copy(db: Database, path: Path, revision: str) -> None:
    with db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy2(path, path.with_suffix(f".before-{revision}.db"))
