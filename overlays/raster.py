"""What every simulated thing is made of: fractal noise, ramps of colour and blending."""

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

BgrImage: TypeAlias = NDArray[np.uint8]
Field: TypeAlias = NDArray[np.float32]


def fractal_noise(
    rng: np.random.Generator, shape_hw: tuple[int, int], *, cells_xy: tuple[float, float], octaves: int = 5
) -> Field:
    """Value noise in [0,1] of the given shape; `cells_xy` is how many blobs the coarsest octave has across and down."""
    height, width = shape_hw
    total = np.zeros(shape_hw, np.float32)
    for octave in range(octaves):
        grid_wh = [
            max(2, min(side, round(cells * 2**octave) + 1))
            for cells, side in zip(cells_xy, (width, height), strict=True)
        ]
        grid = rng.random((grid_wh[1], grid_wh[0]), dtype=np.float32)
        total += cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC) * 0.5**octave
    return normalised(total)


def normalised(field: Field) -> Field:
    """The field stretched to [0,1] between its 1st and 99th percentile, so one odd pixel doesn't flatten it."""
    low, high = np.percentile(field, (1, 99))
    return np.asarray(np.clip((field - low) / max(float(high - low), 1e-6), 0, 1), np.float32)


def smoothstep(low: float, high: float, field: Field) -> Field:
    """0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((field - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def ramp(field: Field, stops: tuple[float, ...], colours_bgr: tuple[tuple[float, float, float], ...]) -> Field:
    """Colours (h,w,3) in [0,255] for a field in [0,1], linear between the stops."""
    channels = [np.interp(field, stops, [colour[channel] for colour in colours_bgr]) for channel in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32)


def blend(image_bgr: BgrImage | Field, colour_bgr: Field, opacity: Field) -> Field:
    """`colour_bgr` over the picture with an opacity (h,w) in [0,1]; stays float for the next layer."""
    return np.asarray(image_bgr + (colour_bgr - image_bgr) * opacity[..., None], np.float32)


def as_image(pixels: Field) -> BgrImage:
    return np.clip(pixels, 0, 255).astype(np.uint8)


def pixel_grid(shape_hw: tuple[int, int]) -> tuple[Field, Field]:
    """Return each pixel's x and y, two (h,w) float32 fields."""
    y, x = np.mgrid[0 : shape_hw[0], 0 : shape_hw[1]]
    return x.astype(np.float32), y.astype(np.float32)


def shifted(field: Field, dx_px: Field, dy_px: Field) -> Field:
    """The field read `dx_px`, `dy_px` away from each pixel, mirrored at the edges."""
    x, y = pixel_grid(field.shape[:2])
    return np.asarray(cv2.remap(field, x + dx_px, y + dy_px, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT))
