"""The worker's way out: gathers changes of annotations, sends what is due, writes how it went."""

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import update

from modelyard.server.accounts import repository as accounts
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.egress import TIMEOUT_S, AddressRefused, CallFailed
from modelyard.server.services import AppServices
from modelyard.server.tables import Webhook, WebhookDelivery, now
from modelyard.server.webhooks import outbox, repository, retries
from modelyard.server.webhooks.signing import signed_headers
from modelyard.server.webhooks.types import TEST

log = structlog.get_logger()

COURIERS = 3  # threads of a worker: one receiver that does not answer holds up one of them
GATHER = timedelta(seconds=10)
LEASE = timedelta(seconds=3 * TIMEOUT_S)  # a worker that died in the middle: another one tries again after this
IMAGES_TOLD = 500  # in one delivery
ATTEMPTS_KEPT = 20


class Courier:
    """Sends deliveries one by one; several threads and several workers may each have one.

    Args:
        services: What the process shares.
        clock: Says what time it is.
        lot: A random number in [0, 1), for the delays.
    """

    def __init__(
        self, services: AppServices, *, clock: Callable[[], datetime] = now, lot: Callable[[], float] = random.random
    ) -> None:
        self._services = services
        self._db = services.db.after_people()
        self._clock = clock
        self._lot = lot

    def step(self) -> bool:
        """Gather or send once; say whether there was anything to do."""
        at = self._clock()
        with self._db.read() as session:  # A look costs no writer's lock; most looks find nothing.
            project_id = repository.project_to_gather(session, at - GATHER)
            is_due = repository.is_anything_due(session, at)
        if project_id is not None:
            self._gather(project_id, at)
        return (is_due and self._send(at)) or project_id is not None

    def _gather(self, project_id: Any, at: datetime) -> None:
        with self._db.write() as session:
            image_ids = repository.take_changes(session, project_id, most_images=IMAGES_TOLD)
            hooks = repository.listening(session, project_id, "annotations.changed")
            for start in range(0, len(image_ids), IMAGES_TOLD):
                told = repository.answers(session, image_ids[start : start + IMAGES_TOLD])
                for webhook_id in hooks if told else []:
                    outbox.put(session, webhook_id, project_id, "annotations.changed", {"annotations": told}, at=at)

    def _send(self, at: datetime) -> bool:
        with self._db.write() as session:
            claimed = repository.claim(session, at, LEASE)
        if claimed is None:
            return False
        delivery, hook = claimed
        attempt, retry_after = self._attempt(delivery, hook, at)
        with self._db.write() as session:
            self._settle(session, delivery, attempt, retry_after)
        return True

    def _attempt(self, delivery: WebhookDelivery, hook: Webhook, at: datetime) -> tuple[dict[str, Any], str]:
        """Call the receiver, outside of any transaction; return what to write of it, and for how long it asks."""
        headers = signed_headers(hook, delivery.id, delivery.body, at=at)
        attempt: dict[str, Any] = {"at": at.isoformat(), "status": None, "reply": "", "error": ""}
        started, retry_after = time.monotonic(), ""
        try:
            reply = self._services.egress.post(hook.url, delivery.body.encode(), headers)
        except (AddressRefused, CallFailed) as error:
            attempt["error"] = str(error)
        except Exception:
            log.exception("webhook_attempt", delivery=str(delivery.id))
            attempt["error"] = "Something went wrong on our side; it is in the server's log."
        else:
            attempt |= {"status": reply.status, "reply": reply.text}
            retry_after = reply.headers.get("retry-after", "")
            if 300 <= reply.status < 400:
                attempt["error"] = "Redirects are not followed. Enter the address that answers itself."
        return attempt | {"duration_ms": round((time.monotonic() - started) * 1000)}, retry_after

    def _settle(
        self, session: WriteSession, claimed: WebhookDelivery, attempt: dict[str, Any], retry_after: str
    ) -> None:
        at = self._clock()
        hook = session.get(Webhook, claimed.webhook_id, with_for_update=True)
        if hook is None:  # It was deleted meanwhile.
            return
        is_test = claimed.event_type == TEST
        verdict = retries.judge(
            attempt["status"],
            tries=claimed.tries,
            is_test=is_test,
            retry_after=retry_after,
            failing_since=hook.failing_since,
            at=at,
            lot=self._lot,
        )
        values: dict[str, Any] = {"state": verdict.state, "next_try_at": verdict.next_try_at, "sending_until": None}
        values["attempts"] = [*claimed.attempts, attempt][-ATTEMPTS_KEPT:]
        values["finished_at"] = None if verdict.state == "waiting" else at
        ours = (WebhookDelivery.id == claimed.id, WebhookDelivery.tries == claimed.tries)
        session.execute(update(WebhookDelivery).where(*ours, WebhookDelivery.state == "waiting").values(values))
        if verdict.state == "delivered":
            hook.failing_since = None
        elif not is_test:
            hook.failing_since = hook.failing_since or at
        if verdict.stop:
            _switch_off(session, hook, verdict.stop, at)
        repository.prune(session, hook.id)


def _switch_off(session: WriteSession, hook: Webhook, why: str, at: datetime) -> None:
    """Switch a webhook off, say why where its project's managers look, and end what waits."""
    hook.is_active, hook.stopped_at, hook.stopped_because = False, at, why
    repository.give_up_waiting(session, hook.id, at=at)
    where: dict[str, Any] = {"project_id": hook.project_id, "subject_id": hook.id, "url": hook.url}
    accounts.record(session, "webhook.stopped", actor_id=None, **where, reason=why)
