"""A simulated jam: the picture's own vehicles, copied along the road in perspective until it is full."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from chalicelib.domain.observations import BoxXyxy
from overlays.raster import BgrImage, Field, as_image

_MIN_SIDE_PX = 12
_SOFT_EDGE = 0.12


def crowd_vehicles(image_bgr: BgrImage, vehicles_xyxy: Sequence[BoxXyxy], *, count: int, seed: int) -> BgrImage:
    """A copy of the picture with `count` more vehicles, drawn from those boxes, the far ones first.

    The picture is returned unchanged where no box is large enough to copy.
    """
    boxes = np.array([box for box in vehicles_xyxy if _is_usable(box)], np.float64).reshape(-1, 4)
    if len(boxes) == 0:
        return image_bgr.copy()
    rng = np.random.default_rng(seed)
    pixels = image_bgr.astype(np.float32)
    feet = _feet(boxes, count, rng)
    for foot in feet[np.argsort(feet[:, 1])]:
        left, top, right, bottom = boxes[rng.integers(len(boxes))].astype(int)
        crop = image_bgr[max(top, 0) : bottom, max(left, 0) : right]
        _paste(pixels, crop, foot, width_px=(right - left) * _growth(boxes, foot[1], bottom), rng=rng)
    return as_image(pixels)


def _is_usable(box_xyxy: BoxXyxy) -> bool:
    left, top, right, bottom = box_xyxy
    return min(right - left, bottom - top) >= _MIN_SIDE_PX


def _feet(boxes: NDArray[np.float64], count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Places (x, y) where a wheel may stand: between two vehicles there is road, more or less."""
    feet = np.stack(((boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]), axis=1)
    pairs = feet[rng.integers(len(feet), size=(count, 2))]
    share = rng.uniform(-0.3, 1.3, (count, 1))
    spread = np.median(boxes[:, 2:] - boxes[:, :2], axis=0)
    return np.asarray(pairs[:, 0] * (1 - share) + pairs[:, 1] * share + rng.normal(0, 0.8, (count, 2)) * spread)


def _growth(boxes: NDArray[np.float64], to_y_px: float, from_y_px: float) -> float:
    """How much larger a vehicle looks when it comes from one row to another, with the horizon a bit above all boxes."""
    horizon_y_px = boxes[:, 1].min() - 0.5 * np.median(boxes[:, 3] - boxes[:, 1])
    return float(np.clip((to_y_px - horizon_y_px) / max(from_y_px - horizon_y_px, 1.0), 0.25, 3.0))


def _paste(
    pixels: Field, crop_bgr: BgrImage, foot: NDArray[np.float64], *, width_px: float, rng: np.random.Generator
) -> None:
    """Blend a crop, sometimes mirrored, with its lower edge on the foot; what lies outside the picture is cut off."""
    scale = width_px / crop_bgr.shape[1]
    size_wh = (max(4, round(width_px)), max(4, round(crop_bgr.shape[0] * scale)))
    copy = cv2.resize(crop_bgr, size_wh, interpolation=cv2.INTER_AREA).astype(np.float32) * rng.uniform(0.85, 1.1)
    copy = copy[:, ::-1] if rng.random() < 0.5 else copy
    left, top = round(foot[0] - size_wh[0] / 2), round(foot[1] - size_wh[1])
    rows = slice(max(top, 0), min(top + size_wh[1], pixels.shape[0]))
    columns = slice(max(left, 0), min(left + size_wh[0], pixels.shape[1]))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    part = (slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left))
    opacity = _soft_box(size_wh)[part][..., None]
    pixels[rows, columns] += (copy[part] - pixels[rows, columns]) * opacity


def _soft_box(size_wh: tuple[int, int]) -> Field:
    """1 inside, fading to 0 at the edges, so that the seam doesn't show."""
    x, y = (np.minimum(np.arange(side) + 0.5, side - np.arange(side) - 0.5) / (_SOFT_EDGE * side) for side in size_wh)
    return np.asarray(np.clip(np.minimum(x[None], y[:, None]), 0, 1), np.float32)
