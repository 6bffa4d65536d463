"""Which class an answer means, also when the page that sent it has not heard of the latest class list."""

from collections.abc import Iterable
from uuid import UUID

from modelyard.errors import Invalid
from modelyard.server.annotations.repository import answers as repository
from modelyard.server.kit.database import WriteSession


class ClassUnknown(Invalid):
    """This class does not exist in the project any more. Choose another one."""


def resolve(
    session: WriteSession, project_id: UUID, class_ids: Iterable[UUID | None]
) -> dict[UUID | None, UUID | None]:
    """Return the class that each id stands for now: a merged one stands for its target. Raises `ClassUnknown`.

    The classes stay as they are until the commit. Call this before images are locked: a merge locks in that order.
    """
    wanted = sorted({class_id for class_id in class_ids if class_id is not None})
    return {None: None} | {class_id: _follow(session, project_id, class_id) for class_id in wanted}


def _follow(session: WriteSession, project_id: UUID, class_id: UUID) -> UUID:
    seen: set[UUID] = set()
    present: UUID = class_id
    while True:
        row = repository.class_(session, project_id, present)
        if row is None or present in seen:
            raise ClassUnknown
        if row.deleted_at is None:
            return row.id
        if row.merged_into_id is None:
            raise ClassUnknown(f"The class {row.name!r} was deleted. Choose another one, or restore it first.")
        seen.add(present)
        present = row.merged_into_id
