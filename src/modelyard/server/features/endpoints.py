"""Similar images, and the network that finds them, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from modelyard.engine.backbones import BackboneDamaged, BackboneNotFound
from modelyard.server.dependencies import CurrentActor, Reading, Services
from modelyard.server.features import networks, service
from modelyard.server.features.schemas import BackboneChoice, SimilarImage
from modelyard.server.images import service as images
from modelyard.server.kit.problems import problems
from modelyard.server.kit.routes import Routes
from modelyard.server.projects import schemas as project_shapes
from modelyard.server.projects import service as projects

router = Routes(tags=["features"])


@router.get(
    "/images/{image_id}/similar",
    operation_id="features.similar",
    responses=problems(images.ImageNotFound, service.FeaturesMissing),
)
def similar_images(
    image_id: UUID,
    actor: CurrentActor,
    session: Reading,
    services: Services,
    limit: Annotated[int, Query(ge=1, le=100)] = 24,
) -> list[SimilarImage]:
    """List the images that look most like this one."""
    image = images.get(session, actor, image_id)
    backbone = projects.settings_of(projects.get(session, actor, image.project_id)).backbone
    found = service.similar(session, services.blobs, image, backbone=backbone, limit=limit)
    return [SimilarImage(image=card, similarity=score) for card, score in found]


@router.put(
    "/projects/{project_id}/backbone",
    operation_id="backbones.choose",
    responses=problems(
        projects.ProjectNotFound,
        networks.BackboneUnknown,
        BackboneNotFound,
        networks.OnlyAdministratorsBringBackbones,
        BackboneDamaged,
    ),
)
def choose_backbone(
    project_id: UUID, body: BackboneChoice, actor: CurrentActor, services: Services
) -> project_shapes.Project:
    """Choose the network that looks at the project's pictures; a job begins to compute their embeddings anew."""
    return networks.choose(services.db, services.blobs, actor, project_id, body.backbone)
