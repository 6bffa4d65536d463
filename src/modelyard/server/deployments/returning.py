"""The way back: pictures that a model was in doubt about become images that wait to be labelled."""

from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations.service.queue import add_images
from modelyard.server.deployments import predicting, repository, service
from modelyard.server.images import service as images
from modelyard.server.kit.blobs import BlobMissing
from modelyard.server.kit.database import WriteSession
from modelyard.server.projects import service as projects
from modelyard.server.services import AppServices

MOST_AT_ONCE = 200
_REASON = "A deployed model was in doubt about it"


def send_doubtful(session: WriteSession, services: AppServices, actor: Actor, name: str) -> int:
    """Send kept, undecided pictures to the labelling queue, each once, at most 200 a call; return how many."""
    deployment, _ = service.get(session, actor, name)
    project = projects.get(session, actor, deployment.project_id)
    sent = []
    for kept in repository.doubtful(session, deployment.id, most=MOST_AT_ONCE):
        try:
            data = services.blobs.get_at(predicting.key_of(kept.id))
        except BlobMissing:
            continue
        file_name = f"{name}/{kept.id}-{kept.name}" if kept.name else f"{name}/{kept.id}"
        image, _ = images.add_bytes(
            session, services.blobs, services.settings, project, name=file_name, data=data, author_id=actor.user_id
        )
        kept.queued_image_id = image.id
        sent.append(image.id)
    session.flush()
    if sent:
        add_images(session, actor, project.id, sent, reason=_REASON)
    return len(sent)
