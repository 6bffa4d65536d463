"""Look-ups of projects, members and classes, with permission inside the query."""

from collections import Counter, defaultdict
from functools import cache
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select

from modelyard.server.accounts.actor import Actor
from modelyard.server.accounts.membership import projects_of, projects_with
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.tables import (
    Annotation,
    Class,
    ClassChange,
    DatasetVersion,
    Object,
    Project,
    ProjectMember,
    Suggestion,
    User,
)


def visible(actor: Actor) -> Select[Project]:
    """Return the query of every project in which `actor`'s role includes what this request needs."""
    query = select(Project).where(Project.deleted_at.is_(None))
    return query if actor.is_local else query.where(Project.id.in_(projects_of(actor)))


def get(session: ReadSession, actor: Actor, project_id: UUID) -> Project | None:
    """Return the project if `actor`'s role includes what this request needs."""
    said = {"project": project_id} if actor.is_local else {"project": project_id, "who": actor.user_id}
    return session.scalars(_one(actor.wants, is_local=actor.is_local), said).first()


@cache
def _one(wants: str, *, is_local: bool) -> Select[Project]:
    """Return the query of one project; every request asks it, and writing it down anew takes longer than it."""
    query = select(Project).where(Project.deleted_at.is_(None), Project.id == bindparam("project"))
    return query if is_local else query.where(Project.id.in_(projects_with(wants)))


def list_(session: ReadSession, actor: Actor) -> list[Project]:
    """Return every project that `actor` may see, newest first."""
    return list(session.scalars(visible(actor).order_by(Project.id.desc())))


def by_name(session: ReadSession, name: str) -> Project | None:
    """Return the project of this name, also a deleted one: names are unique."""
    return session.scalars(select(Project).where(Project.name == name)).first()


def member_counts(session: ReadSession, project_ids: list[UUID]) -> dict[UUID, int]:
    """Return how many members each project has."""
    query = select(ProjectMember.project_id, func.count()).where(ProjectMember.project_id.in_(project_ids))
    return {project_id: count for project_id, count in session.execute(query.group_by(ProjectMember.project_id))}


def members(session: ReadSession, project_id: UUID) -> list[tuple[ProjectMember, User]]:
    """Return the members with their accounts, longest first."""
    query = select(ProjectMember, User).join(User, User.id == ProjectMember.user_id)
    query = query.where(ProjectMember.project_id == project_id).order_by(ProjectMember.created_at)
    return [(member, user) for member, user in session.execute(query)]


def installed(session: ReadSession, user_id: UUID) -> list[tuple[Project, list[User], int, bool]]:
    """Return every project, also deleted ones, with its owners, its number of members, and whether a person is one."""
    people: dict[UUID, list[tuple[ProjectMember, User]]] = defaultdict(list)
    query = select(ProjectMember, User).join(User, User.id == ProjectMember.user_id)
    for member, user in session.execute(query.order_by(ProjectMember.created_at)):
        people[member.project_id].append((member, user))
    return [
        (
            project,
            [user for member, user in people[project.id] if member.role == "owner"],
            len(people[project.id]),
            any(user.id == user_id for _, user in people[project.id]),
        )
        for project in session.scalars(select(Project).order_by(Project.name))
    ]


def classes(session: ReadSession, project_id: UUID) -> list[Class]:
    """Return the classes in their order on screen, without deleted and merged ones."""
    query = select(Class).where(Class.project_id == project_id, Class.deleted_at.is_(None))
    return list(session.scalars(query.order_by(Class.position, Class.id)))


def class_name(session: ReadSession, class_id: UUID) -> str:
    """Return the name of a class, deleted or not."""
    return session.scalar(select(Class.name).where(Class.id == class_id)) or ""


def class_by_name(session: ReadSession, project_id: UUID, name: str) -> Class | None:
    """Return the class of this name, whatever its case."""
    query = select(Class).where(Class.project_id == project_id, Class.deleted_at.is_(None))
    return session.scalars(query.where(func.lower(Class.name) == name.lower())).first()


def next_position(session: ReadSession, project_id: UUID) -> int:
    """Return the position behind the last class."""
    return (session.scalar(select(func.max(Class.position)).where(Class.project_id == project_id)) or 0) + 1


def images_by_class(session: ReadSession, project_id: UUID) -> dict[UUID, int]:
    """Return how many images have each class, as their answer or drawn into them."""
    query = select(Annotation.class_id, func.count()).where(
        Annotation.project_id == project_id, Annotation.class_id.is_not(None)
    )
    counts = {class_id: count for class_id, count in session.execute(query.group_by(Annotation.class_id)) if class_id}
    drawn = select(Object.class_id, func.count(func.distinct(Object.image_id))).where(
        Object.project_id == project_id, Object.until_revision.is_(None)
    )
    for class_id, count in session.execute(drawn.group_by(Object.class_id)):
        counts[class_id] = counts.get(class_id, 0) + count
    return counts


def suggestions_of(session: ReadSession, class_id: UUID) -> int:
    """Return how many images this class is suggested for."""
    return session.scalar(select(func.count()).where(Suggestion.class_id == class_id)) or 0


def versions_with(session: ReadSession, project_id: UUID, class_id: UUID) -> int:
    """Return how many frozen versions hold this class; they keep it."""
    rows = session.scalars(select(DatasetVersion.classes).where(DatasetVersion.project_id == project_id))
    return sum(any(entry["id"] == str(class_id) for entry in entries) for entries in rows)


def changes(session: ReadSession, project_id: UUID) -> list[ClassChange]:
    """Return the latest changes of the class list, newest first."""
    query = select(ClassChange).where(ClassChange.project_id == project_id)
    return list(session.scalars(query.order_by(ClassChange.id.desc()).limit(50)))


def later_changes(session: WriteSession, change: ClassChange) -> list[ClassChange]:
    """Return changes of the same project made after this one and not taken back."""
    query = select(ClassChange).where(ClassChange.project_id == change.project_id, ClassChange.id > change.id)
    return list(session.scalars(query.where(ClassChange.undone_at.is_(None))))


def points_placed(session: ReadSession, class_id: UUID) -> tuple[int, int, Counter[int]]:
    """Return (objects, images, objects by point that they have) of a class's objects with keypoints."""
    query = select(Object.image_id, Object.shape).where(Object.class_id == class_id, Object.type == "keypoints")
    objects, images, placed = 0, set(), Counter[int]()
    for image_id, shape in session.execute(
        query.where(Object.until_revision.is_(None)).execution_options(yield_per=1000)
    ):
        objects += 1
        images.add(image_id)
        placed.update(at for at, point in enumerate(shape["points"]) if point[2])
    return objects, len(images), placed
