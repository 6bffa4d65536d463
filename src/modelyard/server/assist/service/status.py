"""How the suggestions stand, in plain words, and asking for fresh ones."""

from datetime import timedelta
from uuid import UUID

from modelyard.server.accounts.actor import Actor
from modelyard.server.assist import repository, schemas
from modelyard.server.images import veil
from modelyard.server.images.cards import cards
from modelyard.server.kit import jobs
from modelyard.server.kit.database import ReadSession, WriteSession
from modelyard.server.kit.jobs.queue import is_active
from modelyard.server.projects import service as projects
from modelyard.server.tables import Job

KIND = "assist.refresh"
_NOT_OFFERED = "Suggestions are offered where a picture has one class; here it may have several."
LEAST_LABELS = 4
LEAST_CLASSES = 2
_QUICK_S = 1.0
_LONGEST_REST_S = 5.0


def status(session: ReadSession, actor: Actor, project_id: UUID) -> schemas.SuggestionStatus:
    """Say which quick model suggests, how good it is, and what is missing."""
    project = projects.get(session, actor, project_id)
    needs = _NOT_OFFERED if project.task == "multi_label" else missing(repository.labels(session, project_id))
    if needs is None and not repository.shards(session, project_id, projects.settings_of(project).backbone):
        needs = "The pictures are still being looked at; suggestions begin when that is done."
    model = None if needs else repository.last_model(session, project_id)
    active = is_active(session, project_id=project_id, kind=KIND)
    return schemas.SuggestionStatus(
        version=model.version if model else None,
        labels=model.labels if model else 0,
        accuracy=model.accuracy if model else None,
        fresh=model is not None and not active,
        seconds=model.seconds if model else None,
        updated_at=model.created_at if model else None,
        needs=needs,
    )


def missing(labels: dict[UUID, int]) -> str | None:
    """Return what the labels lack before a model can learn from them; None if they suffice."""
    total = sum(labels.values())
    if total >= LEAST_LABELS and len(labels) >= LEAST_CLASSES:
        return None
    if len(labels) < LEAST_CLASSES and total >= LEAST_LABELS:
        return "Label a picture of another class; suggestions begin with two classes."
    rest = LEAST_LABELS - total
    return (
        f"Label {rest} more {'picture' if rest == 1 else 'pictures'}, of at least two classes; then suggestions begin."
    )


def ask_for_refresh(session: WriteSession, actor: Actor, project_id: UUID) -> Job:
    """Ask for fresh suggestions; one that waits already is returned."""
    projects.get(session, actor, project_id)
    return enqueue(session, project_id, created_by=actor.user_id)


def enqueue(session: WriteSession, project_id: UUID, *, created_by: UUID | None = None) -> Job:
    """Put a refresh into the queue of jobs, at most one waiting per project.

    Where a refresh takes long, the next one rests first, so that it does not take the machine from those who label.
    """
    last = repository.last_model(session, project_id)
    rest = timedelta(seconds=min(max(last.seconds - _QUICK_S, 0.0), _LONGEST_REST_S)) if last else timedelta()
    return jobs.enqueue(
        session,
        KIND,
        params={"project_id": str(project_id)},
        project_id=project_id,
        created_by=created_by,
        queueing_lock=f"{KIND}:{project_id}",
        run_after=last.created_at + rest if last and rest else None,
        title="Refresh suggestions",
    )


def label_errors(session: ReadSession, actor: Actor, project_id: UUID, *, limit: int) -> list[schemas.LabelError]:
    """Return labels that look wrong, the most doubtful first; those changed since are left out."""
    projects.get(session, actor, project_id)
    model = repository.last_model(session, project_id)
    suspects = [_Suspect(entry) for entry in model.details.get("suspects", [])] if model else []
    given = repository.given_classes(session, [suspect.image_id for suspect in suspects])
    live = repository.class_names(session, project_id)
    hidden = veil.hidden(session, project_id=project_id, actor=actor)
    suspects = [suspect for suspect in suspects if suspect.image_id not in hidden]
    still = [
        suspect for suspect in suspects if given.get(suspect.image_id) == suspect.given_id and suspect.guess_id in live
    ]
    shown = {card.id: card for card in cards(session, [suspect.image_id for suspect in still[:limit]])}
    return [
        schemas.LabelError(
            image=shown[suspect.image_id],
            given_class_id=suspect.given_id,
            suggested_class_id=suspect.guess_id,
            score=suspect.score,
        )
        for suspect in still[:limit]
    ]


class _Suspect:
    def __init__(self, entry: dict[str, str | float]) -> None:
        self.image_id = UUID(str(entry["image_id"]))
        self.given_id = UUID(str(entry["given"]))
        self.guess_id = UUID(str(entry["suggested"]))
        self.score = float(entry["score"])
