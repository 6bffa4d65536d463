"""One's own notifications over HTTP, and what one wants to be told of."""

from typing import Annotated

from fastapi import Query

from modelyard.server.dependencies import CurrentActor, Reading, Services, Writing
from modelyard.server.kit.pages import CursorInvalid, Page
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.notifications import schemas, service

router = Routes(tags=["notifications"])


@router.get("/me/notifications", operation_id="notifications.list", responses=problems(CursorInvalid))
def list_notifications(
    actor: CurrentActor,
    session: Reading,
    unread: Annotated[bool, Query(description="Only those that are not read.")] = False,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 30,
) -> Page[schemas.Notification]:
    """List what concerns oneself in all projects, newest first."""
    items, next_cursor = service.list_(session, actor, is_unread=unread, cursor=cursor, limit=limit)
    return Page(items=items, next_cursor=next_cursor)


@router.get("/me/notifications/count", operation_id="notifications.count")
def count_notifications(actor: CurrentActor, session: Reading) -> schemas.UnreadCount:
    """Say how many notifications wait to be read."""
    return schemas.UnreadCount(unread=service.count(session, actor))


@router.post("/me/notifications/read", operation_id="notifications.read", responses=problems(service.NothingNamed))
def read_notifications(body: schemas.NotificationsRead, actor: CurrentActor, session: Writing) -> schemas.UnreadCount:
    """Mark notifications as read, or as not read; what is read is not sent by e-mail any more."""
    return schemas.UnreadCount(unread=service.mark(session, actor, body.ids, is_read=body.is_read))


@router.get(
    "/me/notification-settings", operation_id="notifications.settings", responses=problems(service.AccountNotFound)
)
def get_settings(actor: CurrentActor, session: Reading, services: Services) -> schemas.NotificationSettings:
    """Show what one is told of, and how."""
    return service.settings(session, actor, sends_mail=services.settings.sends_mail)


@router.put(
    "/me/notification-settings", operation_id="notifications.choose", responses=problems(service.AccountNotFound)
)
def choose_settings(
    body: schemas.NotificationChoices, actor: CurrentActor, session: Writing, services: Services
) -> schemas.NotificationSettings:
    """Choose what one wants to be told of, in one's list and by e-mail."""
    service.choose(session, actor, body)
    return service.settings(session, actor, sends_mail=services.settings.sends_mail)
