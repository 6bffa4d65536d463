"""Splits keep every promise of theirs, whatever the labels, groups and earlier decisions."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelyard.engine.splits import assign_splits

rows = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(0, 25), st.sampled_from(["", "", "", "train", "val", "test"]), st.booleans()
    ),
    min_size=1,
    max_size=80,
)


def assign(rows: list[tuple[int, int, str, bool]], **options: Any) -> list[str]:
    labels, groups, fixed, may_test = zip(*rows, strict=True)
    return assign_splits(labels, groups, fixed, may_test, **options)


@given(rows, st.integers(0, 3))
def test_what_was_decided_stays_and_nothing_depends_on_luck(rows: list[tuple[int, int, str, bool]], seed: int) -> None:
    splits = assign(rows, seed=seed)
    assert all(split == given_ for split, (_, _, given_, _) in zip(splits, rows, strict=True) if given_)
    assert splits == assign(rows, seed=seed)
    assert set(splits) <= {"train", "val", "test"}


@given(rows)
def test_groups_stay_together_unless_they_were_torn_before(rows: list[tuple[int, int, str, bool]]) -> None:
    splits = assign(rows)
    for group in {row[1] for row in rows}:
        before = {row[2] for row in rows if row[1] == group and row[2]}
        after = {split for split, row in zip(splits, rows, strict=True) if row[1] == group}
        assert len(after) == max(len(before), 1)


@given(rows)
def test_images_that_may_not_test_come_to_test_only_by_their_decided_twin(
    rows: list[tuple[int, int, str, bool]],
) -> None:
    for split, (_, group, _, may_test) in zip(assign(rows), rows, strict=True):
        if split == "test" and not may_test:
            assert any(row[1] == group and row[2] == "test" for row in rows)


@given(rows)
def test_classes_with_open_groups_stay_in_train(rows: list[tuple[int, int, str, bool]]) -> None:
    free = [(label, group, "", may) for label, group, _, may in rows]
    splits = assign(free)
    for label in {row[0] for row in free}:
        assert "train" in {split for split, row in zip(splits, free, strict=True) if row[0] == label}


@given(st.integers(0, 5), st.sampled_from([(0.2, 0.1), (0.3, 0.2), (0.1, 0.0)]))
def test_each_class_has_its_shares(seed: int, shares: tuple[float, float]) -> None:
    labels = np.repeat([0, 1, 2], [200, 60, 20])
    splits = assign_splits(
        labels,
        np.arange(280) // 2,
        [""] * 280,
        np.ones(280),
        test_share=shares[0],
        val_share=shares[1],
        seed=seed,
    )
    for label, n in Counter(labels.tolist()).items():
        counts = Counter(split for split, mine in zip(splits, labels, strict=True) if mine == label)
        assert abs(counts["test"] - shares[0] * n) <= 2
        assert abs(counts["val"] - shares[1] * n) <= 2


def test_new_images_never_move_old_ones() -> None:
    first = assign_splits([0] * 50, range(50), [""] * 50, [True] * 50)
    more = assign_splits([0] * 90, range(90), [*first, *[""] * 40], [True] * 90)
    assert more[:50] == first
    assert abs(more.count("test") - 18) <= 1


def test_unknown_split_is_refused() -> None:
    with pytest.raises(ValueError, match="got 'dev'"):
        assign_splits([0], [0], ["dev"], [True])
