"""Splitting a class into several, by rules: what it would touch, and the step itself, undone as a whole."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, not_, select

from modelyard.errors import Invalid
from modelyard.server.accounts.actor import Actor
from modelyard.server.events import ClassSplitUp
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.events import publish
from modelyard.server.projects import classes, repository
from modelyard.server.projects import split_schemas as schemas
from modelyard.server.tables import Annotation, Class, Image, Object, Project, now


class ClassSplitInvalid(Invalid):
    """A class can't be split into itself, nor into one whose objects have other points."""


def impact(session: ReadSession, project: Project, class_id: UUID, body: schemas.ClassSplit) -> schemas.SplitImpact:
    """Say what a split would touch; raises `ClassNotFound`, `ClassSplitInvalid`."""
    source = classes.get(session, project, class_id)
    known = _targets(session, project, source, body)
    shares: dict[str, schemas.SplitShare] = {}
    for number, rule in enumerate(body.rules):
        images, objects = _count(session, source.id, body.rules, number)
        share = shares.setdefault(
            rule.to.lower(), schemas.SplitShare(name=rule.to, is_new=rule.to.lower() not in known, images=0, objects=0)
        )
        share.images += images
        share.objects += objects
    images, objects = _count(session, source.id, body.rules, None)
    name = body.rest_to or source.name
    is_new = body.rest == "move" and name.lower() not in known
    rest = schemas.SplitShare(name=name, is_new=is_new, images=images, objects=objects)
    versions = repository.versions_with(session, project.id, source.id)
    return schemas.SplitImpact(
        shares=[*shares.values()], rest=rest, versions=versions, text=_text(body, rest, versions)
    )


def split(session: WriteSession, actor: Actor, project: Project, class_id: UUID, body: schemas.ClassSplit) -> Class:
    """Split a class, and return it; raises `ClassNotFound`, `ClassSplitInvalid`.

    Where the rest goes elsewhere, the class leaves the list and stands for the one that the rest went to, so that
    labels that are still on their way are not lost.
    """
    source = classes.get(session, project, class_id)
    known = _targets(session, project, source, body)
    made: list[Class] = []
    for name in [*(rule.to for rule in body.rules), *([body.rest_to] if body.rest_to else [])]:
        if name.lower() not in known:
            known[name.lower()] = _add(session, project, source, name)
            made.append(known[name.lower()])
    targets = [known[rule.to.lower()] for rule in body.rules]
    rest = known[body.rest_to.lower()] if body.rest_to else None
    if rest is not None:
        source.deleted_at, source.merged_into_id = now(), rest.id
    names = list(dict.fromkeys(row.name for row in [*targets, *([rest] if rest else [source])]))
    inverse = {"class_id": str(source.id), "made": [str(row.id) for row in made]}
    summary = f"Split {source.name} into {', '.join(names)}"
    before, after = {"class": source.name}, {"class": names, "rest": body.rest}
    change = classes.record(session, actor, project.id, "split", summary[:300], inverse, before, after)
    publish(
        session,
        ClassSplitUp(
            project.id,
            source.id,
            change.id,
            actor.user_id,
            rules=tuple(body.rules),
            target_ids=tuple(row.id for row in targets),
            rest_id=rest.id if rest else None,
            is_rest_waiting=body.rest == "relabel",
        ),
    )
    return source


def take_away_unused(session: WriteSession, project: Project, class_ids: Sequence[str]) -> None:
    """Take classes off the list that an undone split had made, unless somebody has labelled with them since."""
    counts = repository.images_by_class(session, project.id)
    for class_id in class_ids:
        row = session.get_one(Class, UUID(class_id))
        if not counts.get(row.id) and row.deleted_at is None:
            row.deleted_at = now()


def meets(rules: Sequence[schemas.SplitRule], number: int | None, of: type[Annotation] | type[Object]) -> Any:
    """Return the condition that a rule holds and none before it does; None: that no rule does.

    It is of a row of `of`, whose picture is joined.
    """
    if number is None:
        return and_(*(not_(func.coalesce(_holds(rule, of), False)) for rule in rules))
    before = (not_(func.coalesce(_holds(rule, of), False)) for rule in rules[:number])
    return and_(_holds(rules[number], of), *before)


def _holds(rule: schemas.SplitRule, of: type[Annotation] | type[Object]) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = []
    if rule.picture is not None:
        found.append(Image.name.icontains(rule.picture, autoescape=True))
    if rule.author_id is not None:
        found.append(of.author_id == rule.author_id)
    if rule.import_id is not None:
        found.append(Image.import_id == rule.import_id)
    if rule.image_ids is not None:
        found.append(of.image_id.in_(rule.image_ids))
    if rule.object_ids is not None:
        found.append(Object.object_id.in_(rule.object_ids) if of is Object else false())
    if rule.attribute is not None:
        found.append(_has_value(of.attributes[rule.attribute.name], rule.attribute.value))
    return and_(*found)


def _has_value(held: Any, value: bool | float | str) -> ColumnElement[bool]:
    if isinstance(value, bool):
        return held.as_boolean() == value  # type: ignore[no-any-return]
    return (held.as_string() == value) if isinstance(value, str) else (held.as_float() == value)  # type: ignore[no-any-return]


def _count(
    session: ReadSession, class_id: UUID, rules: Sequence[schemas.SplitRule], number: int | None
) -> tuple[int, int]:
    """Return (images, objects) that a rule, or none, holds for."""
    answered = select(func.count()).select_from(Annotation).join(Image, Image.id == Annotation.image_id)
    answered = answered.where(Annotation.class_id == class_id, meets(rules, number, Annotation))
    drawn = select(func.count(func.distinct(Object.image_id)), func.count()).select_from(Object)
    drawn = drawn.join(Image, Image.id == Object.image_id).where(Object.class_id == class_id)
    images, objects = session.execute(drawn.where(Object.until_revision.is_(None), meets(rules, number, Object))).one()
    return (session.scalar(answered) or 0) + images, objects


def _targets(session: ReadSession, project: Project, source: Class, body: schemas.ClassSplit) -> dict[str, Class]:
    """Return the project's classes by name in small letters; raises `ClassSplitInvalid`."""
    known = {row.name.lower(): row for row in repository.classes(session, project.id)}
    for name in [*(rule.to for rule in body.rules), *([body.rest_to] if body.rest_to else [])]:
        target = known.get(name.lower())
        if target is source:
            raise ClassSplitInvalid(f"What stays in {source.name!r} is the rest: choose another class for each rule.")
        if target is not None and _points(target) != _points(source):
            raise ClassSplitInvalid(f"{source.name!r} and {name!r} have different points. Give both the same skeleton.")
    return known


def _points(row: Class) -> Any:
    return row.skeleton["points"] if row.skeleton else None


def _add(session: WriteSession, project: Project, source: Class, name: str) -> Class:
    position = repository.next_position(session, project.id)
    row = Class(project_id=project.id, name=name, position=position, color=classes.color_of(position))
    row.description, row.skeleton = "", source.skeleton
    session.add(row)
    session.flush()
    return row


def _text(body: schemas.ClassSplit, rest: schemas.SplitShare, versions: int) -> str:
    fate = {
        "keep": f"{rest.images:,} pictures keep it",
        "move": f"the other {rest.images:,} pictures get “{rest.name}”, and the class leaves the list",
        "relabel": f"the other {rest.images:,} pictures go back to the labelling queue, before all others",
    }[body.rest]
    kept = f" {versions} frozen dataset versions keep it as it was." if versions else ""
    return f"{fate[0].upper()}{fate[1:]}.{kept} You can undo this as a whole."
