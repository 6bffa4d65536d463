"""Adding, changing, testing and replaying: what managers of a project do with its webhooks."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from modelyard.errors import Conflict, NotFound
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.projects import service as projects
from modelyard.server.services import AppServices
from modelyard.server.tables import Webhook, WebhookDelivery, now
from modelyard.server.webhooks import outbox, repository, schemas
from modelyard.server.webhooks.signing import new_secret
from modelyard.server.webhooks.types import TEST

MOST = 20
BOTH_SIGN = timedelta(hours=24)


class WebhookNotFound(NotFound):
    """There is no such webhook, or it belongs to a project that you are not a member of."""


class DeliveryNotFound(NotFound):
    """There is no such delivery. The log keeps the newest thousand of a webhook."""


class TooManyWebhooks(Conflict):
    """A project has twenty webhooks at most. Delete one that is not needed."""


class DeliveryUnderWay(Conflict):
    """This delivery still waits for its next attempt, or is being sent. Wait for how that ends."""


def list_(session: ReadSession, actor: Actor, project_id: UUID) -> list[Webhook]:
    """Return a project's webhooks, oldest first."""
    projects.get(session, actor, project_id)
    return repository.of_project(session, project_id)


def get(session: ReadSession, actor: Actor, webhook_id: UUID) -> Webhook:
    """Return a webhook; raises `RoleMissing`, and `WebhookNotFound` for those who are not members."""
    hook = session.get(Webhook, webhook_id)
    if hook is None:
        raise WebhookNotFound
    try:
        projects.get(session, actor, hook.project_id)
    except projects.ProjectNotFound as error:
        raise WebhookNotFound from error
    return hook


def create(
    session: WriteSession, services: AppServices, actor: Actor, project_id: UUID, body: schemas.WebhookCreate
) -> Webhook:
    """Add a webhook with a fresh secret; raises `AddressRefused`, `TooManyWebhooks`."""
    projects.get(session, actor, project_id)
    services.egress.check(body.url)
    if len(repository.of_project(session, project_id)) >= MOST:
        raise TooManyWebhooks
    hook = Webhook(
        project_id=project_id,
        created_by=actor.user_id,
        url=body.url,
        description=body.description,
        event_types=_ordered(body.event_types),
        is_active=body.is_active,
        secret=new_secret(),
    )
    session.add(hook)
    session.flush()
    _record(session, actor, hook, "webhook.created", after=_facts(hook))
    return hook


def update(
    session: WriteSession, services: AppServices, actor: Actor, webhook_id: UUID, body: schemas.WebhookUpdate
) -> Webhook:
    """Change a webhook; switched off, it gives up what waits. Raises `AddressRefused`."""
    hook = get(session, actor, webhook_id)
    before = _facts(hook)
    if body.url is not None and body.url != hook.url:
        services.egress.check(body.url)
        hook.url = body.url
    if body.description is not None:
        hook.description = body.description
    if body.event_types is not None:
        hook.event_types = _ordered(body.event_types)
    if body.is_active is not None and body.is_active != hook.is_active:
        hook.is_active, hook.stopped_at, hook.stopped_because, hook.failing_since = body.is_active, None, "", None
        if not body.is_active:
            repository.give_up_waiting(session, hook.id, at=now())
    session.flush()
    if _facts(hook) != before:
        _record(session, actor, hook, "webhook.changed", before=before, after=_facts(hook))
    return hook


def delete(session: WriteSession, actor: Actor, webhook_id: UUID) -> None:
    """Delete a webhook with its log."""
    hook = get(session, actor, webhook_id)
    _record(session, actor, hook, "webhook.deleted", before=_facts(hook))
    session.delete(hook)
    session.flush()


def rotate_secret(session: WriteSession, actor: Actor, webhook_id: UUID) -> Webhook:
    """Make a new secret; for a day, both it and the one before sign."""
    hook = get(session, actor, webhook_id)
    hook.old_secret, hook.old_secret_until, hook.secret = hook.secret, now() + BOTH_SIGN, new_secret()
    _record(session, actor, hook, "webhook.secret_changed")
    session.flush()
    return hook


def test(session: WriteSession, actor: Actor, webhook_id: UUID) -> WebhookDelivery:
    """Send a test event, also to a webhook that is switched off; it is tried once."""
    hook = get(session, actor, webhook_id)
    data = {"webhook_id": str(hook.id), "text": "This is a test. Nothing has happened."}
    return outbox.put(session, hook.id, hook.project_id, TEST, data, at=now())


def deliveries(
    session: ReadSession, actor: Actor, webhook_id: UUID, *, states: list[str], cursor: str | None, limit: int
) -> tuple[list[WebhookDelivery], str | None]:
    """Return what was sent and what waits, newest first, and the next cursor."""
    get(session, actor, webhook_id)
    return repository.deliveries(session, webhook_id, states=states, cursor=cursor, limit=limit)


def delivery(session: ReadSession, actor: Actor, webhook_id: UUID, delivery_id: UUID) -> WebhookDelivery:
    """Return one delivery; raises `DeliveryNotFound`."""
    get(session, actor, webhook_id)
    found = session.get(WebhookDelivery, delivery_id, with_for_update=isinstance(session, WriteSession))
    if found is None or found.webhook_id != webhook_id:
        raise DeliveryNotFound
    return found


def replay(session: WriteSession, actor: Actor, webhook_id: UUID, delivery_id: UUID) -> WebhookDelivery:
    """Send what was sent before once more, under the same id; raises `DeliveryNotFound`, `DeliveryUnderWay`."""
    found = delivery(session, actor, webhook_id, delivery_id)
    if found.state == "waiting" and (found.tries == 0 or found.sending_until is not None):
        raise DeliveryUnderWay
    found.state, found.tries, found.next_try_at, found.finished_at = "waiting", 0, now(), None
    session.flush()
    return found


def _ordered(event_types: list[schemas.EventType]) -> list[str]:
    return [name for name in schemas.EVENT_TYPES if name in event_types]


def _facts(hook: Webhook) -> dict[str, Any]:
    return {name: getattr(hook, name) for name in ("url", "description", "event_types", "is_active")}


def _record(session: WriteSession, actor: Actor, hook: Webhook, action: str, **said: Any) -> None:
    where: dict[str, Any] = {"project_id": hook.project_id, "subject_id": hook.id, "url": hook.url}
    accounts.record(session, action, actor_id=actor.user_id, **where, **said)
