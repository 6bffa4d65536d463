"""Queries of issues, their comments and who takes part, with permission inside the query."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import exists, func, or_, select, update

from modelyard.server.accounts.actor import Actor
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.pages import keyset
from modelyard.server.projects.repository import visible
from modelyard.server.tables import Image, Issue, IssueComment, IssuePerson, Project, ProjectMember, User

Row = tuple[Issue, Image]


def get(session: ReadSession, actor: Actor, issue_id: UUID) -> Row | None:
    """Return an issue with its image if `actor` may see it."""
    mine = visible(actor).with_only_columns(Project.id)
    query = select(Issue, Image).join(Image, Image.id == Issue.image_id)
    query = query.where(Issue.id == issue_id, Issue.deleted_at.is_(None), Issue.project_id.in_(mine))
    found = session.execute(query).first()
    return None if found is None else (found[0], found[1])


def lock(session: WriteSession, issue_id: UUID) -> None:
    """Let nobody else change this issue until the transaction ends."""
    session.execute(select(Issue.id).where(Issue.id == issue_id).with_for_update())


def comment(session: ReadSession, comment_id: UUID) -> IssueComment | None:
    """Return a comment that is not deleted."""
    found = session.get(IssueComment, comment_id)
    return None if found is None or found.deleted_at is not None else found


def page(
    session: ReadSession,
    project_id: UUID,
    *,
    state: Literal["open", "resolved", "all"],
    user_id: UUID | None,
    text: str | None,
    cursor: str | None,
    limit: int,
) -> tuple[list[Row], str | None]:
    """Return one page of a project's issues with their images, the latest news first.

    Args:
        session: Where to look.
        project_id: Whose.
        state: Which.
        user_id: Only those that this person takes part in.
        text: Part of what is said in it, or of the image's name.
        cursor: Where the page begins.
        limit: How many.
    """
    query: Any = select(Issue, Image).join(Image, Image.id == Issue.image_id)
    query = query.where(Issue.project_id == project_id, Issue.deleted_at.is_(None), Image.deleted_at.is_(None))
    if state != "all":
        query = query.where(Issue.state == state)
    if user_id is not None:
        query = query.where(exists().where(IssuePerson.issue_id == Issue.id, IssuePerson.user_id == user_id))
    if text:
        said = exists().where(IssueComment.issue_id == Issue.id, IssueComment.text.icontains(text, autoescape=True))
        query = query.where(or_(said, Image.name.icontains(text, autoescape=True)))
    order = [(Issue.updated_at, "desc"), (Issue.id, "desc")]
    return keyset(session, query, order=order, cursor=cursor, limit=limit)


def of_image(session: ReadSession, image: Image) -> list[Row]:
    """Return an image's issues, oldest first."""
    query = select(Issue).where(Issue.image_id == image.id, Issue.deleted_at.is_(None)).order_by(Issue.id)
    return [(issue, image) for issue in session.scalars(query)]


def count_of_image(session: ReadSession, image_id: UUID) -> int:
    """Return how many issues an image has."""
    query = select(func.count()).select_from(Issue).where(Issue.image_id == image_id, Issue.deleted_at.is_(None))
    return session.scalar(query) or 0


def comments(session: ReadSession, issue_ids: Sequence[UUID]) -> list[IssueComment]:
    """Return the comments of these issues, oldest first."""
    query = select(IssueComment).where(IssueComment.issue_id.in_(issue_ids)).order_by(IssueComment.id)
    return list(session.scalars(query))


def names(session: ReadSession, user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of people."""
    query = select(User.id, User.name).where(User.id.in_(set(user_ids)))
    return {user_id: name for user_id, name in session.execute(query)}


def members(session: ReadSession, project_id: UUID, user_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of these people who belong to the project and can sign in."""
    query = select(ProjectMember.user_id).join(User, User.id == ProjectMember.user_id)
    query = query.where(ProjectMember.project_id == project_id, ProjectMember.user_id.in_(user_ids))
    return set(session.scalars(query.where(User.disabled_at.is_(None))))


def people(session: ReadSession, issue_id: UUID) -> dict[UUID, bool]:
    """Return who takes part in a thread, and whether they wrote in it."""
    rows = session.scalars(select(IssuePerson).where(IssuePerson.issue_id == issue_id))
    return {row.user_id: row.wrote for row in rows}


def take_part(session: WriteSession, issue_id: UUID, user_ids: Iterable[UUID], *, wrote: bool) -> None:
    """Note that these people take part in a thread."""
    known = people(session, issue_id)
    asked = set(user_ids)
    session.add_all(IssuePerson(issue_id=issue_id, user_id=id_, wrote=wrote) for id_ in sorted(asked - known.keys()))
    session.flush()
    if wrote:
        mine = (IssuePerson.issue_id == issue_id, IssuePerson.user_id.in_(asked))
        session.execute(update(IssuePerson).where(*mine).values(wrote=True))
