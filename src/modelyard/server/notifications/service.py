"""`notify`, which every room may call, and what each person does with what they were told.

    notify(session, "paused", [user_id], project_id=…, text="Your work is paused: …", path="/projects/…")

It runs in the caller's transaction and waits for nothing: e-mail is sent by a worker later (`postman.py`).
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from modelyard.errors import Invalid, NotFound
from modelyard.server.accounts.actor import Actor
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.notifications import repository, schemas
from modelyard.server.notifications.kinds import KIND_TABLE, NotificationKind
from modelyard.server.tables import Notification, User, now

TEXT_LENGTH = 500
PATH_LENGTH = 300
MAIL_AFTER = timedelta(seconds=60)  # What is read at once needs no e-mail, and what comes together goes together.


class AccountNotFound(NotFound):
    """There is no such account any more."""


class NothingNamed(Invalid):
    """Name the notifications that are to be marked as not read."""


def notify(
    session: WriteSession,
    kind: NotificationKind,
    user_ids: Iterable[UUID | None],
    *,
    project_id: UUID,
    text: str,
    path: str,
    actor_id: UUID | None = None,
) -> list[UUID]:
    """Tell people of something in a project; return whom.

    Whoever caused it, is no member, cannot sign in, or switched this kind off is passed over without a word. An unread
    notification of the same kind and path is renewed and counted up instead of a second one.

    Args:
        session: The transaction in which it happens.
        kind: See `kinds.KIND_TABLE`.
        user_ids: Whom to tell; the same person twice, and None, are harmless.
        project_id: Where it happened.
        text: One plain sentence that is complete without the names of the person and of the project before it;
            white space is tidied, and what is beyond 500 characters cut.
        path: Where in the browser application it leads: "/projects/…".
        actor_id: Who caused it; None for the server itself.
    """
    asked = [user_id for user_id in dict.fromkeys(user_ids) if user_id is not None and user_id != actor_id]
    if not asked:
        return []
    at, said = now(), _tidy(text)
    told = [user for user in repository.open_to(session, project_id, asked) if _choice(user, kind)["bell"]]
    for user in told:
        row = repository.unread_alike(session, user.id, kind, path[:PATH_LENGTH])
        if row is None:
            row = Notification(user_id=user.id, project_id=project_id, kind=kind, path=path[:PATH_LENGTH], count=0)
            session.add(row)
        row.actor_id, row.text, row.count, row.updated_at = actor_id, said, row.count + 1, at
        row.mail_due_at = at + MAIL_AFTER if _choice(user, kind)["mail"] else None
        row.mail_tries, row.mailed_at = 0, None
    repository.forget_old(session, [user.id for user in told], before=at - repository.KEPT)
    session.flush()
    return [user.id for user in told]


def list_(
    session: ReadSession, actor: Actor, *, is_unread: bool, cursor: str | None, limit: int
) -> tuple[list[schemas.Notification], str | None]:
    """Return one page of one's own notifications, newest first; raises `CursorInvalid`."""
    rows, next_cursor = repository.page(session, actor.user_id, is_unread=is_unread, cursor=cursor, limit=limit)
    return [_show(*row) for row in rows], next_cursor


def count(session: ReadSession, actor: Actor) -> int:
    """Return how many of one's own notifications are not read."""
    return repository.count_unread(session, actor.user_id)


def mark(session: WriteSession, actor: Actor, ids: Sequence[UUID] | None, *, is_read: bool) -> int:
    """Mark one's own notifications, those of others are passed over; return how many are unread now.

    Raises:
        NothingNamed: All were to be marked as not read.
    """
    if is_read:
        repository.mark_read(session, actor.user_id, ids, at=now())
    elif ids is None:
        raise NothingNamed
    else:
        repository.mark_unread(session, actor.user_id, ids)
    return count(session, actor)


def settings(session: ReadSession, actor: Actor, *, sends_mail: bool) -> schemas.NotificationSettings:
    """Return what this person is told of, and how."""
    user = _user(session, actor)
    kinds = [
        schemas.KindSetting(kind=kind, text=entry.text, **_choice(user, kind)) for kind, entry in KIND_TABLE.items()
    ]
    return schemas.NotificationSettings(kinds=kinds, sends_mail=sends_mail, address=user.email)


def choose(session: WriteSession, actor: Actor, body: schemas.NotificationChoices) -> None:
    """Keep what this person wants to be told of."""
    user = _user(session, actor)
    chosen = {choice.kind: {"bell": choice.bell, "mail": choice.mail} for choice in body.kinds}
    user.preferences = user.preferences | {"notifications": _chosen(user) | chosen}
    session.flush()


def _chosen(user: User) -> dict[str, Any]:
    found = user.preferences.get("notifications")
    return found if isinstance(found, dict) else {}


def _choice(user: User, kind: NotificationKind) -> dict[str, bool]:
    chosen = _chosen(user).get(kind)
    chosen = chosen if isinstance(chosen, dict) else {}
    return {"bell": bool(chosen.get("bell", True)), "mail": bool(chosen.get("mail", KIND_TABLE[kind].mails))}


def _tidy(text: str) -> str:
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return plain if len(plain) <= TEXT_LENGTH else plain[: TEXT_LENGTH - 1].rstrip() + "…"


def _user(session: ReadSession, actor: Actor) -> User:
    user = session.get(User, actor.user_id)
    if user is None:
        raise AccountNotFound
    return user


def _show(row: Notification, project: str, actor_name: str | None) -> schemas.Notification:
    names = schemas.Notification.model_fields.keys() - {"project", "actor_name"}
    facts = {name: getattr(row, name) for name in names}
    return schemas.Notification(**facts, project=project, actor_name=actor_name)
