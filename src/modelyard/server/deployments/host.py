"""Keeps the predictors of active deployments in memory; loads them beside the requests, never inside one.

A thread compares what the database wants with what is loaded whenever somebody asks (`refresh`): at start, after each
change of a deployment, and when a request meets a model that is not there. So a change made by another process, or a
step that was lost, is made good by the next look.
"""

import threading
from functools import partial
from uuid import UUID

import structlog

from modelyard.errors import ProductError, Unavailable
from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.membership import refuse_member
from modelyard.server.deployments import repository
from modelyard.server.deployments.repository import Address
from modelyard.server.deployments.schemas import State
from modelyard.server.kit.recent import Recent
from modelyard.server.services import AppServices
from modelyard.server.tables import Model
from modelyard.serving import Predictor

log = structlog.get_logger()


class DeploymentLoading(Unavailable):
    """The model is being loaded. Try again in a moment."""


class DeploymentFailed(Unavailable):
    """The model could not be loaded."""


class PredictorHost:
    """The loaded models of this process, by model id; deployments of one model share it."""

    def __init__(self, services: AppServices) -> None:
        self._services = services
        self._changed = threading.Condition()
        self._loaded: dict[UUID, Predictor] = {}
        self._failed: dict[UUID, str] = {}
        self._addresses: Recent[Address | None] = Recent()
        self._asked = 0
        self._done = 0
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="predictor-host", daemon=True)

    def start(self) -> None:
        """Begin to load what the database wants."""
        self._thread.start()
        self.refresh()

    def refresh(self) -> None:
        """Ask for a look at the database; returns at once."""
        self._addresses.forget()
        with self._changed:
            self._asked += 1
            self._changed.notify_all()

    def settle(self, timeout_s: float = 30.0) -> bool:
        """Wait until every look that was asked for has been done; say whether that came to pass."""
        with self._changed:
            asked = self._asked
            return self._changed.wait_for(lambda: self._done >= asked or self._closed, timeout_s)

    def state(self, model_id: UUID) -> State:
        """Say how far an active deployment of this model is."""
        if model_id in self._loaded:
            return "ready"
        return "failed" if model_id in self._failed else "loading"

    async def address(self, actor: Actor, name: str) -> Address | None:
        """Return what is behind an address for `actor`, looked up at most once a second.

        A change by this process counts at once; one by another process, or of a membership, within that second.
        """
        return await self._addresses.get((actor, name), partial(self._look_up, actor, name))

    def predictor(self, model_id: UUID) -> Predictor:
        """Return the loaded model.

        Raises:
            DeploymentLoading: Not yet there.
            DeploymentFailed: It cannot be loaded.
        """
        found = self._loaded.get(model_id)
        if found is not None:
            return found
        if model_id in self._failed:
            raise DeploymentFailed(f"The model could not be loaded: {self._failed[model_id]}")
        self.refresh()
        raise DeploymentLoading

    def close(self) -> None:
        """Unload everything and end the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()
        self._unload(set())

    def _look_up(self, actor: Actor, name: str) -> Address | None:
        with self._services.db.read() as session:
            found = repository.address(session, actor, name)
            if found is None:
                refuse_member(session, actor, repository.project_of(name))
            return found

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._asked > self._done or self._closed)
                if self._closed:
                    return
                asked = self._asked
            try:
                self._reconcile()
            except Exception:  # the database may be away; the next look comes
                log.exception("predictor_host")
            with self._changed:
                self._done = asked
                self._changed.notify_all()

    def _reconcile(self) -> None:
        with self._services.db.read() as session:
            wanted = repository.wanted_models(session)
        for model_id, model in wanted.items():
            if model_id not in self._loaded and not self._closed:
                self._load(model)
        self._unload(set(wanted))

    def _load(self, model: Model) -> None:
        try:
            predictor = Predictor(self._services.blobs.local_path(model.artifacts["zip"]))
        except ProductError as error:
            log.warning("predictor_failed", model=str(model.id), code=error.code())
            self._failed[model.id] = error.detail
        except Exception:
            log.exception("predictor_failed", model=str(model.id))
            self._failed[model.id] = "its files are damaged. Train it again."
        else:
            self._failed.pop(model.id, None)
            self._loaded[model.id] = predictor

    def _unload(self, wanted: set[UUID]) -> None:
        for model_id in set(self._loaded) - wanted:
            self._loaded.pop(model_id).close()
        for model_id in set(self._failed) - wanted:
            self._failed.pop(model_id)
