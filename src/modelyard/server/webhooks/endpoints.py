"""Webhooks and their log over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query

from modelyard.server.dependencies import CurrentActor, Reading, Services, Writing
from modelyard.server.kit.egress import AddressRefused
from modelyard.server.kit.pages import Page
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects.service import ProjectNotFound
from modelyard.server.tables import Webhook, WebhookDelivery
from modelyard.server.webhooks import schemas, service
from modelyard.server.webhooks.service import DeliveryNotFound, WebhookNotFound
from modelyard.server.webhooks.signing import message_id
from modelyard.server.webhooks.types import EVENT_TEXTS

router = Routes(tags=["webhooks"])


@router.get("/webhook-types", operation_id="webhooks.types")
def list_types(actor: CurrentActor) -> list[schemas.EventTypeEntry]:
    """List the events that a webhook can be told of."""
    return [schemas.EventTypeEntry(name=name, text=text) for name, text in EVENT_TEXTS.items()]


@router.get("/projects/{project_id}/webhooks", operation_id="webhooks.list", responses=problems(ProjectNotFound))
def list_webhooks(project_id: UUID, actor: CurrentActor, session: Reading) -> list[schemas.Webhook]:
    """List a project's webhooks, without their secrets."""
    return [schemas.Webhook.model_validate(hook) for hook in service.list_(session, actor, project_id)]


@router.post(
    "/projects/{project_id}/webhooks",
    operation_id="webhooks.create",
    status_code=201,
    responses=problems(ProjectNotFound, AddressRefused, service.TooManyWebhooks),
)
def create_webhook(
    project_id: UUID, body: schemas.WebhookCreate, actor: CurrentActor, session: Writing, services: Services
) -> schemas.NewWebhook:
    """Have an address told of events; its secret is in this answer and nowhere else."""
    return _with_secret(service.create(session, services, actor, project_id, body))


@router.patch(
    "/webhooks/{webhook_id}", operation_id="webhooks.update", responses=problems(WebhookNotFound, AddressRefused)
)
def update_webhook(
    webhook_id: UUID, body: schemas.WebhookUpdate, actor: CurrentActor, session: Writing, services: Services
) -> schemas.Webhook:
    """Change a webhook's address, events or description, or switch it on or off."""
    return schemas.Webhook.model_validate(service.update(session, services, actor, webhook_id, body))


@router.delete(
    "/webhooks/{webhook_id}", operation_id="webhooks.delete", status_code=204, responses=problems(WebhookNotFound)
)
def delete_webhook(webhook_id: UUID, actor: CurrentActor, session: Writing) -> None:
    """Delete a webhook with its log."""
    service.delete(session, actor, webhook_id)


@router.post(
    "/webhooks/{webhook_id}/rotate-secret", operation_id="webhooks.rotate_secret", responses=problems(WebhookNotFound)
)
def rotate_secret(webhook_id: UUID, actor: CurrentActor, session: Writing) -> schemas.NewWebhook:
    """Make a new secret, shown this once; for a day the one before signs too."""
    return _with_secret(service.rotate_secret(session, actor, webhook_id))


@router.post(
    "/webhooks/{webhook_id}/test",
    operation_id="webhooks.test",
    status_code=202,
    responses=problems(WebhookNotFound),
)
def test_webhook(webhook_id: UUID, actor: CurrentActor, session: Writing) -> schemas.Delivery:
    """Send a test event; how it went is in the log a moment later."""
    return schemas.Delivery.model_validate(_shown(service.test(session, actor, webhook_id)))


@router.get(
    "/webhooks/{webhook_id}/deliveries", operation_id="webhooks.deliveries", responses=problems(WebhookNotFound)
)
def list_deliveries(
    webhook_id: UUID,
    actor: CurrentActor,
    session: Reading,
    state: Annotated[list[Literal["waiting", "delivered", "failed"]] | None, Query()] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[schemas.Delivery]:
    """List what was sent and what waits, newest first."""
    states = [str(name) for name in state or []]
    rows, next_cursor = service.deliveries(session, actor, webhook_id, states=states, cursor=cursor, limit=limit)
    return Page(items=[schemas.Delivery.model_validate(_shown(row)) for row in rows], next_cursor=next_cursor)


@router.get(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}",
    operation_id="webhooks.delivery",
    responses=problems(WebhookNotFound, DeliveryNotFound),
)
def get_delivery(
    webhook_id: UUID, delivery_id: UUID, actor: CurrentActor, session: Reading
) -> schemas.DeliveryWithBody:
    """Show one delivery with exactly what is sent."""
    row = service.delivery(session, actor, webhook_id, delivery_id)
    return schemas.DeliveryWithBody.model_validate({**_shown(row), "body": row.body})


@router.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/replay",
    operation_id="webhooks.replay",
    status_code=202,
    responses=problems(WebhookNotFound, DeliveryNotFound, service.DeliveryUnderWay),
)
def replay_delivery(webhook_id: UUID, delivery_id: UUID, actor: CurrentActor, session: Writing) -> schemas.Delivery:
    """Send once more what was sent before, under the same id."""
    return schemas.Delivery.model_validate(_shown(service.replay(session, actor, webhook_id, delivery_id)))


def _with_secret(hook: Webhook) -> schemas.NewWebhook:
    shown = schemas.Webhook.model_validate(hook)
    return schemas.NewWebhook(**shown.model_dump(), secret=hook.secret)


def _shown(row: WebhookDelivery) -> dict[str, object]:
    names = schemas.Delivery.model_fields.keys() - {"message_id"}
    return {**{name: getattr(row, name) for name in names}, "message_id": message_id(row.id)}
