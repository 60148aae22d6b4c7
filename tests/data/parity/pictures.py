"""A picture made of arithmetic: the same bytes everywhere, with edges, shades and shapes for a network to react to."""

import numpy as np
from numpy.typing import NDArray


def synthetic_bgr(side_px: int) -> NDArray[np.uint8]:
    """Draw a sky over a road, three boxes and a sun, (side,side,3) BGR; integers only, so that no rounding differs."""
    y, x = np.mgrid[:side_px, :side_px]
    sky = np.stack([255 - y * 120 // side_px, 200 - y * 90 // side_px, 120 + x * 60 // side_px], axis=-1)
    road = np.stack([90 + x * 40 // side_px, 95 + y * 30 // side_px, 100 + (x + y) % 7 * 4], axis=-1)
    picture = np.where((y * 5 > side_px * 2)[..., None], road, sky)
    for left, top, width, height, colour in ((5, 45, 25, 20, 40), (40, 50, 30, 28, 210), (75, 42, 15, 40, 130)):
        inside = _between(x * 100 // side_px, left, width) & _between(y * 100 // side_px, top, height)
        picture[inside] = (colour, 255 - colour, colour // 2)
    picture[(x * 100 // side_px - 80) ** 2 + (y * 100 // side_px - 18) ** 2 < 90] = (60, 220, 255)
    return picture.astype(np.uint8)


def _between(values: NDArray[np.int_], start: int, length: int) -> NDArray[np.bool_]:
    return (values >= start) & (values < start + length)
