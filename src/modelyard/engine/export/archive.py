"""Writes the archive a model leaves the house in: network, classes, preprocessing, model card, a program to run it."""

import io
import json
import zipfile
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path
from string import Template

from modelyard.engine.backbones import Backbone, BackboneCard
from modelyard.engine.backbones.card import INPUT
from modelyard.engine.export.graph import PROBABILITIES, ExportClass, LinearHead, fold

_EPOCH = (2000, 1, 1, 0, 0, 0)  # the same model gives the same bytes


@dataclass(frozen=True, kw_only=True)
class ExportFacts:
    """What the model card tells beyond the network: in the words of the report, not in ours.

    `metrics` are figures by name, in [0, 1]; `measured_on` says on what, "96 pictures of version 3 kept apart".
    """

    name: str
    description: str = ""
    dataset: str = ""
    recipe: str = ""
    created: str = ""
    measured_on: str = ""
    limits: str = ""
    licence: str = "other"
    metrics: dict[str, float] = field(default_factory=dict)


def write_archive(
    destination: Path,
    backbone: Backbone,
    head: LinearHead,
    classes: list[ExportClass],
    *,
    facts: ExportFacts,
    threshold: float | None = None,
) -> Path:
    """Write the zip archive to `destination`, whole or not at all, and return it.

    Raises:
        HeadDoesNotFit: The sizes of backbone, head and classes contradict each other.
    """
    texts = {
        "classes.json": _json({"classes": [_indexed(entry) for entry in enumerate(classes)], "threshold": threshold}),
        "preprocessing.json": _json(_preprocessing(backbone.card)),
        "README.md": _readme(backbone.card, classes, facts, threshold),
        "predict.py": (files(__package__) / "predict.py.txt").read_text("utf-8"),
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        model = fold(backbone, head, classes, threshold=threshold)
        archive.writestr(zipfile.ZipInfo("model.onnx", _EPOCH), model, zipfile.ZIP_STORED)  # weights do not shrink
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), text.encode(), zipfile.ZIP_DEFLATED)
    part = destination.with_name(destination.name + ".part")
    part.write_bytes(content.getvalue())
    return part.replace(destination)


def _indexed(entry: tuple[int, ExportClass]) -> dict[str, object]:
    return {"index": entry[0], **asdict(entry[1])}


def _preprocessing(card: BackboneCard) -> dict[str, object]:
    return {
        "input_px": card.input_px,
        "crop_fraction": card.crop_fraction,
        "steps": [
            "apply the EXIF orientation",
            "RGB; transparency over white",
            "the centred square, crop_fraction of the shorter side, resized to input_px (bilinear, antialiased)",
        ],
        "input": {"name": INPUT, "type": "uint8", "shape": ["B", card.input_px, card.input_px, 3], "colour": "RGB"},
        "output": {"name": PROBABILITIES, "type": "float32", "shape": ["B", "K"]},
        "inside_the_graph": {"mean": list(card.mean), "std": list(card.std)},
    }


def _readme(card: BackboneCard, classes: list[ExportClass], facts: ExportFacts, threshold: float | None) -> str:
    template = Template((files(__package__) / "model_card.md.txt").read_text("utf-8"))
    threshold_text = (
        "This model has no threshold yet: too little was checked to promise anything. Have every answer confirmed."
        if threshold is None
        else f"Below a score of {threshold:.3f} treat the answer as undecided and ask a person."
    )
    metrics = "\n".join(f"| {name} | {value:.3f} |" for name, value in facts.metrics.items())
    return template.substitute(
        front=_front_matter(card, facts),
        name=facts.name,
        description=facts.description or "An image classifier.",
        classes="\n".join(f"{index}. {entry.name}" for index, entry in enumerate(classes)),
        metrics=f"| figure | value |\n|---|---|\n{metrics}" if metrics else "Not measured yet.",
        measured_on=facts.measured_on,
        threshold=threshold_text,
        limits=facts.limits or "It knows only the classes above and answers with one of them for any picture.",
        dataset=facts.dataset or "not recorded",
        recipe=facts.recipe or "not recorded",
        backbone=f"{card.name} ({card.licence}; {card.source}; SHA-256 {card.sha256})",
        created=facts.created or "not recorded",
    )


def _front_matter(card: BackboneCard, facts: ExportFacts) -> str:
    """YAML by way of JSON, which is YAML: names are quoted, so none can break out of its line."""
    fields: dict[str, object] = {
        "license": facts.licence,
        "library_name": "onnx",
        "pipeline_tag": "image-classification",
        "tags": ["image-classification", "onnx", "modelyard"],
        "base_model": card.name,
        "base_model_license": card.licence,
    }
    if facts.metrics:
        results = [{"type": name, "value": round(value, 4)} for name, value in facts.metrics.items()]
        task = {"type": "image-classification"}
        dataset = {"name": facts.dataset or "not recorded", "type": "private"}
        index = [{"name": facts.name, "results": [{"task": task, "dataset": dataset, "metrics": results}]}]
        fields["model-index"] = index
    return "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items())


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
