"""The skeletons of classes: set, change and take away, with what that does to objects that have points already."""

from collections.abc import Sequence
from uuid import UUID

from modelyard.errors import Invalid
from modelyard.server.accounts.actor import Actor
from modelyard.server.events import SkeletonChanged
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.projects import classes, repository
from modelyard.server.projects.skeleton_schemas import PointLoss, Skeleton, SkeletonImpact, SkeletonPut
from modelyard.server.tables import Class, ClassChange, Project


class SkeletonInvalid(Invalid):
    """`was` must name, for every point, one place in the present skeleton, each at most once, or null."""


def of(row: Class) -> Skeleton | None:
    """Return the skeleton of a class."""
    return Skeleton.model_validate(row.skeleton) if row.skeleton else None


def put(session: WriteSession, actor: Actor, project: Project, class_id: UUID, body: SkeletonPut) -> Class:
    """Give a class a skeleton, or take it away; raises `ClassNotFound`, `SkeletonInvalid`."""
    row = classes.get(session, project, class_id)
    was = _was(row, body)
    before = row.skeleton
    row.skeleton = body.skeleton.model_dump(mode="json") if body.skeleton else None
    verb = (
        "Gave points to" if before is None else "Took the points from" if body.skeleton is None else "Changed points of"
    )
    moves = before is not None and was is not None and was != list(range(_size(before)))
    back = _inverse(was, _size(before)) if was is not None and moves else None
    inverse = {"class_id": str(row.id), "skeleton": before, "was": back}
    said = {"before": {"skeleton": before}, "after": {"skeleton": row.skeleton}}
    change = classes.record(session, actor, project.id, "skeleton", f"{verb} {row.name}", inverse, **said)
    if was is not None and moves:
        publish(session, SkeletonChanged(project.id, row.id, was, change.id, actor.user_id))
    return row


def impact(session: ReadSession, project: Project, class_id: UUID, body: SkeletonPut) -> SkeletonImpact:
    """Say what a change would do to objects that have points already; raises `ClassNotFound`, `SkeletonInvalid`."""
    row = classes.get(session, project, class_id)
    was = _was(row, body)
    before = of(row)
    if was is None or before is None or was == list(range(len(before.points))):
        return SkeletonImpact(objects=0, images=0, lost=[], text="No object changes.")
    objects, images, placed = repository.points_placed(session, row.id)
    gone = [at for at in range(len(before.points)) if at not in was]
    lost = [PointLoss(name=before.points[at], objects=placed[at]) for at in gone if placed[at]]
    return SkeletonImpact(objects=objects, images=images, lost=lost, text=_say(objects, images, lost))


def take_back(session: WriteSession, row: Class, change: ClassChange) -> None:
    """Give a class the skeleton that it had; objects follow by `ClassChangeUndone`."""
    row.skeleton = change.inverse["skeleton"]


def _say(objects: int, images: int, lost: Sequence[PointLoss]) -> str:
    if not objects:
        return "Nothing is drawn with these points yet."
    text = f"{objects:,} objects in {images:,} pictures get the new points; points that are new to them are left out."
    for loss in lost:
        text += f" “{loss.name}” goes from {loss.objects:,} of them."
    return f"{text} You can undo this."


def _was(row: Class, body: SkeletonPut) -> list[int | None] | None:
    """Return where every point was; None where there is no skeleton any more, and so nothing moves."""
    if body.skeleton is None:
        return None
    before = of(row)
    size = len(before.points) if before else 0
    if body.was is None:
        place_of = {name.lower(): at for at, name in enumerate(before.points)} if before else {}
        return [place_of.get(name.lower()) for name in body.skeleton.points]
    named = [at for at in body.was if at is not None]
    if len(body.was) != len(body.skeleton.points):
        raise SkeletonInvalid(f"`was` has {len(body.was)} places for {len(body.skeleton.points)} points.")
    if len(named) != len(set(named)) or not all(0 <= at < size for at in named):
        raise SkeletonInvalid(f"`was` must name places from 0 to {size - 1}, each at most once, or null.")
    return body.was


def _size(skeleton: dict[str, object] | None) -> int:
    points = skeleton["points"] if skeleton else []
    return len(points) if isinstance(points, list) else 0


def _inverse(was: Sequence[int | None], size: int) -> list[int | None]:
    return [was.index(at) if at in was else None for at in range(size)]
