"""What the whole process shares: database, blobs, settings, loaded models."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from modelyard.server.accounts.actor import Actor
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import Database
from modelyard.server.kit.egress import Allowed, Egress
from modelyard.server.kit.recent import Recent
from modelyard.server.settings import Settings


@dataclass
class AppServices:
    """Opened once at start; handed to requests and jobs."""

    settings: Settings
    db: Database
    blobs: BlobStore
    predictors: Any = None  # deployments.host.PredictorHost, set by create_app
    senders: Recent[Actor | None] = field(default_factory=Recent)  # who sends pictures to be answered
    extras: dict[str, Any] = field(default_factory=dict)

    @property
    def uploads(self) -> Path:
        """The folder of uploads on their way; always on this machine."""
        folder = self.settings.data / "uploads"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def egress(self) -> Egress:
        """The way to call addresses outside that people named."""
        return Egress(Allowed.parse(self.settings.outgoing_allowed), allows_http=self.settings.outgoing_http)

    def close(self) -> None:
        """Let go of everything."""
        if self.predictors is not None:
            self.predictors.close()
        self.db.close()


def open_services(settings: Settings) -> AppServices:
    """Open the data directory (made if it is missing) and bring the database to the newest schema."""
    from modelyard.server.migrations.run import upgrade

    settings.data.mkdir(parents=True, exist_ok=True)
    db = Database(settings.effective_database_url)
    upgrade(db)
    return AppServices(settings=settings, db=db, blobs=BlobStore(settings.data / "files", settings.storage_url or None))
