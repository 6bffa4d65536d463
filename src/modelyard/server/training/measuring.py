"""Measuring a head on pictures that it has not learnt from, from cached features."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelyard.engine.recipes import TrainedHead
from modelyard.engine.reports import Checked, Judgement, build_report
from modelyard.errors import Conflict
from modelyard.server.datasets.manifest import Entry, Manifest
from modelyard.server.kit.blobs import BlobStore
from modelyard.server.kit.database import ReadSession
from modelyard.server.tables import Model
from modelyard.server.training import gate, heads, inputs, predictions
from modelyard.server.training.heads import Head
from modelyard.server.training.inputs import Inputs
from modelyard.server.training.predictions import Prediction


class TooFewToMeasure(Conflict):
    """There are too few pictures to measure a model on. Label more pictures that are kept back for testing."""


@dataclass(frozen=True, eq=False)
class Case:
    """Pictures to measure a head on, and what it says about them.

    Args:
        split: "test", "val", or "cv" for cross-validation.
        entries: N images.
        y: Their class indices, shape (N,).
        groups: One number a group of near-duplicates, shape (N,).
        logits: Before temperature, shape (N, K).
    """

    split: str
    entries: Sequence[Entry]
    y: NDArray[np.int64]
    groups: NDArray[np.int64]
    logits: NDArray[np.float32]


@dataclass(frozen=True)
class Measurement:
    """The report of a model on a split, and what it said about each image."""

    split: str
    report: dict[str, Any]
    predictions: list[Prediction]


def choose_case(trained: TrainedHead, taught: Inputs, tested: Inputs | None) -> Case:
    """Return the pictures that a fresh model is measured on: the test split, or for want of one, cross-validation.

    Raises:
        TooFewToMeasure: There is neither; says how much to label.
    """
    if tested is not None:
        return _case("test", tested, Head(trained.fit.weights, trained.fit.bias))
    if trained.fit.out_of_fold_logits is None:
        raise TooFewToMeasure(
            f"{len(taught.entries)} pictures are too few to tell how good a model is. "
            "Label at least 5 pictures of each class, then train again."
        )
    return Case("cv", taught.entries, taught.y, taught.groups, trained.fit.out_of_fold_logits)


def judge(
    case: Case, classes: Sequence[Mapping[str, Any]], *, temperature: float, decided: Mapping[str, Any], wish: float
) -> Measurement:
    """Return the report about `case`; `decided` is what `heads.decisions` returned."""
    image_ids = [entry.image_id for entry in case.entries]
    class_ids = [str(entry["id"]) for entry in classes]
    report = build_report(
        Checked(truth=case.y, logits=case.logits, image_ids=image_ids, groups=case.groups),
        [(str(entry["id"]), str(entry["name"])) for entry in classes],
        Judgement(
            temperature=temperature,
            selective=heads.selective_of(decided),
            wish=wish,
            labels=decided["labels"],
            suspects=decided["suspects"],
        ),
    )
    report["gate"] = gate.judge(report, split=case.split, wish=wish)
    if case.split == "cv":
        headline = report["words"]["headline"]
        report["words"]["headline"] = f"An estimate by cross-validation: {headline[:1].lower()}{headline[1:]}"
    said = predictions.from_logits(
        case.logits / np.float32(temperature),
        image_ids=image_ids,
        truths=[class_ids[index] for index in case.y],
        class_ids=class_ids,
    )
    return Measurement(case.split, report, said)


def measure(
    session: ReadSession, blobs: BlobStore, model: Model, contents: Manifest, *, split: str, wish: float
) -> Measurement:
    """Return how good a stored model is on a split of a version, its own or a later one.

    Pictures of classes that the model does not know are left out, and the report says so.

    Raises:
        TooFewToMeasure: The split holds no picture that the model could know.
        FeaturesMissing: Its backbone has not looked at all of them.
    """
    known = {entry["id"]: index for index, entry in enumerate(model.classes)}
    everything = contents.of_split(split)
    entries = [entry for entry in everything if entry.class_id in known]
    if not entries:
        raise TooFewToMeasure(
            f"The {split} split of this version holds no picture that model {model.number} could be measured on. "
            "Label pictures that are kept back for testing, then freeze a new version."
        )
    chosen = inputs.gather(session, blobs, known, entries, backbone=model.backbone)
    case = _case(split, chosen, heads.from_bytes(blobs.get(model.artifacts["head"])))
    decided = model.artifacts["decisions"]
    found = judge(case, model.classes, temperature=model.temperature, decided=decided, wish=wish)
    if strangers := len(everything) - len(entries):
        found.report["words"]["paragraph"] += f" Left out: {strangers} pictures of classes that it does not know."
    return found


def keep(blobs: BlobStore, said: Sequence[Prediction]) -> str:
    """Store predictions and return their hash."""
    return blobs.put(predictions.to_bytes(said))


def summary(measured: Measurement) -> dict[str, Any]:
    """Return the figures of a model for lists."""
    report = measured.report
    figures = {name: report[name] for name in ("n", "accuracy", "accuracy_interval", "macro_f1")}
    selective = report["selective"]
    answered = selective["answered_share"] if selective["threshold"] is not None else None
    return {"split": measured.split, **figures, "promise": selective["promise"], "answered_share": answered}


def _case(split: str, chosen: Inputs, head: Head) -> Case:
    return Case(split, chosen.entries, chosen.y, chosen.groups, head.logits(chosen.features))
