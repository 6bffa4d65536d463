"""Paths along edges: they begin and end where they were told to, and follow what lies between."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.scenes import Disc, table

from modelyard.serving.smart.scissors import EdgeMap, reach_of

BUN = Disc(200, 150, 80, (150, 90, 40))


def far_from_edge(points: tuple[float, ...]) -> float:
    flat = np.reshape(points, (-1, 2))
    steps = np.concatenate([np.linspace(a, b, 20) for a, b in pairwise(flat)])
    return float(np.abs(np.hypot(steps[:, 0] - BUN.x, steps[:, 1] - BUN.y) - BUN.radius).max())


def test_a_path_follows_the_edge_between_two_points_on_it() -> None:
    anchor, target = (280.0, 150.0), (200.0, 70.0)
    walk = EdgeMap(table([BUN]), anchor, reach_of(anchor, target)).path(target)
    assert walk.points[:2] == anchor and walk.points[-2:] == target
    assert len(walk.points) > 8
    assert far_from_edge(walk.points) < 4


def test_one_map_serves_every_target_of_a_movement() -> None:
    anchor = (280.0, 150.0)
    edges = EdgeMap(table([BUN]), anchor, 240)
    ends = [edges.path((x, 70.0)).points[-2:] for x in (180.0, 200.5, 220.25)]
    assert ends == [(180.0, 70.0), (200.5, 70.0), (220.25, 70.0)]


def test_in_a_large_picture_a_far_target_is_reached_with_exact_ends() -> None:
    disc = Disc(2000, 1500, 1000, BUN.color)
    pixels = table([disc], width=4000, height=3000)
    anchor, target = (3000.0, 1500.0), (2000.0, 500.0)
    points = np.reshape(EdgeMap(pixels, anchor, reach_of(anchor, target)).path(target).points, (-1, 2))
    assert points[0].tolist() == list(anchor) and points[-1].tolist() == list(target)
    assert np.abs(np.hypot(points[:, 0] - 2000, points[:, 1] - 1500) - 1000).max() < 20


@settings(max_examples=20, deadline=None)
@given(*(st.floats(0, 1),) * 4)
def test_every_pair_of_points_is_joined_within_the_picture(ax: float, ay: float, tx: float, ty: float) -> None:
    anchor, target = (60 * ax, 40 * ay), (60 * tx, 40 * ty)
    pixels = np.random.default_rng(0).integers(0, 255, (40, 60, 3), np.uint8)
    points = np.reshape(EdgeMap(pixels, anchor, reach_of(anchor, target)).path(target).points, (-1, 2))
    assert np.allclose(points[0], anchor, atol=0.01) and np.allclose(points[-1], target, atol=0.01)
    assert points.min() >= 0 and points[:, 0].max() <= 60 and points[:, 1].max() <= 40
