"""What the assist room hears from the rooms before it."""

from modelyard.server.assist import detector_repository, repository, service
from modelyard.server.assist.service import detectors
from modelyard.server.events import (
    AnnotationsChanged,
    ClassDeleted,
    ClassMerged,
    ClassSplitUp,
    FeaturesReady,
    GoldChanged,
    ObjectSuggestionsDecided,
)
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.events import subscribe


@subscribe(AnnotationsChanged)
@subscribe(FeaturesReady)
@subscribe(GoldChanged)
def refresh(session: WriteSession, event: AnnotationsChanged | FeaturesReady | GoldChanged) -> None:
    """Suggest anew, soon."""
    service.enqueue(session, event.project_id)


@subscribe(ClassMerged)
def follow_merge(session: WriteSession, event: ClassMerged) -> None:
    """Let suggestions name the class that took over."""
    repository.rename_class(session, event.project_id, event.source_id, event.target_id)
    detectors.follow_merge(session, event.project_id, event.source_id, event.target_id)
    service.enqueue(session, event.project_id)


@subscribe(ClassSplitUp)
def follow_split(session: WriteSession, event: ClassSplitUp) -> None:
    """Let suggestions of a class that has left the list name the one that the rest went to, and learn anew."""
    if event.rest_id is not None:
        repository.rename_class(session, event.project_id, event.source_id, event.rest_id)
        detectors.follow_merge(session, event.project_id, event.source_id, event.rest_id)
    service.enqueue(session, event.project_id)


@subscribe(ClassDeleted)
def follow_deletion(session: WriteSession, event: ClassDeleted) -> None:
    """Suggest a deleted class no longer."""
    repository.forget_class(session, event.project_id, event.class_id)
    service.enqueue(session, event.project_id)


@subscribe(ObjectSuggestionsDecided)
def note_decisions(session: WriteSession, event: ObjectSuggestionsDecided) -> None:
    """Write what became of suggested objects, together with the objects themselves."""
    for suggestion_id, (object_id, outcome) in event.taken.items():
        detector_repository.take(session, suggestion_id, object_id, outcome, event.actor_id)
    detector_repository.decide(session, event.image_id, event.rejected, "rejected", event.actor_id)
    detector_repository.decide(session, event.image_id, event.undecided, None, event.actor_id)
