"""Things cut out of one photograph and put into another, at the size they would have there."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from overlays.raster import BgrImage, Field

_SOFT_EDGE_PX = 1.2


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    """A piece of a photograph (h,w,3) and its opacity (h,w) in [0,1]."""

    pixels_bgr: BgrImage
    opacity: Field

    def mirrored(self) -> "Cutout":
        return Cutout(self.pixels_bgr[:, ::-1], self.opacity[:, ::-1])


def cut_out(photograph_bgr: BgrImage, outline_px: Sequence[tuple[int, int]]) -> Cutout:
    """Cut along a polygon, with an edge as soft as a lens makes it."""
    mask = np.zeros(photograph_bgr.shape[:2], np.float32)
    cv2.fillPoly(mask, [np.asarray(outline_px, np.int32)], 1.0)
    soft = np.asarray(cv2.GaussianBlur(mask, (0, 0), _SOFT_EDGE_PX), np.float32)
    left, top, width, height = cv2.boundingRect(np.asarray(outline_px, np.int32))
    window = slice(max(top - 3, 0), top + height + 3), slice(max(left - 3, 0), left + width + 3)
    return Cutout(photograph_bgr[window], soft[window])


def paste(view_bgr: BgrImage, thing: Cutout, *, width_px: float, foot_xy_px: tuple[float, float]) -> BgrImage:
    """A copy of the view with the thing standing on a point, cut off where it leaves the picture."""
    thing = _scaled(thing, width_px / thing.opacity.shape[1])
    height, width = thing.opacity.shape
    left, top = round(foot_xy_px[0] - width / 2), round(foot_xy_px[1] - height)
    rows, thing_rows = _overlap(top, height, view_bgr.shape[0])
    columns, thing_columns = _overlap(left, width, view_bgr.shape[1])
    copy = view_bgr.copy()
    opacity = thing.opacity[thing_rows, thing_columns, None]
    copy[rows, columns] = copy[rows, columns] * (1 - opacity) + thing.pixels_bgr[thing_rows, thing_columns] * opacity
    return copy


def _scaled(thing: Cutout, scale: float) -> Cutout:
    """Averaged where it gets smaller, so that nothing far away glitters."""
    size_wh = [max(1, round(side * scale)) for side in reversed(thing.opacity.shape)]
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    pixels = np.asarray(cv2.resize(thing.pixels_bgr, size_wh, interpolation=how), np.uint8)
    return Cutout(pixels, np.asarray(cv2.resize(thing.opacity, size_wh, interpolation=cv2.INTER_AREA), np.float32))


def _overlap(start: int, length: int, limit: int) -> tuple[slice, slice]:
    """What of a stretch lies in [0, limit): where that is, and which part of the stretch it is."""
    first, last = max(start, 0), max(min(start + length, limit), 0)
    return slice(first, last), slice(first - start, max(last, first) - start)
