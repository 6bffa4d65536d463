"""What labels that came again would change, over HTTP: looked at, applied, discarded, taken back."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from modelyard.server.dependencies import CurrentActor, Reading, Writing
from modelyard.server.images import change_schemas as schemas
from modelyard.server.images import changes, imports
from modelyard.server.images.schemas import Import
from modelyard.server.kit.pages import CursorInvalid, Page
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes

router = Routes(prefix="/imports/{import_id}", tags=["imports"])


@router.get("/changes", operation_id="imports.changes", responses=problems(imports.ImportNotFound, CursorInvalid))
def list_changes(
    import_id: UUID, query: Annotated[schemas.ChangeQuery, Query()], actor: CurrentActor, session: Reading
) -> Page[schemas.ImportChange]:
    """List the pictures of which an import's labels say something else than the project does."""
    items, next_cursor = changes.page(session, imports.get(session, actor, import_id), query)
    return Page(items=items, next_cursor=next_cursor)


@router.get(
    "/changes/{image_id}",
    operation_id="imports.change",
    responses=problems(imports.ImportNotFound, changes.ChangeNotFound),
)
def get_change(import_id: UUID, image_id: UUID, actor: CurrentActor, session: Reading) -> schemas.ImportChangeDetail:
    """Return what one picture says before and after."""
    return changes.look(session, imports.get(session, actor, import_id), image_id)


@router.post(
    "/apply",
    operation_id="imports.apply",
    status_code=202,
    responses=problems(imports.ImportNotFound, changes.NothingToApply, changes.ChangesUnderWay),
)
def apply_changes(import_id: UUID, body: schemas.ImportApply, actor: CurrentActor, session: Writing) -> Import:
    """Apply an import's differences, as one step that can be taken back; the job that does it begins."""
    row = imports.get(session, actor, import_id, lock=True)
    return imports.show(session, [changes.apply(session, actor, row, include_edited=body.include_edited)])[0]


@router.post(
    "/discard",
    operation_id="imports.discard",
    responses=problems(imports.ImportNotFound, changes.NothingToApply, changes.ChangesUnderWay),
)
def discard_changes(import_id: UUID, actor: CurrentActor, session: Writing) -> Import:
    """Leave everything as it is and forget an import's differences."""
    row = changes.discard(session, actor, imports.get(session, actor, import_id, lock=True))
    return imports.show(session, [row])[0]


@router.post(
    "/take-back",
    operation_id="imports.take_back",
    status_code=202,
    responses=problems(imports.ImportNotFound, changes.NothingToTakeBack, changes.ChangesUnderWay),
)
def take_back(import_id: UUID, actor: CurrentActor, session: Writing) -> Import:
    """Take back all that an import's labels said; pictures that people changed since stay as they are."""
    row = changes.take_back(session, actor, imports.get(session, actor, import_id, lock=True))
    return imports.show(session, [row])[0]
