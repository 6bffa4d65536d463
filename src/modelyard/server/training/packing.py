"""What a model is stored as: its head, and the archive that runs without us."""

import shutil
from typing import Any

from modelyard.engine.export import ExportClass, ExportFacts, LinearHead, write_archive
from modelyard.engine.recipes import TrainedHead
from modelyard.server.datasets.manifest import Manifest
from modelyard.server.features import networks
from modelyard.server.kit.jobs import JobContext
from modelyard.server.tables import Project, Run
from modelyard.server.training import heads
from modelyard.server.training.measuring import Measurement


def pack(ctx: JobContext, run: Run, contents: Manifest, trained: TrainedHead, facts: ExportFacts) -> dict[str, Any]:
    """Store head and archive, and return their hashes."""
    folder = ctx.settings.data / "models-in-work" / str(ctx.job_id)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        path = write_archive(
            folder / "model.zip",
            networks.load(ctx.blobs, str(run.config["backbone"])),
            LinearHead(trained.fit.weights, trained.fit.bias, trained.temperature),
            [ExportClass(id=entry["id"], name=entry["name"]) for entry in contents.classes],
            facts=facts,
            threshold=trained.selective.threshold,
        )
        archive = ctx.blobs.put_file(path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {"zip": archive, "head": ctx.blobs.put(heads.to_bytes(trained.fit.weights, trained.fit.bias))}


def facts(run: Run, project: Project, contents: Manifest, measured: Measurement) -> ExportFacts:
    """Return what the model card tells."""
    report, images = measured.report, len(contents.entries)
    n, version = report["n"], run.config["version"]
    checked = {
        "test": f"{n} pictures of version {version} that were kept apart",
        "cv": f"{n} pictures of version {version} by cross-validation, for want of pictures kept apart",
    }
    return ExportFacts(
        name=project.name,
        description=project.description,
        dataset=f"version {version} of {project.name}, {images} pictures, BLAKE3 {run.config['content_hash']}",
        recipe=f"{run.recipe} on {run.config['backbone']}, seed {run.config['seed']}",
        created=run.created_at.date().isoformat(),
        measured_on=checked[measured.split],
        metrics={"accuracy": report["accuracy"], "macro_f1": report["macro_f1"]},
    )
