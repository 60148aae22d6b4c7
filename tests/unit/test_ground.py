"""A calibrated camera knows where on the ground a point of its picture lies, up to well below the horizon."""

import pytest

from chalicelib.domain.city import Camera
from chalicelib.domain.ground import ground_lonlat

# Longitude 108 + 0.001·x/w, latitude 12 + 0.001/w with w = (y - 0.2)/0.4: the horizon is at a fifth of the height.
W = (0.0, 2.5, -0.5)
LOOKING = Camera(
    "c",
    "c",
    12.0,
    108.0,
    (),
    "p",
    image_to_ground=(0.001, 108 * W[1], 108 * W[2], 0.0, 12 * W[1], 12 * W[2] + 0.001, *W),
)


@pytest.mark.parametrize(
    ("x_rel", "y_rel", "lonlat"),
    [
        pytest.param(0.5, 0.6, (108.0005, 12.001), id="where the denominator is one"),
        pytest.param(0.5, 1.0, (108.00025, 12.0005), id="at the lower border it is near"),
        pytest.param(0.5, 0.3, (108.002, 12.004), id="higher up it is far"),
        pytest.param(0.5, 0.23, None, id="just below the horizon nobody can tell"),
        pytest.param(0.5, 0.2, None, id="on the horizon"),
        pytest.param(0.5, 0.0, None, id="the sky stands nowhere"),
    ],
)
def test_ground_position(x_rel: float, y_rel: float, lonlat: tuple[float, float] | None) -> None:
    assert ground_lonlat(LOOKING, x_rel, y_rel) == (pytest.approx(lonlat) if lonlat else None)


def test_a_camera_without_calibration_knows_no_ground() -> None:
    assert ground_lonlat(Camera("c", "c", 12.0, 108.0, (), "p"), 0.5, 0.9) is None
