"""Where on the ground a point of the picture is, for cameras that were calibrated by four points.

The homography is worked out when the city pack is read and scaled so that its denominator is 1 at the farthest of the
four points; the denominator falls with distance and is 0 on the horizon.
"""

from chalicelib.domain.city import Camera

NEAREST_TO_HORIZON = 0.1
"""Beyond ten times the distance of the farthest calibrated point a pixel is worth too many metres to name a place."""


def ground_lonlat(camera: Camera, x_rel: float, y_rel: float) -> tuple[float, float] | None:
    """Longitude and latitude of a point given in shares of the picture, origin at the top left.

    None for a camera without calibration and for a point too near the horizon, on it or above.
    """
    if not camera.image_to_ground:
        return None
    a, b, c, d, e, f, g, h, i = camera.image_to_ground
    denominator = g * x_rel + h * y_rel + i
    if denominator < NEAREST_TO_HORIZON:
        return None
    return (a * x_rel + b * y_rel + c) / denominator, (d * x_rel + e * y_rel + f) / denominator
