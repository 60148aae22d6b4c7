"""Whether a point lies in an outline. The few lines that a function needs; shapes are checked when a pack is read."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import hypot

Point = tuple[float, float]
Ring = tuple[Point, ...]

_ON_THE_LINE = 1e-9
"""Nearer than this is on the border: a tenth of a millimetre in degrees, nothing in shares of a picture."""


def contains(rings: Iterable[Ring], point: Point) -> bool:
    """Whether a point lies in an odd number of rings or on the border of one; the last corner joins the first."""
    edges = tuple(edge for ring in rings for edge in _edges_level_with(ring, point))
    if any(_touches(start, end, point) for start, end in edges):
        return True
    return sum(_is_right_of(start, end, point) for start, end in edges) % 2 == 1


def _edges_level_with(ring: Ring, point: Point) -> Iterator[tuple[Point, Point]]:
    """The only edges that a ray to the right can meet: few of the many that a boundary has."""
    lowest, highest = point[1] - _ON_THE_LINE, point[1] + _ON_THE_LINE
    for start, end in pairwise((*ring, *ring[:1])):
        if not (start[1] < lowest and end[1] < lowest) and not (start[1] > highest and end[1] > highest):
            yield start, end


def _touches(start: Point, end: Point, point: Point) -> bool:
    """Whether a point lies on an edge, its ends included."""
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    to_x, to_y = point[0] - start[0], point[1] - start[1]
    length = hypot(along_x, along_y)
    if length == 0:
        return abs(to_x) <= _ON_THE_LINE and abs(to_y) <= _ON_THE_LINE
    aside, onward = (along_x * to_y - along_y * to_x) / length, (along_x * to_x + along_y * to_y) / length
    return abs(aside) <= _ON_THE_LINE and -_ON_THE_LINE <= onward <= length + _ON_THE_LINE


def _is_right_of(start: Point, end: Point, point: Point) -> bool:
    """Whether a ray from the point to the right meets the edge; an edge's lower end counts and its upper doesn't."""
    if (start[1] > point[1]) == (end[1] > point[1]):
        return False
    crossing_x = start[0] + (point[1] - start[1]) * (end[0] - start[0]) / (end[1] - start[1])
    return crossing_x > point[0]
