"""Buses and lorries cut from flooded streets and set on dry ones: what stood in the water isn't the water.

Most flood photographs show a bus, so a head learns buses. A decoy shows the same bus on a street that is not flooded.
"""

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.scenes.data import Photo
from chalicelib.domain.kinds import FLOOD
from chalicelib.vision.vehicles import VehicleDetector
from overlays.raster import BgrImage, Field, as_image

_LABELS = {"bus", "truck"}
_MIN_SCORE = 0.5
_MIN_AREA_SHARE = 0.04
_DRY_PART = 0.7
"""The upper part of a vehicle's box, which no street flood reaches."""


def cut_decoys(photos: Iterable[Photo], detector: VehicleDetector) -> list[BgrImage]:
    """The upper parts of all large vehicles in the flood photographs."""
    return [part for photo in photos if photo.label == FLOOD for part in _dry_parts(photo.read(), detector)]


def set_decoy(street_bgr: BgrImage, decoy_bgr: BgrImage, rng: np.random.Generator) -> BgrImage:
    """A copy of the street with the decoy somewhere in its lower half, a fifth to three fifths of its height."""
    height, width = street_bgr.shape[:2]
    scale = min(height * rng.uniform(0.2, 0.6) / decoy_bgr.shape[0], 0.9 * width / decoy_bgr.shape[1])
    decoy = cv2.resize(decoy_bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    decoy = decoy[:, ::-1] if rng.random() < 0.5 else decoy
    place = _place((height, width), decoy.shape[:2], rng)
    opacity = _soft_frame(decoy.shape[:2])[..., None]
    pixels = street_bgr.astype(np.float32)
    pixels[place] += (decoy - pixels[place]) * opacity
    return as_image(pixels)


def _dry_parts(image_bgr: BgrImage, detector: VehicleDetector) -> list[BgrImage]:
    height, width = image_bgr.shape[:2]
    parts = []
    for detection in detector.detect(image_bgr):
        left, top, right, bottom = (max(0, round(edge)) for edge in detection.box_xyxy)
        large = (right - left) * (bottom - top) > _MIN_AREA_SHARE * height * width
        if large and detection.label in _LABELS and detection.score > _MIN_SCORE:
            parts.append(image_bgr[top : top + round(_DRY_PART * (bottom - top)), left:right])
    return parts


def _place(street_hw: tuple[int, int], decoy_hw: tuple[int, int], rng: np.random.Generator) -> tuple[slice, slice]:
    foot = int(street_hw[0] * rng.uniform(0.6, 0.95))
    top = max(0, foot - decoy_hw[0])
    left = int(rng.integers(street_hw[1] - decoy_hw[1] + 1))
    return slice(top, top + decoy_hw[0]), slice(left, left + decoy_hw[1])


def _soft_frame(shape_hw: tuple[int, int]) -> Field:
    """Opaque inside, fading over the outermost pixels, so that no seam tells a decoy from a vehicle."""
    inner: NDArray[np.float32] = np.zeros(shape_hw, np.float32)
    inner[2:-2, 2:-2] = 1
    return np.asarray(cv2.GaussianBlur(inner, (0, 0), 2), np.float32)
