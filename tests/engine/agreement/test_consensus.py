"""People weighed by their skill: against a second library, and against what one knows to be true."""

import math

import numpy as np
import pytest

from modelyard.engine.agreement.classes import Labels
from modelyard.engine.agreement.consensus import believe, dawid_skene, fuse, fuse_masks
from modelyard.engine.agreement.drawings import Drawing
from modelyard.geometry.shapes import Box, Mask, Polygon

SIZE = (100, 100)


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


def boxes(*places: tuple[float, float, float, float], name: str = "bun") -> list[Drawing]:
    return [Drawing(name, Box(*place)) for place in places]


def test_fuse__each_person_stands_behind_an_object_once() -> None:
    found = fuse([boxes((0, 0, 10, 10), (0, 0, 10, 9)), boxes((1, 0, 11, 10), (50, 50, 60, 60))], [0.9, 0.9], SIZE)
    assert [len(joint.members) for joint in found] == [2, 1, 1]
    assert [joint.certainty for joint in found] == [pytest.approx(81 / 82), 0.5, 0.5]


def test_fuse__the_skilled_draw_the_edge_and_say_what_is_there() -> None:
    crowd_of = [boxes((0, 0, 10, 10)), boxes((2, 0, 12, 10)), boxes(), boxes((0, 0, 10, 10), name="roll")]
    joint, other = fuse(crowd_of, [0.9, 0.75, 0.6, 0.5], SIZE)
    heavy, light = math.log(9), math.log(3)
    assert joint.shape.bounds()[0] == pytest.approx(2 * light / (heavy + light))
    assert joint.certainty == pytest.approx(1 / (1 + math.exp(-(heavy + light - math.log(1.5)))))
    assert other.certainty < 0.05


def test_fuse__masks_are_what_more_than_half_of_the_skill_holds_for_them() -> None:
    crowd_of = [[Drawing("bun", Mask(0, 0, 4, 1, "04"))], [Drawing("bun", Mask(0, 0, 3, 1, "03"))]]
    (joint,) = fuse([*crowd_of, [Drawing("bun", Mask(1, 0, 3, 1, "03"))]], [0.8, 0.8, 0.8], SIZE)
    assert joint.shape == Mask(0, 0, 4, 1, "04")
    (joint,) = fuse([*crowd_of, []], [0.8, 0.8, 0.8], SIZE)
    assert joint.shape == Mask(0, 0, 3, 1, "03")


def test_fuse__of_outlines_the_one_most_like_the_others_is_kept() -> None:
    def outline(right: float) -> list[Drawing]:
        return [Drawing("bun", Polygon(((0, 0, right, 0, right, 20, 0, 20),)))]

    (joint,) = fuse([outline(20), outline(24), outline(30)], [0.9, 0.9, 0.9], SIZE)
    assert joint.members[0] == (1, 0)


def test_fuse__nothing_drawn() -> None:
    assert fuse([[], []], [0.9, 0.9], SIZE) == []
    assert believe([]) == {}


def test_believe__whoever_mixes_two_classes_up_says_little_of_them_and_much_of_others() -> None:
    good = {true: {said: 0.9 if said == true else 0.05 for said in "abc"} for true in "abc"}
    blind = {"a": {"a": 0.5, "b": 0.5}, "b": {"a": 0.5, "b": 0.5}, "c": {"c": 1.0}}
    assert believe([("a", good), ("b", blind), ("b", blind)])["a"] > 0.9
    assert believe([("a", good), ("c", blind), ("c", blind)])["c"] > 0.99


def test_fuse_masks__half_is_not_enough() -> None:
    assert not fuse_masks(np.array([[[True]], [[False]]]), np.ones(2)).any()
