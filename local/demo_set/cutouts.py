"""Things cut out of one photograph and put into another, at the size they would have there."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from bench.overlays.raster import BgrImage, Field

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
    mask = cv2.GaussianBlur(mask, (0, 0), _SOFT_EDGE_PX)
    left, top, width, height = cv2.boundingRect(np.asarray(outline_px, np.int32))
    window = slice(max(top - 3, 0), top + height + 3), slice(max(left - 3, 0), left + width + 3)
    return Cutout(photograph_bgr[window], mask[window])


def paste(view_bgr: BgrImage, thing: Cutout, *, width_px: float, foot_xy_px: tuple[float, float]) -> BgrImage:
    """A copy of the view with the thing standing on a point, cut off where it leaves the picture."""
    scale = width_px / thing.pixels_bgr.shape[1]
    foot_x, foot_y = foot_xy_px
    left, top = foot_x - width_px / 2, foot_y - scale * thing.pixels_bgr.shape[0]
    placing = np.array([[scale, 0, left], [0, scale, top]], np.float32)
    height, width = view_bgr.shape[:2]
    pixels, opacity = _shrunk(thing, scale)
    placing[:, :2] /= scale if scale < 1 else 1
    pixels = cv2.warpAffine(pixels, placing, (width, height), borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    opacity = cv2.warpAffine(opacity, placing, (width, height))[..., None]
    return np.asarray(view_bgr * (1 - opacity) + pixels * opacity, np.uint8)


def _shrunk(thing: Cutout, scale: float) -> tuple[BgrImage, Field]:
    """Averaged first where it gets smaller, so that nothing far away glitters."""
    if scale >= 1:
        return thing.pixels_bgr, thing.opacity
    size_wh = [max(1, round(side * scale)) for side in thing.opacity.shape[::-1]]
    pixels = cv2.resize(thing.pixels_bgr, size_wh, interpolation=cv2.INTER_AREA)
    return pixels, cv2.resize(thing.opacity, size_wh, interpolation=cv2.INTER_AREA)
