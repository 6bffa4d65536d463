"""Twins are found however they arrive; scenes stay together in folds."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from modelyard.engine import twins


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_hash_needs_the_embedding_to_agree() -> None:
    hashes = np.array([0, 0b1111, 0b11111], np.uint64)  # the third differs in five bits from the first
    same, other = unit(np.array([[1, 0.1], [1, 0.2], [1, 0.9]])), unit(np.array([[1, 0], [0, 1], [-1, 0]]))
    assert twins.twin_groups(hashes, same).tolist() == [0, 0, 2]
    assert twins.twin_groups(hashes, other).tolist() == [0, 1, 2]


def test_embedding_alone_needs_to_agree_almost_wholly() -> None:
    hashes = np.array([0, 2**40 - 1], np.uint64)
    assert twins.twin_groups(hashes, unit(np.array([[1, 0], [0.98, np.sqrt(1 - 0.98**2)]]))).tolist() == [0, 0]
    assert twins.twin_groups(hashes, unit(np.array([[1, 0], [0.95, np.sqrt(1 - 0.95**2)]]))).tolist() == [0, 1]


def test_signed_hashes_are_read_as_their_bits() -> None:
    assert twins.twin_groups(np.array([-1, -2, 1], np.int64)).tolist() == [0, 0, 2]


@given(st.lists(st.integers(0, 2**12 - 1), max_size=60), st.integers(0, 60))
def test_arriving_later_makes_no_difference(hashes: list[int], cut: int) -> None:
    everything = np.array(hashes, np.uint64)
    early = twins.twin_groups(everything[:cut])
    assert np.array_equal(twins.extend_groups(early, everything), twins.twin_groups(everything))


@given(st.integers(1, 30), st.lists(st.tuples(st.integers(0, 29), st.integers(0, 29)), max_size=40))
def test_components_are_those_of_a_walk(count: int, pairs: list[tuple[int, int]]) -> None:
    inside = [(a, b) for a, b in pairs if a < count and b < count]
    found = twins.components(count, np.array(inside, np.int64).reshape(-1, 2))
    reached = {row: {row} for row in range(count)}
    for a, b in inside * count:
        reached[a] |= reached[b]
        reached[b] |= reached[a]
    assert found.tolist() == [min(reached[row]) for row in range(count)]


def test_blocks_do_not_show() -> None:
    hashes = np.random.default_rng(0).integers(0, 2**63, 3000, dtype=np.uint64)
    hashes[2500] = hashes[3]
    hashes[1024] = hashes[1023]
    assert twins.twin_pairs(hashes, None).tolist() == [[1023, 1024], [3, 2500]]


def test_bursts_are_one_scene_and_given_groups_hold() -> None:
    chance = np.random.default_rng(0)
    scenes = np.repeat(chance.normal(size=(8, 64)), 4, axis=0)
    features = unit(scenes + 0.1 * chance.normal(size=(32, 64)))
    found = twins.scene_groups(features, np.zeros(32, int))
    assert found.tolist() == np.repeat(np.arange(0, 32, 4), 4).tolist()
    joined = twins.scene_groups(features, np.zeros(32, int), np.array([0] * 8 + list(range(8, 32))))
    assert len(set(joined[:8])) == 1


def test_scene_pairs_connect_what_was_taken_in_one_place_across_blocks() -> None:
    chance = np.random.default_rng(0)
    scenes = np.tile(chance.normal(size=(300, 64)), (5, 1))
    features = unit(scenes + 0.1 * chance.normal(size=(1500, 64)))
    pairs = twins.scene_pairs(features)
    assert twins.components(1500, pairs).tolist() == [row % 300 for row in range(1500)]
    later = twins.scene_pairs(features, new_from=1200)
    assert later[:, 1].min() == 1200
    assert twins.components(1500, later)[1200:].tolist() == list(range(300))


def test_scene_pairs_stay_few_where_all_are_alike() -> None:
    features = unit(np.random.default_rng(0).normal(size=(1, 64)) + np.zeros((2000, 1)))
    features[0] = -features[0]
    assert len(twins.scene_pairs(features)) <= 2000 * 2 * 8


def test_class_of_pictures_all_alike_is_cut_into_pieces() -> None:
    chance = np.random.default_rng(0)
    features = unit(np.repeat(np.eye(2, 64), 50, axis=0) + 0.01 * chance.normal(size=(100, 64)))
    found = twins.scene_groups(features, np.repeat([0, 1], 50))
    assert all(len(set(found[rows])) >= 5 for rows in (slice(50), slice(50, 100)))
