"""Issues and their comments over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query

from modelyard.server.dependencies import CurrentActor, Reading, Writing
from modelyard.server.images.service import ImageNotFound
from modelyard.server.kit.pages import CursorInvalid, Page
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects.service import ProjectNotFound
from modelyard.server.talk import schemas, service
from modelyard.server.talk.service import CommentNotFound, IssueNotFound, MentionUnknown, NotYours, TooMuchSaid

router = Routes(tags=["issues"])


@router.get(
    "/projects/{project_id}/issues", operation_id="issues.list", responses=problems(ProjectNotFound, CursorInvalid)
)
def list_issues(
    project_id: UUID,
    actor: CurrentActor,
    session: Reading,
    state: Literal["open", "resolved", "all"] = "open",
    mine: Annotated[bool, Query(description="Only threads that one wrote in, or is mentioned in.")] = False,
    text: Annotated[
        str | None, Query(max_length=200, description="Part of what is said in it, or of the image's name.")
    ] = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> Page[schemas.Issue]:
    """List a project's issues with their threads, the latest news first."""
    items, next_cursor = service.page(
        session, actor, project_id, state=state, is_mine=mine, text=text, cursor=cursor, limit=limit
    )
    return Page(items=items, next_cursor=next_cursor)


@router.get("/images/{image_id}/issues", operation_id="issues.of_image", responses=problems(ImageNotFound))
def list_image_issues(image_id: UUID, actor: CurrentActor, session: Reading) -> list[schemas.Issue]:
    """List an image's issues, open and resolved, oldest first."""
    return service.of_image(session, actor, image_id)


@router.post(
    "/images/{image_id}/issues",
    operation_id="issues.create",
    status_code=201,
    responses=problems(ImageNotFound, service.PinOutside, MentionUnknown, TooMuchSaid),
)
def open_issue(image_id: UUID, body: schemas.IssueCreate, actor: CurrentActor, session: Writing) -> schemas.Issue:
    """Open an issue at a place in an image, or about the image as a whole."""
    return service.open_(session, actor, image_id, body)


@router.get("/issues/{issue_id}", operation_id="issues.get", responses=problems(IssueNotFound))
def get_issue(issue_id: UUID, actor: CurrentActor, session: Reading) -> schemas.Issue:
    """Show an issue with its thread."""
    return service.get(session, actor, issue_id)


@router.patch("/issues/{issue_id}", operation_id="issues.update", responses=problems(IssueNotFound))
def update_issue(issue_id: UUID, body: schemas.IssueUpdate, actor: CurrentActor, session: Writing) -> schemas.Issue:
    """Resolve an issue, or open it again."""
    return service.settle(session, actor, issue_id, body.state)


@router.delete(
    "/issues/{issue_id}",
    operation_id="issues.delete",
    status_code=204,
    responses=problems(IssueNotFound, NotYours),
)
def delete_issue(issue_id: UUID, actor: CurrentActor, session: Writing) -> None:
    """Delete one's own issue that nobody else wrote in; managers delete any."""
    service.delete(session, actor, issue_id)


@router.post(
    "/issues/{issue_id}/comments",
    operation_id="comments.create",
    status_code=201,
    responses=problems(IssueNotFound, MentionUnknown, TooMuchSaid),
)
def add_comment(issue_id: UUID, body: schemas.CommentCreate, actor: CurrentActor, session: Writing) -> schemas.Issue:
    """Say something in a thread; whoever wrote in it, and whoever is mentioned, is told."""
    return service.reply(session, actor, issue_id, body)


@router.patch(
    "/comments/{comment_id}",
    operation_id="comments.update",
    responses=problems(CommentNotFound, NotYours, MentionUnknown),
)
def edit_comment(comment_id: UUID, body: schemas.CommentCreate, actor: CurrentActor, session: Writing) -> schemas.Issue:
    """Change what one said oneself; whoever is newly mentioned is told."""
    return service.edit(session, actor, comment_id, body)


@router.delete("/comments/{comment_id}", operation_id="comments.delete", responses=problems(CommentNotFound, NotYours))
def delete_comment(comment_id: UUID, actor: CurrentActor, session: Writing) -> schemas.Issue:
    """Delete what one said oneself, its place in the thread stays; managers delete what anybody said."""
    return service.withdraw(session, actor, comment_id)
