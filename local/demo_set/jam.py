"""Traffic that stands: cars cut out of photographs, row behind row and lane beside lane, up the road."""

from collections.abc import Sequence

import numpy as np

from local.demo_set.cutouts import Cutout, paste
from overlays.raster import BgrImage

LANES = (-2, -1, 0, 1, 2)
_LANE_WIDTHS = 1.12  # from car to car, in widths of a car


def render_jam(
    view_bgr: BgrImage,
    cars: Sequence[Cutout],
    *,
    near_width_share: float,
    vanishing_rel: tuple[float, float],
    seed: int,
) -> BgrImage:
    """Fill the road with cars from its vanishing point down to the lower edge.

    `near_width_share` is a car's width at the lower edge in shares of the picture's.
    """
    rng = np.random.default_rng(seed)
    height, width = view_bgr.shape[:2]
    vanishing_x, vanishing_y = vanishing_rel[0] * width, vanishing_rel[1] * height
    for row in _rows():
        for lane in LANES:
            nearness = row * float(rng.uniform(0.88, 1.12))
            width_px = near_width_share * width * nearness
            foot = vanishing_x + lane * _LANE_WIDTHS * width_px, vanishing_y + nearness * (height - vanishing_y)
            view_bgr = paste(view_bgr, _drawn(cars, rng), width_px=width_px, foot_xy_px=foot)
    return view_bgr


def _drawn(cars: Sequence[Cutout], rng: np.random.Generator) -> Cutout:
    car = cars[int(rng.integers(len(cars)))]
    return car.mirrored() if rng.random() < 0.5 else car


def _rows() -> Sequence[float]:
    """How near each row of cars is, the far ones first: 0 at the vanishing point, 1 at the lower edge."""
    rows = [0.03]
    while rows[-1] < 1.25:
        rows.append(rows[-1] * 1.3 + 0.004)
    return rows
