"""Opening, discussing, settling and deleting issues; whoever is concerned is told."""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from modelyard.errors import Conflict, Forbidden, Invalid, NotFound
from modelyard.server.accounts import repository as accounts
from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.membership import role_in
from modelyard.server.accounts.roles import who_may
from modelyard.server.events import IssueOpened, IssueResolved
from modelyard.server.images import service as images
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.notifications.kinds import NotificationKind
from modelyard.server.notifications.service import notify
from modelyard.server.projects import service as projects
from modelyard.server.tables import Image, Issue, IssueComment, now
from modelyard.server.talk import repository, schemas

MOST_ISSUES = 500  # of one image
MOST_COMMENTS = 500  # of one issue
_EXCERPT = 120
MODERATES = "manage_data"  # whoever has this permission deletes what others wrote


class IssueNotFound(NotFound):
    """There is no such issue, or it belongs to a project that you are not a member of."""


class CommentNotFound(NotFound):
    """There is no such comment. It may have been deleted."""


class PinOutside(Invalid):
    """This place is outside of the image."""


class MentionUnknown(Invalid):
    """Some of the people whom this mentions are not members of the project. Invite them first."""


class NotYours(Forbidden):
    """This was written by somebody else. Only its author changes it; managers can delete it."""


class TooMuchSaid(Conflict):
    """An image holds 500 issues at most, and an issue 500 comments. Resolve it and open another one."""


def page(
    session: ReadSession,
    actor: Actor,
    project_id: UUID,
    *,
    state: Literal["open", "resolved", "all"],
    is_mine: bool,
    text: str | None,
    cursor: str | None,
    limit: int,
) -> tuple[list[schemas.Issue], str | None]:
    """Return one page of a project's issues, the latest news first, and the next cursor; raises `CursorInvalid`."""
    projects.get(session, actor, project_id)
    user_id = actor.user_id if is_mine else None
    rows, next_cursor = repository.page(
        session, project_id, state=state, user_id=user_id, text=text, cursor=cursor, limit=limit
    )
    return show(session, rows), next_cursor


def of_image(session: ReadSession, actor: Actor, image_id: UUID) -> list[schemas.Issue]:
    """Return an image's issues, oldest first; raises `ImageNotFound`."""
    return show(session, repository.of_image(session, images.get(session, actor, image_id)))


def get(session: ReadSession, actor: Actor, issue_id: UUID) -> schemas.Issue:
    """Return an issue with its comments; raises `IssueNotFound`."""
    return show(session, [_find(session, actor, issue_id)])[0]


def open_(session: WriteSession, actor: Actor, image_id: UUID, body: schemas.IssueCreate) -> schemas.Issue:
    """Open an issue; raises `ImageNotFound`, `PinOutside`, `MentionUnknown`, `TooMuchSaid`."""
    image = images.get(session, actor, image_id)
    if body.x is not None and body.y is not None and (body.x > image.width or body.y > image.height):
        raise PinOutside(
            f"The place ({body.x:g}, {body.y:g}) is outside of “{image.name}”, "
            f"which is {image.width} by {image.height} pixels large.",
            width=image.width,
            height=image.height,
        )
    if repository.count_of_image(session, image.id) >= MOST_ISSUES:
        raise TooMuchSaid
    issue = Issue(project_id=image.project_id, image_id=image.id, author_id=actor.user_id, x=body.x, y=body.y)
    session.add(issue)
    session.flush()
    _say(session, actor, (issue, image), body.text, body.mentions)
    _record(session, actor, (issue, image), "issue.opened")
    publish(session, IssueOpened(issue.project_id, issue.id))
    return get(session, actor, issue.id)


def settle(session: WriteSession, actor: Actor, issue_id: UUID, state: schemas.State) -> schemas.Issue:
    """Resolve an issue or open it again; saying so twice is harmless. Raises `IssueNotFound`."""
    repository.lock(session, issue_id)
    issue, image = row = _find(session, actor, issue_id)
    if issue.state != state:
        is_resolved = state == "resolved"
        issue.state, issue.updated_at = state, now()
        issue.resolved_at = issue.updated_at if is_resolved else None
        issue.resolved_by = actor.user_id if is_resolved else None
        session.flush()
        what = "resolved" if is_resolved else "reopened"
        _record(session, actor, row, f"issue.{what}")
        wrote = [user_id for user_id, did in repository.people(session, issue.id).items() if did]
        did = "resolved" if is_resolved else "opened again"
        _tell(session, actor, row, "issue_resolved", wrote, f"{actor.name} {did} the issue on “{image.name}”.")
        if is_resolved:
            publish(session, IssueResolved(issue.project_id, issue.id, actor.user_id))
    return get(session, actor, issue_id)


def delete(session: WriteSession, actor: Actor, issue_id: UUID) -> None:
    """Delete an issue: one's own while nobody else wrote in it, or anybody's for managers. Raises `NotYours`."""
    repository.lock(session, issue_id)
    issue, _ = row = _find(session, actor, issue_id)
    others = {user_id for user_id, did in repository.people(session, issue.id).items() if did} - {actor.user_id}
    if (issue.author_id != actor.user_id or others) and not _moderates(session, actor, issue):
        raise NotYours("Others wrote in this issue. Resolve it instead, or ask a manager to delete it.")
    issue.deleted_at = issue.updated_at = now()
    session.flush()
    _record(session, actor, row, "issue.deleted")


def reply(session: WriteSession, actor: Actor, issue_id: UUID, body: schemas.CommentCreate) -> schemas.Issue:
    """Say something in a thread; raises `IssueNotFound`, `MentionUnknown`, `TooMuchSaid`."""
    repository.lock(session, issue_id)
    issue, image = row = _find(session, actor, issue_id)
    if len(repository.comments(session, [issue.id])) >= MOST_COMMENTS:
        raise TooMuchSaid
    wrote = [user_id for user_id, did in repository.people(session, issue.id).items() if did]
    mentioned = _say(session, actor, row, body.text, body.mentions)
    others = [user_id for user_id in wrote if user_id not in mentioned]
    _tell(session, actor, row, "reply", others, f"{actor.name} wrote on “{image.name}”: “{_excerpt(body.text)}”")
    return get(session, actor, issue.id)


def edit(session: WriteSession, actor: Actor, comment_id: UUID, body: schemas.CommentCreate) -> schemas.Issue:
    """Change what one said; raises `CommentNotFound`, `NotYours`, `MentionUnknown`."""
    comment, row = _comment(session, actor, comment_id)
    if comment.author_id != actor.user_id:
        raise NotYours
    before = {UUID(user_id) for user_id in comment.mentions}
    mentions = _check_mentions(session, row[0], body.mentions)
    comment.text, comment.mentions, comment.edited_at = body.text, [str(id_) for id_ in mentions], now()
    row[0].updated_at = now()
    session.flush()
    _mention(session, actor, row, [user_id for user_id in mentions if user_id not in before], body.text)
    return get(session, actor, row[0].id)


def withdraw(session: WriteSession, actor: Actor, comment_id: UUID) -> schemas.Issue:
    """Delete what one said, or anybody for managers; its place stays. Raises `CommentNotFound`, `NotYours`."""
    comment, row = _comment(session, actor, comment_id)
    if comment.author_id != actor.user_id and not _moderates(session, actor, row[0]):
        raise NotYours
    comment.text, comment.mentions, comment.deleted_at = "", [], now()
    row[0].updated_at = now()
    session.flush()
    _record(session, actor, row, "comment.deleted")
    return get(session, actor, row[0].id)


def show(session: ReadSession, rows: Sequence[repository.Row]) -> list[schemas.Issue]:
    """Return issues as the API shows them."""
    said = repository.comments(session, [issue.id for issue, _ in rows])
    ids = {UUID(user_id) for comment in said for user_id in comment.mentions}
    ids |= {id_ for comment in said if (id_ := comment.author_id)}
    ids |= {id_ for issue, _ in rows for id_ in (issue.author_id, issue.resolved_by) if id_}
    names = repository.names(session, ids)
    by_issue: dict[UUID, list[schemas.Comment]] = {}
    for comment in said:
        by_issue.setdefault(comment.issue_id, []).append(_shown(comment, names))
    return [_show(issue, image, by_issue.get(issue.id, []), names) for issue, image in rows]


def _show(issue: Issue, image: Image, said: list[schemas.Comment], names: dict[UUID, str]) -> schemas.Issue:
    own = ("id", "project_id", "image_id", "x", "y", "state", "author_id", "created_at", "updated_at", "resolved_at")
    return schemas.Issue(
        **{name: getattr(issue, name) for name in own},
        image_name=image.name,
        image_width=image.width,
        image_height=image.height,
        author_name=names.get(issue.author_id) if issue.author_id else None,
        resolved_by_name=names.get(issue.resolved_by) if issue.resolved_by else None,
        comments=said,
    )


def _shown(comment: IssueComment, names: dict[UUID, str]) -> schemas.Comment:
    mentions = [schemas.Mentioned(user_id=id_, name=names[id_]) for id_ in map(UUID, comment.mentions) if id_ in names]
    return schemas.Comment(
        id=comment.id,
        author_id=comment.author_id,
        author_name=names.get(comment.author_id) if comment.author_id else None,
        text=comment.text,
        mentions=mentions,
        is_deleted=comment.deleted_at is not None,
        created_at=comment.created_at,
        edited_at=comment.edited_at,
    )


def _find(session: ReadSession, actor: Actor, issue_id: UUID) -> repository.Row:
    row = repository.get(session, actor, issue_id)
    if row is None:
        _refuse(session, actor, issue_id)
        raise IssueNotFound
    return row


def _refuse(session: ReadSession, actor: Actor, issue_id: UUID) -> None:
    """Tell a member whose role is too low what is missing; strangers learn nothing."""
    issue = session.get(Issue, issue_id)
    if issue is not None and issue.deleted_at is None:
        try:
            projects.get(session, actor, issue.project_id)
        except projects.ProjectNotFound as error:
            raise IssueNotFound from error


def _comment(session: WriteSession, actor: Actor, comment_id: UUID) -> tuple[IssueComment, repository.Row]:
    found = repository.comment(session, comment_id)
    if found is None:
        raise CommentNotFound
    repository.lock(session, found.issue_id)
    try:
        return found, _find(session, actor, found.issue_id)
    except IssueNotFound as error:
        raise CommentNotFound from error


def _moderates(session: ReadSession, actor: Actor, issue: Issue) -> bool:
    return role_in(session, actor, issue.project_id) in who_may(MODERATES)


def _say(
    session: WriteSession, actor: Actor, row: repository.Row, text: str, mentions: Sequence[UUID]
) -> Sequence[UUID]:
    issue = row[0]
    mentioned = _check_mentions(session, issue, mentions)
    ids = [str(user_id) for user_id in mentioned]
    session.add(IssueComment(issue_id=issue.id, author_id=actor.user_id, text=text, mentions=ids))
    issue.updated_at = now()
    session.flush()
    repository.take_part(session, issue.id, [actor.user_id], wrote=True)
    _mention(session, actor, row, mentioned, text)
    return mentioned


def _check_mentions(session: ReadSession, issue: Issue, mentions: Sequence[UUID]) -> list[UUID]:
    asked = list(dict.fromkeys(mentions))
    strangers = set(asked) - repository.members(session, issue.project_id, asked)
    if strangers:
        raise MentionUnknown(user_ids=[str(user_id) for user_id in sorted(strangers)])
    return asked


def _mention(session: WriteSession, actor: Actor, row: repository.Row, user_ids: Sequence[UUID], text: str) -> None:
    repository.take_part(session, row[0].id, user_ids, wrote=False)
    said = f"{actor.name} mentioned you on “{row[1].name}”: “{_excerpt(text)}”"
    _tell(session, actor, row, "mention", user_ids, said)


def _tell(
    session: WriteSession,
    actor: Actor,
    row: repository.Row,
    kind: NotificationKind,
    user_ids: Sequence[UUID],
    text: str,
) -> None:
    issue = row[0]
    path = f"/projects/{issue.project_id}/issues?issue={issue.id}"
    notify(session, kind, user_ids, project_id=issue.project_id, actor_id=actor.user_id, text=text, path=path)


def _excerpt(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _EXCERPT else plain[: _EXCERPT - 1].rstrip() + "…"


def _record(session: WriteSession, actor: Actor, row: repository.Row, action: str) -> None:
    issue, image = row
    where: dict[str, Any] = {"project_id": issue.project_id, "subject_id": image.id, "name": image.name}
    accounts.record(session, action, actor_id=actor.user_id, **where, issue_id=issue.id)
