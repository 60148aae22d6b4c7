"""A point lies inside an odd number of rings, or on a border: the same answer as shapely's, without shapely."""

import random
from math import cos, pi, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point as ShapelyPoint
from shapely import Polygon

from chalicelib.domain.polygons import Point, Ring, contains

SQUARE: Ring = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0))
HOLE: Ring = ((1.0, 1.0), (3.0, 1.0), (3.0, 3.0), (1.0, 3.0))
ISLAND: Ring = ((1.5, 1.5), (2.5, 1.5), (2.5, 2.5), (1.5, 2.5))
SLANTED: Ring = ((108.0, 12.6), (108.3, 12.71), (108.1, 12.9))


@pytest.mark.parametrize(
    ("rings", "point", "inside"),
    [
        pytest.param((), (0.0, 0.0), False, id="no ring holds nothing"),
        pytest.param((SQUARE,), (2.0, 2.0), True, id="the middle"),
        pytest.param((SQUARE,), (5.0, 2.0), False, id="beside it"),
        pytest.param((SQUARE,), (2.0, 4.0), True, id="the upper border is in"),
        pytest.param((SQUARE,), (4.0, 2.0), True, id="the right border is in"),
        pytest.param((SQUARE,), (4.0, 4.0), True, id="a corner is in"),
        pytest.param((SQUARE,), (-1.0, 4.0), False, id="level with a border and beside it"),
        pytest.param((SQUARE, HOLE), (2.0, 2.0), False, id="a hole is out"),
        pytest.param((SQUARE, HOLE), (1.0, 2.0), True, id="its border is in"),
        pytest.param((SQUARE, HOLE, ISLAND), (2.0, 2.0), True, id="an island in the hole is in"),
        pytest.param(((*SQUARE, SQUARE[0]),), (2.0, 2.0), True, id="a ring that is closed twice is one ring"),
        pytest.param((SLANTED,), (108.15, 12.655), True, id="half way along a slanted border is in"),
    ],
)
def test_point_in_rings(rings: tuple[Ring, ...], point: Point, inside: bool) -> None:  # noqa: FBT001
    assert contains(rings, point) is inside


@given(seed=st.integers(0, 2**32), corners=st.integers(3, 12))
def test_it_agrees_with_shapely_wherever_it_is_not_a_question_of_rounding(seed: int, corners: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # shapes, no secrets
    angles = sorted(chance.uniform(0, 2 * pi) for _ in range(corners))
    star = tuple((r * cos(angle), r * sin(angle)) for angle in angles for r in [chance.uniform(0.2, 1.0)])
    point = chance.uniform(-1, 1), chance.uniform(-1, 1)
    polygon = Polygon(star)
    if polygon.is_valid and polygon.exterior.distance(ShapelyPoint(point)) > 1e-6:
        assert contains((star,), point) is polygon.contains(ShapelyPoint(point))
