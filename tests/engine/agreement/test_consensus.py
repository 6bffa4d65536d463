"""People weighed by their skill: against a second library, and against what one knows to be true."""

import numpy as np
import pytest

from modelyard.engine.agreement.classes import Labels
from modelyard.engine.agreement.consensus import dawid_skene, fuse_boxes, fuse_masks


def crowd(seed: int, skills: list[float], n_items: int, k: int) -> tuple[Labels, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, k, n_items)
    said = []
    for skill in skills:
        wrong = (truth + rng.integers(1, k, n_items)) % k
        said.append(np.where(rng.random(n_items) < skill, truth, wrong))
    people = np.repeat(np.arange(len(skills)), n_items)
    return Labels(np.tile(np.arange(n_items), len(skills)), people, np.concatenate(said), k), truth


def test_skill_is_found_and_beats_the_majority() -> None:
    labels, truth = crowd(0, [0.95, 0.9, 0.4, 0.4, 0.4], 400, 3)
    found = dawid_skene(labels)
    majority = labels.counts().argmax(axis=1)
    assert (found.probabilities.argmax(axis=1) == truth).mean() > (majority == truth).mean() + 0.05
    assert found.skill() == pytest.approx([0.95, 0.9, 0.4, 0.4, 0.4], abs=0.08)


def test_somebody_who_always_says_one_class_counts_for_nothing() -> None:
    labels, _ = crowd(1, [0.85, 0.9, 0.8], 300, 2)
    lazy = Labels(
        np.concatenate([labels.items, np.arange(300)]),
        np.concatenate([labels.people, np.full(300, 3)]),
        np.concatenate([labels.classes, np.zeros(300, int)]),
        2,
    )
    found = dawid_skene(lazy)
    assert found.confusions[3, :, 0] == pytest.approx([1, 1], abs=0.01)
    assert (found.probabilities.argmax(axis=1) == dawid_skene(labels).probabilities.argmax(axis=1)).all()


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")  # of that library's own calls
def test_it_equals_a_second_library() -> None:
    crowdkit = pytest.importorskip(
        "crowdkit.aggregation",
        reason="The package crowd-kit is not installed; it drags in too much to be a dependency.",
    )
    import pandas as pd

    labels, _ = crowd(2, [0.9, 0.7, 0.6, 0.8], 200, 3)
    frame = pd.DataFrame({"task": labels.items, "worker": labels.people, "label": labels.classes})
    theirs = crowdkit.DawidSkene(n_iter=100).fit_predict_proba(frame).sort_index()[[0, 1, 2]].to_numpy()
    ours = dawid_skene(labels).probabilities
    assert (ours.argmax(axis=1) == theirs.argmax(axis=1)).mean() > 0.99
    assert np.abs(ours - theirs).mean() < 0.01


def test_fuse_boxes__each_person_stands_behind_an_object_once() -> None:
    boxes = np.array([[0, 0, 10, 10], [0, 0, 10, 9], [1, 0, 11, 10], [50, 50, 60, 60.0]])
    fused, support = fuse_boxes(boxes, np.array([0, 0, 1, 1]), np.array([1.0, 1.0]))
    assert len(fused) == 3
    assert support.tolist() == [1.0, 0.5, 0.5]


def test_fuse_boxes__the_skilled_draw_the_edge() -> None:
    fused, _ = fuse_boxes(np.array([[0, 0, 10, 10], [4, 0, 14, 10.0]]), np.array([0, 1]), np.array([0.9, 0.3]), 0.4)
    assert fused.tolist() == [[1.0, 0.0, 11.0, 10.0]]


def test_fuse_boxes__nothing_drawn() -> None:
    fused, support = fuse_boxes(np.zeros((0, 4)), np.zeros(0, int), np.ones(2))
    assert fused.shape == (0, 4)
    assert support.shape == (0,)


def test_fuse_masks__half_is_not_enough() -> None:
    assert not fuse_masks(np.array([[[True]], [[False]]]), np.ones(2)).any()
