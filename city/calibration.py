"""Four points that somebody found both in the picture and on the map become a homography from one to the other."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.errors import InvalidInput

MOST_AWAY_M = 2_000
"""A point farther from its camera than this is a slip of the pen."""
LEAST_SPREAD = 0.01
"""The least area of a triangle of three of the points, as a share of its longest side squared."""

_METRES_PER_DEGREE = 111_320.0
_CORNERS_OF_THREE = ((0, 1, 2), (0, 1, 3), (0, 2, 3), (1, 2, 3))

Float64 = NDArray[np.float64]


def image_to_ground(points: Any, *, latitude: float, longitude: float) -> list[float]:
    """The homography of `[[x_rel, y_rel, latitude, longitude], …]`, row by row, for a camera at a place.

    It is scaled so that the denominator is 1 at the farthest of the points. Raises InvalidInput, without a place, when
    they aren't four, can't be true, or don't span an area.
    """
    table = _table(points)
    centre, degrees = (longitude, latitude), _degrees_per_metre(latitude)
    image, ground_m = table[:, :2], (table[:, [3, 2]] - centre) / degrees
    _check(image, ground_m)
    homography = _solve(image, ground_m)
    denominators = image @ homography[2, :2] + homography[2, 2]
    farthest = denominators[np.abs(denominators).argmin()]
    to_degrees = np.array([[degrees[0], 0, centre[0]], [0, degrees[1], centre[1]], [0, 0, 1]])
    return [float(one) for one in (to_degrees @ (homography / farthest)).ravel()]


def _table(points: Any) -> Float64:
    try:
        table = np.array(points, np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"not numbers: {points!r}") from error
    if table.shape != (4, 4):
        raise InvalidInput(f"four points of x_rel, y_rel, latitude, longitude are needed, not {points!r}")
    if not np.isfinite(table).all() or table[:, :2].min() < 0 or table[:, :2].max() > 1:
        raise InvalidInput("x_rel and y_rel are shares of the picture in [0,1]")
    return table


def _degrees_per_metre(latitude: float) -> Float64:
    """Of longitude and of latitude, at a latitude; flat enough for what one camera sees."""
    return np.array([1 / (_METRES_PER_DEGREE * np.cos(np.radians(latitude))), 1 / _METRES_PER_DEGREE])


def _check(image: Float64, ground_m: Float64) -> None:
    away_m = float(np.hypot(*ground_m.T).max())
    if away_m > MOST_AWAY_M:
        raise InvalidInput(f"a point lies {away_m:,.0f} m from the camera: latitude comes before longitude")
    spreads = [(_spread(image[list(three)]), _spread(ground_m[list(three)])) for three in _CORNERS_OF_THREE]
    if any(min(abs(in_picture), abs(on_ground)) < LEAST_SPREAD for in_picture, on_ground in spreads):
        raise InvalidInput("three of the points lie in one line, in the picture or on the ground")
    if any(in_picture * on_ground > 0 for in_picture, on_ground in spreads):  # y points down and north up
        raise InvalidInput("the points are in another order on the ground than in the picture")


def _spread(triangle: Float64) -> float:
    """Its area as a share of its longest side squared, with a sign for the way its corners go round."""
    first, second = triangle[1] - triangle[0], triangle[2] - triangle[0]
    area = (first[0] * second[1] - first[1] * second[0]) / 2
    longest = max(np.hypot(*side) for side in (first, second, second - first))
    return float(area / longest**2) if longest else 0.0


def _solve(image: Float64, ground_m: Float64) -> Float64:
    """The homography (3,3) that maps four points exactly, by its null vector: eight equations, nine unknowns."""
    rows = []
    for (x, y), (east, north) in zip(image, ground_m, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -east * x, -east * y, -east])
        rows.append([0, 0, 0, x, y, 1, -north * x, -north * y, -north])
    *_, right = np.linalg.svd(np.array(rows, np.float64))
    return np.asarray(right[-1].reshape(3, 3), np.float64)
