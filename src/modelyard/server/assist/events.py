"""What the assist room hears from the rooms before it."""

from modelyard.server.assist import repository, service
from modelyard.server.events import AnnotationsChanged, ClassDeleted, ClassMerged, FeaturesReady
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.events import subscribe


@subscribe(AnnotationsChanged)
@subscribe(FeaturesReady)
def refresh(session: WriteSession, event: AnnotationsChanged | FeaturesReady) -> None:
    """Suggest anew, soon."""
    service.enqueue(session, event.project_id)


@subscribe(ClassMerged)
def follow_merge(session: WriteSession, event: ClassMerged) -> None:
    """Let suggestions name the class that took over."""
    repository.rename_class(session, event.project_id, event.source_id, event.target_id)
    service.enqueue(session, event.project_id)


@subscribe(ClassDeleted)
def follow_deletion(session: WriteSession, event: ClassDeleted) -> None:
    """Suggest a deleted class no longer."""
    repository.forget_class(session, event.project_id, event.class_id)
    service.enqueue(session, event.project_id)
