"""What the evaluations room does when a model was trained."""

from modelyard.server.events import ModelTrained
from modelyard.server.kit.database import WriteSession
from modelyard.server.kit.events import subscribe
from modelyard.server.tables import Evaluation


@subscribe(ModelTrained)
def keep_report(session: WriteSession, event: ModelTrained) -> None:
    """Keep the first report of a model, in the transaction that makes the model visible."""
    session.add(
        Evaluation(
            project_id=event.project_id,
            model_id=event.model_id,
            version_id=event.version_id,
            split=event.split,
            report=dict(event.report),
            predictions_blob=event.predictions_blob,
        )
    )
    session.flush()
