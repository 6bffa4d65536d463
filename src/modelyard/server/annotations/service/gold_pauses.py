"""Whoever labels too many known pictures differently gets no new ones until somebody has talked to them."""

from uuid import UUID

from modelyard.errors import NotFound
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.roles import who_may
from modelyard.server.annotations.repository import gold as repository
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.notifications.service import notify
from modelyard.server.projects import service as projects
from modelyard.server.tables import GoldPause, Project, User, now

_NAMED = 3


class NobodyPaused(NotFound):
    """Pictures are handed out to this person already."""


def check(session: WriteSession, project_id: UUID, user_id: UUID) -> None:
    """Hand out nothing more to a person of whose last known pictures too many were labelled differently."""
    settings = projects.settings_of(session.get_one(Project, project_id))
    row = repository.pause_of(session, project_id, user_id)
    since = row.counted_since if row else None
    last = repository.last_answers(session, project_id, user_id, since=since, limit=settings.gold_window)
    wrong = last.count(False)
    is_enough = 2 * len(last) >= settings.gold_window
    if not is_enough or len(last) - wrong >= settings.gold_least * len(last) or (row and row.paused_at):
        return
    if row is None:
        row = GoldPause(project_id=project_id, user_id=user_id)
        session.add(row)
    row.paused_at, row.wrong, row.known = now(), wrong, len(last)
    session.flush()
    after = {"wrong": wrong, "known": len(last)}
    accounts.record(session, "gold.paused", actor_id=None, project_id=project_id, subject_id=user_id, after=after)
    _tell(session, row)


def _tell(session: WriteSession, row: GoldPause) -> None:
    """Tell the person why nothing comes, and those who lead the work to whom they should talk."""
    project_id, user_id = row.project_id, row.user_id
    leaders = repository.leaders(session, project_id, who_may("manage_batches"))
    text = notice(session, project_id, user_id) or ""
    notify(session, "paused", [user_id], project_id=project_id, text=text, path=f"/projects/{project_id}/batches")
    name = session.get_one(User, user_id).name
    text = f"{name} gets no more pictures for now: {in_words(row)}. Talk to them, then let them go on."
    told = [user.id for user in leaders]
    notify(session, "paused", told, project_id=project_id, text=text, path=f"/projects/{project_id}/batches/gold")


def notice(session: ReadSession, project_id: UUID, user_id: UUID) -> str | None:
    """Return why nothing is handed to a person, in plain words; None where pictures are."""
    row = repository.pause_of(session, project_id, user_id)
    if row is None or row.paused_at is None:
        return None
    names = [user.name for user in repository.leaders(session, project_id, who_may("manage_batches"))][:_NAMED]
    who = " or ".join(names) if names else "whoever leads the work"
    return f"{in_words(row)}; talk to {who}. They will let you go on."


def in_words(row: GoldPause) -> str:
    """Return what was found: “7 of the last 20 known pictures were labelled differently”."""
    return f"{row.wrong} of the last {row.known} known pictures were labelled differently"


def resume(session: WriteSession, actor: Actor, project_id: UUID, user_id: UUID) -> None:
    """Hand out pictures to a person again; what they labelled so far counts no more. Raises `NobodyPaused`."""
    projects.get(session, actor, project_id)
    row = repository.pause_of(session, project_id, user_id)
    if row is None or row.paused_at is None:
        raise NobodyPaused
    row.paused_at, row.counted_since, row.resumed_by = None, now(), actor.user_id
    session.flush()
    accounts.record(session, "gold.resumed", actor_id=actor.user_id, project_id=project_id, subject_id=user_id)
