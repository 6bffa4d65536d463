"""Splits of images with several classes keep the promises of those with one, and share out every class."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from modelyard.engine.presence_splits import assign_splits_by_presence

Row = tuple[frozenset[int], int, str, bool]
rows = st.lists(
    st.tuples(
        st.frozensets(st.integers(0, 4), max_size=3),
        st.integers(0, 25),
        st.sampled_from(["", "", "", "train", "val", "test"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=60,
)


def assign(rows: list[Row], **options: Any) -> list[str]:
    pairs = [(at, label) for at, row in enumerate(rows) for label in row[0]]
    _, groups, fixed, may_test = zip(*rows, strict=True)
    return assign_splits_by_presence(pairs, groups, fixed, may_test, **options)


@given(rows, st.integers(0, 3))
def test_what_was_decided_stays_and_nothing_depends_on_luck(rows: list[Row], seed: int) -> None:
    splits = assign(rows, seed=seed)
    assert all(split == given_ for split, (_, _, given_, _) in zip(splits, rows, strict=True) if given_)
    assert splits == assign(rows, seed=seed)
    assert set(splits) <= {"train", "val", "test"}


@given(rows)
def test_groups_stay_together_unless_they_were_torn_before(rows: list[Row]) -> None:
    splits = assign(rows)
    for group in {row[1] for row in rows}:
        before = {row[2] for row in rows if row[1] == group and row[2]}
        after = {split for split, row in zip(splits, rows, strict=True) if row[1] == group}
        assert len(after) == max(len(before), 1)


@given(rows)
def test_images_that_may_not_test_come_to_test_only_by_their_decided_twin(rows: list[Row]) -> None:
    for split, (_, group, _, may_test) in zip(assign(rows), rows, strict=True):
        if split == "test" and not may_test:
            assert any(row[1] == group and row[2] == "test" for row in rows)


@given(rows)
def test_every_class_stays_in_train(rows: list[Row]) -> None:
    free = [(labels, group, "", may) for labels, group, _, may in rows]
    splits = assign(free)
    for label in {label for row in free for label in row[0]}:
        assert "train" in {split for split, row in zip(splits, free, strict=True) if label in row[0]}


def test_every_class_has_its_share_in_every_split() -> None:
    chance = np.random.default_rng(0)
    held = chance.random((1000, 6)) < np.array([0.02, 0.05, 0.1, 0.3, 0.6, 0.9])
    splits = np.array(assign_splits_by_presence(np.argwhere(held), range(1000), [None] * 1000, [True] * 1000))
    for split, share in (("train", 0.7), ("val", 0.1), ("test", 0.2)):
        assert abs((splits == split).mean() - share) < 0.02
        for label in range(6):
            total = held[:, label].sum()
            assert abs((splits[held[:, label]] == split).sum() - share * total) <= max(2, 0.02 * total)


def test_images_with_nothing_in_them_are_shared_out_too() -> None:
    splits = assign_splits_by_presence([(at, 0) for at in range(20)], range(40), [None] * 40, [True] * 40)
    assert splits[20:].count("test") == 4
    assert splits[20:].count("val") == 2


def test_a_class_in_three_images_is_tested() -> None:
    assert sorted(assign_splits_by_presence([(0, 0), (1, 0), (2, 0)], range(3), [None] * 3, [True] * 3)) == [
        "test",
        "train",
        "train",
    ]


def test_nothing_gives_nothing() -> None:
    assert assign_splits_by_presence([], [], [], []) == []
