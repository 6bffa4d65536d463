"""The recipe "head": a linear head on frozen embeddings, judged by scene-wise cross-validation and calibrated."""

import numpy as np

from modelyard.engine._logistic import softmax
from modelyard.engine.calibration import Selective, fit_temperature, needed_answers, select_threshold
from modelyard.engine.heads import HeadFit, HeadOptions, fit_head
from modelyard.engine.quality import Suspect, label_errors
from modelyard.engine.recipes._card import OnStep, RecipeCard, TrainConfig, TrainData, TrainedHead
from modelyard.engine.twins import scene_groups

CARD = RecipeCard(
    name="head",
    task="classification",
    what="A network that has seen a million pictures looks at yours; only the last step is learnt from your labels.",
    fits="This is the best choice up to some fifty labels of each class, and wherever there is no graphics card.",
    needs="At least two classes with two labelled pictures each; embeddings of every picture.",
    cost="Seconds on two processor cores, once the pictures have been looked at.",
    seconds_least=1.0,
    seconds_per_1000=2.0,
)


def train(data: TrainData, config: TrainConfig, on_step: OnStep | None = None) -> TrainedHead:
    """Fit, judge and calibrate a head; what `on_step` raises ends it.

    Raises:
        HeadDataWrong: The data contradicts itself, or has fewer than two classes.
    """
    groups = scene_groups(data.features, data.classes, data.groups) if config.scenes else data.groups
    options = HeadOptions(C=config.C, budget_s=config.budget_s, seed=config.seed)
    flipped = data.flipped if config.flips else None
    fit = fit_head(
        data.features,
        data.classes,
        data.n_classes,
        flipped=flipped,
        groups=groups,
        options=options,
        on_step=on_step,
    )
    if fit.out_of_fold_logits is None:
        nothing = Selective(config.promise, None, 0, 0, 0.0, needed_answers(0, config.promise))
        return TrainedHead(fit, 1.0, nothing, [], _explain(data, fit, None, flipped is not None))
    temperature = fit_temperature(fit.out_of_fold_logits, data.classes)
    probabilities = softmax(fit.out_of_fold_logits / np.float32(temperature))
    is_right = probabilities.argmax(axis=1) == data.classes
    selective = select_threshold(probabilities.max(axis=1), is_right, promise=config.promise)
    suspects: list[Suspect] = label_errors(probabilities, data.classes)
    text = _explain(data, fit, float(is_right.mean()), flipped is not None)
    return TrainedHead(fit, temperature, selective, suspects, text)


def _explain(data: TrainData, fit: HeadFit, accuracy: float | None, has_flips: bool) -> str:
    views = " and their mirror images" if has_flips else ""
    learnt = f"Learnt from {len(data.classes)} labelled pictures{views} in {fit.seconds:.1f} seconds."
    if accuracy is None:
        return f"{learnt} There are too few labels to check it on pictures that it has not seen."
    return (
        f"{learnt} Checked on pictures it had not seen while learning, with pictures of one scene kept together: "
        f"{100 * accuracy:.0f} % right."
    )
