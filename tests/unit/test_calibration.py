"""Four points that were found in the picture and on the map say where every other point lies."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.city import Camera
from chalicelib.domain.ground import ground_lonlat
from chalicelib.errors import InvalidInput
from city.calibration import image_to_ground

CAMERA = Camera("c", "c", 12.68, 108.04, (), "p")
NEAR_LEFT, NEAR_RIGHT = [0.1, 0.9, 12.6801, 108.0398], [0.9, 0.9, 12.6801, 108.0402]
FAR_RIGHT, FAR_LEFT = [0.7, 0.5, 12.6808, 108.0404], [0.3, 0.5, 12.6808, 108.0396]
POINTS = [NEAR_LEFT, NEAR_RIGHT, FAR_RIGHT, FAR_LEFT]
"""A camera that looks north along a road."""


def calibrated(points: Any = POINTS) -> Camera:
    matrix = image_to_ground(points, latitude=CAMERA.latitude, longitude=CAMERA.longitude)
    return replace(CAMERA, image_to_ground=tuple(matrix))


@pytest.mark.parametrize("point", POINTS)
def test_each_point_lands_where_it_was_found(point: list[float]) -> None:
    x_rel, y_rel, latitude, longitude = point
    assert ground_lonlat(calibrated(), x_rel, y_rel) == pytest.approx((longitude, latitude), abs=1e-9)


def test_points_between_land_between_and_higher_up_is_farther() -> None:
    found = [ground_lonlat(calibrated(), 0.5, y_rel) for y_rel in (0.9, 0.7, 0.5, 0.45)]
    latitudes = [place[1] for place in found if place]
    assert len(latitudes) == 4
    assert latitudes == sorted(latitudes)
    assert all(place and place[0] == pytest.approx(108.04, abs=1e-9) for place in found)


def test_the_sky_is_no_ground() -> None:
    assert ground_lonlat(calibrated(), 0.5, 0.1) is None


@pytest.mark.parametrize("points", [POINTS[::-1], POINTS[2:] + POINTS[:2]], ids=["backwards", "another first"])
def test_the_order_of_the_points_does_not_matter(points: list[list[float]]) -> None:
    there, again = ground_lonlat(calibrated(), 0.4, 0.6), ground_lonlat(calibrated(points), 0.4, 0.6)
    assert there is not None
    assert again == pytest.approx(there, abs=1e-9)


def with_places(*order: list[float]) -> list[list[float]]:
    """The points of the picture, with the places of others."""
    return [[*point[:2], *other[2:]] for point, other in zip(POINTS, order, strict=True)]


@pytest.mark.parametrize(
    ("points", "told"),
    [
        pytest.param(POINTS[:3], "four points of x_rel, y_rel, latitude, longitude are needed", id="three points"),
        pytest.param([*POINTS[:3], [0.3, 0.5]], "not numbers", id="a point without a place"),
        pytest.param("here", "not numbers: 'here'", id="a word"),
        pytest.param([*POINTS[:3], [30, 50, 12.6808, 108.0396]], "shares of the picture in [0,1]", id="in percent"),
        pytest.param(
            [*POINTS[:3], [0.3, 0.5, 108.0396, 12.6808]], "latitude comes before longitude", id="swapped axes"
        ),
        pytest.param([*POINTS[:3], [0.8, 0.7, 12.6808, 108.0396]], "three of the points lie in one line", id="in line"),
        pytest.param([*POINTS[:3], [0.3, 0.5, *FAR_RIGHT[2:]]], "three of the points lie in one line", id="one twice"),
        pytest.param(with_places(NEAR_RIGHT, NEAR_LEFT, FAR_RIGHT, FAR_LEFT), "in another order", id="two mixed up"),
        pytest.param(with_places(NEAR_RIGHT, NEAR_LEFT, FAR_LEFT, FAR_RIGHT), "in another order", id="mirrored"),
    ],
)
def test_points_that_can_not_be_true_are_refused(points: Any, told: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        calibrated(points)
    assert told in str(caught.value)
