"""A project with a real model: the bundled backbone with a head that was never trained, which is enough to answer."""

from io import BytesIO
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from PIL import Image

from modelyard.engine.backbones import DEFAULT, FILES, load
from modelyard.engine.export import ExportClass, ExportFacts, LinearHead, write_archive
from modelyard.server.tables import DatasetVersion, Model


def picture(seed=0, kind="JPEG"):
    file = BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 256, (6, 5, 3), np.uint8)
    Image.fromarray(pixels).resize((120, 100)).save(file, kind)
    return file.getvalue()


@pytest.fixture(scope="session")
def archives(tmp_path_factory):
    """Return a function that exports a head for these classes."""
    if not (FILES / f"{DEFAULT}.onnx").exists():
        pytest.skip("the bundled backbone is not built (`python -m modelyard.engine.backbones build`)")
    folder = tmp_path_factory.mktemp("archives")
    backbone = load(DEFAULT)

    def export(classes: list[ExportClass], threshold: float | None):
        weights = np.random.default_rng(0).normal(0, 20, (backbone.card.dimensions, len(classes)))
        head = LinearHead(weights.astype(np.float32), np.zeros(len(classes), np.float32))
        facts = ExportFacts(name="Pastries")
        return write_archive(folder / "model.zip", backbone, head, classes, facts=facts, threshold=threshold)

    return export


@pytest.fixture
def add_model(services, owner, project, archives):
    """Return a function that adds a model to the project, as training leaves it, and returns its id."""
    classes = owner.get(f"/api/v1/projects/{project['id']}/classes").json()

    def add(number: int = 1, *, accuracy: float = 0.95, threshold: float | None = 0.0, **values: Any) -> str:
        path = archives([ExportClass(entry["id"], entry["name"]) for entry in classes], threshold)
        project_id = UUID(project["id"])
        facts: dict[str, Any] = {"artifacts": {"zip": services.blobs.put_file(path)}, "classes": classes}
        facts["summary"] = {"split": "test", "accuracy": accuracy, "n": 100}
        with services.db.write() as session:
            version = DatasetVersion(project_id=project_id, number=number, content_hash="0" * 64, images=0)
            version.splits, version.options, version.classes = {}, {}, classes
            session.add(version)
            session.flush()
            model = Model(
                project_id=project_id,
                number=number,
                version_id=version.id,
                recipe="head",
                backbone=DEFAULT,
                threshold=threshold,
                **(facts | values),
            )
            session.add(model)
            session.flush()
            return str(model.id)

    return add


@pytest.fixture
def deploy(owner, project, app):
    """Return a function that deploys a model, waits until it is loaded, and returns the deployment."""

    def make(model_id: str, name: str = "pastries", **body: Any) -> dict[str, Any]:
        address = f"/api/v1/projects/{project['id']}/deployments"
        answer = owner.post(address, json={"name": name, "model_id": model_id, **body})
        assert answer.status_code == 201, answer.text
        assert app.state.services.predictors.settle()
        return owner.get(f"/api/v1/deployments/{name}").json()

    return make
