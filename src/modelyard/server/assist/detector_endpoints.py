"""Detectors that people bring, and the objects that they suggest, over HTTP."""

from pathlib import PurePath
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from modelyard.errors import Invalid
from modelyard.server.accounts.actor import Actor
from modelyard.server.annotations.endpoints import InBatch
from modelyard.server.assist import detector_schemas as schemas
from modelyard.server.assist.service import asking, detectors
from modelyard.server.dependencies import CurrentActor, Reading, Services, Writing
from modelyard.server.images.service import ImageNotFound
from modelyard.server.jobs.schemas import Job
from modelyard.server.kit.bodies import BodyTooLarge, FormInvalid, read_form
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects import service as projects
from modelyard.server.projects.service import ProjectNotFound
from modelyard.server.services import AppServices
from modelyard.serving.detector_card import MAX_CARD_BYTES, DetectorCardInvalid

router = Routes(tags=["detectors"])

_FILE = {"type": "string", "format": "binary"}
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "network": _FILE | {"description": "The ONNX file, at most 512 MiB."},
                        "card": _FILE | {"description": "The JSON that says its classes and how it sees."},
                        "name": {"type": "string", "description": "What people call it; the file's name if absent."},
                    },
                    "required": ["network", "card"],
                }
            }
        },
    }
}


class DetectorIncomplete(Invalid):
    """Send a form with two files: "network", the ONNX file, and "card", the JSON that describes it."""


@router.post(
    "/projects/{project_id}/detectors",
    operation_id="detectors.create",
    status_code=201,
    openapi_extra=_FORM,
    responses=problems(
        ProjectNotFound,
        BodyTooLarge,
        FormInvalid,
        DetectorIncomplete,
        DetectorCardInvalid,
        detectors.DetectorRefused,
        detectors.DetectorNameTaken,
        detectors.TrialsBusy,
    ),
)
async def create_detector(
    project_id: UUID, actor: CurrentActor, request: Request, services: Services
) -> schemas.Detector:
    """Bring a detector: an ONNX file and its card. It is tried on a grey image before it is accepted."""
    await run_in_threadpool(_check_member, services, actor, project_id)
    limit = detectors.MAX_NETWORK_BYTES + MAX_CARD_BYTES
    async with read_form(request, max_bytes=limit, max_files=2) as form:
        return await run_in_threadpool(_create, services, actor, project_id, form)


def _check_member(services: AppServices, actor: Actor, project_id: UUID) -> None:
    with services.db.read() as session:
        projects.get(session, actor, project_id)


def _create(services: AppServices, actor: Actor, project_id: UUID, form: FormData) -> schemas.Detector:
    network, card, name = (form.get(part) for part in ("network", "card", "name"))
    if not isinstance(network, UploadFile) or card is None:
        raise DetectorIncomplete
    said = card.file.read(MAX_CARD_BYTES + 1) if isinstance(card, UploadFile) else card.encode()
    called = name.strip() if isinstance(name, str) else ""
    called = called or PurePath(network.filename or "").stem
    called = "".join(sign for sign in called if sign.isprintable()).strip() or "Detector"
    return detectors.create(services, actor, project_id, name=called[:100], card=said, network=network.file)


@router.get("/projects/{project_id}/detectors", operation_id="detectors.list", responses=problems(ProjectNotFound))
def list_detectors(project_id: UUID, actor: CurrentActor, session: Reading) -> list[schemas.Detector]:
    """List a project's detectors, newest first, with what became of their suggestions."""
    return detectors.list_(session, actor, project_id)


@router.get(
    "/projects/{project_id}/detectors/statistics",
    operation_id="detectors.statistics",
    responses=problems(ProjectNotFound),
)
def get_statistics(project_id: UUID, actor: CurrentActor, session: Reading) -> schemas.DetectorStatistics:
    """Say what became of suggested objects, class by class, and how long an object takes with and without them."""
    return detectors.statistics(session, actor, project_id)


@router.patch(
    "/detectors/{detector_id}",
    operation_id="detectors.update",
    responses=problems(detectors.DetectorNotFound, detectors.DetectorNameTaken, detectors.DetectorClassUnknown),
)
def update_detector(
    detector_id: UUID, body: schemas.DetectorUpdate, actor: CurrentActor, session: Writing
) -> schemas.Detector:
    """Rename a detector, or choose which of the project's classes its classes mean, from the next look on."""
    return detectors.update(session, actor, detector_id, body)


@router.delete(
    "/detectors/{detector_id}",
    operation_id="detectors.delete",
    status_code=204,
    responses=problems(detectors.DetectorNotFound),
)
def delete_detector(detector_id: UUID, actor: CurrentActor, session: Writing) -> None:
    """Put a detector away. Its undecided suggestions are shown no more; what people took over stays."""
    detectors.delete(session, actor, detector_id)


@router.post(
    "/detectors/{detector_id}/restore",
    operation_id="detectors.restore",
    responses=problems(detectors.DetectorNotFound, detectors.DetectorNameTaken),
)
def restore_detector(detector_id: UUID, actor: CurrentActor, session: Writing) -> schemas.Detector:
    """Bring back a detector that was put away, with its suggestions."""
    return detectors.restore(session, actor, detector_id)


@router.post(
    "/detectors/{detector_id}/suggest",
    operation_id="detectors.suggest",
    status_code=202,
    responses=problems(detectors.DetectorNotFound, asking.NoClassMeant, asking.NothingToLookAt),
)
def suggest_objects(detector_id: UUID, body: schemas.SuggestObjects, actor: CurrentActor, session: Writing) -> Job:
    """Have a detector look at many images, in a job; images for testing are left out.

    Its undecided suggestions are replaced; what people decided stays, and is not suggested again.
    """
    return Job.model_validate(asking.suggest(session, actor, detector_id, body))


@router.get("/images/{image_id}/suggestions", operation_id="object_suggestions.list", responses=problems(ImageNotFound))
def list_suggestions(
    image_id: UUID, actor: CurrentActor, session: Reading, batch_id: InBatch = None
) -> schemas.ImageSuggestions:
    """List the objects that are suggested for an image and undecided, the surest first.

    They are decided by changing the image's objects: an object with a `suggestion_id` takes one over, `reject` names
    those that are wrong.
    """
    return asking.of_image(session, actor, image_id, batch_id=batch_id)


@router.post(
    "/images/{image_id}/suggestions/{detector_id}",
    operation_id="object_suggestions.create",
    status_code=202,
    responses=problems(ImageNotFound, detectors.DetectorNotFound, asking.NoClassMeant, asking.KeptForTesting),
)
def suggest_now(image_id: UUID, detector_id: UUID, actor: CurrentActor, session: Writing) -> Job:
    """Have a detector look at one image, before other work that waits."""
    return Job.model_validate(asking.suggest_now(session, actor, image_id, detector_id))
