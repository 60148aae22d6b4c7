"""Streets with nothing the matter that look as if: wet asphalt under headlights at night, and a low sun.

Bright reflections were taken for fire and for water on cameras that training hadn't seen at night.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from overlays.raster import BgrImage, Field, as_image

_TINTS_BGR = np.array(((1, 1.05, 0.75), (1.15, 1, 0.85), (0.7, 0.95, 1.2), (0.85, 1.1, 0.9), (1, 1, 1)), np.float32)
_WHITE, _SODIUM, _TAIL, _SIGNAL = ((1, 0.97, 0.92), (0.55, 0.8, 1), (0.1, 0.08, 1), (0.6, 1, 0.3))
_LAMPS_BGR = np.array((_SODIUM, _SODIUM, _WHITE, _SIGNAL), np.float32)
_VEHICLES_BGR = np.array((_WHITE, _SODIUM, _TAIL), np.float32)


def wet_night(image_bgr: BgrImage, rng: np.random.Generator) -> BgrImage:
    """The street in the dark: tinted and grainy, with lamps, headlights and their streaks on the wet ground."""
    lights, streaks = _drawn_lights(image_bgr.shape[:2], rng)
    width = image_bgr.shape[1]
    glare = _blurred(lights, width / 250) + _blurred(lights, width / 40) * rng.uniform(1, 3)
    ground = _smeared(streaks, rng) * rng.uniform(0.3, 0.9)
    noise = rng.normal(0, rng.uniform(0, 8), image_bgr.shape)
    return as_image(((_darkened(image_bgr, rng) + glare + ground) * 255 + noise).astype(np.float32))


def low_sun(image_bgr: BgrImage, rng: np.random.Generator) -> BgrImage:
    """Orange light and a glaring sun somewhere above: the colours of fire without fire."""
    height, width = image_bgr.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    radius_px = width * rng.uniform(0.05, 0.3)
    away = (x - width * rng.random()) ** 2 + (y - height * rng.uniform(0, 0.5)) ** 2
    sun = np.exp(-away / (2 * radius_px**2))[..., None] * np.array((60, 140, 240)) * rng.uniform(0.4, 1.1)
    warmth = np.array((rng.uniform(0.4, 0.8), rng.uniform(0.7, 0.95), rng.uniform(1, 1.25))) * rng.uniform(0.5, 1)
    return as_image((image_bgr * warmth + sun).astype(np.float32))


def grainy_night(image_bgr: BgrImage, rng: np.random.Generator) -> BgrImage:
    """The street as a starved sensor amplifies it: hardly any light, mostly warm, under coloured grain and bands."""
    height, width = image_bgr.shape[:2]
    light = (image_bgr.mean(axis=-1, keepdims=True) / np.float32(255)) ** rng.uniform(1.5, 4)
    tint = np.array((rng.uniform(0.05, 0.6), rng.uniform(0.4, 0.8), rng.uniform(0.8, 1.2)), np.float32)
    lamps, _ = _drawn_lights((height, width), rng)
    glare = _blurred(lamps, width / 80) * rng.uniform(0, 2)
    grain = rng.normal(0, rng.uniform(5, 45), image_bgr.shape) * np.array((1.2, 0.6, 1.1))
    bands = rng.normal(0, rng.uniform(0, 15), (height, 1, 1))
    lit = (light + glare) * tint * rng.uniform(150, 330) + np.array((18, 3, 25)) * rng.random()
    return as_image((lit + grain + bands).astype(np.float32))


def _darkened(image_bgr: BgrImage, rng: np.random.Generator) -> Field:
    """In [0,1], with little colour left and a tinted haze."""
    pixels = image_bgr / np.float32(255)
    grey = pixels.mean(axis=-1, keepdims=True)
    pale = grey + (pixels - grey) * rng.uniform(0.1, 0.6)
    tint = _TINTS_BGR[rng.integers(len(_TINTS_BGR))]
    dark = pale ** rng.uniform(1.1, 1.8) * rng.uniform(0.25, 0.85) * rng.uniform(0.7, 1)
    return np.asarray((dark + rng.uniform(0, 0.1)) * tint, np.float32)


def _drawn_lights(shape_hw: tuple[int, int], rng: np.random.Generator) -> tuple[Field, Field]:
    """Sharp lamps above a horizon and vehicles' lights below it, and separately the lines they throw on the ground."""
    height, width = shape_hw
    horizon = height * rng.uniform(0.25, 0.5)
    lights, streaks = np.zeros((*shape_hw, 3), np.float32), np.zeros((*shape_hw, 3), np.float32)
    for _ in range(rng.integers(2, 9)):
        lamp_xy = (int(rng.uniform(0, width)), int(rng.uniform(0, horizon)))
        cv2.circle(lights, lamp_xy, _at_least_1(width * rng.uniform(0.002, 0.008)), _one_of(_LAMPS_BGR, rng), -1)
    for _ in range(rng.integers(2, 9)):
        x, y = rng.uniform(0, width), rng.uniform(horizon, 0.95 * height)
        nearness = (y - horizon) / height + 0.08
        radius_px = _at_least_1(width * 0.018 * nearness * rng.uniform(0.6, 1.4))
        length_px = int(height * rng.uniform(0.2, 0.8) * nearness)
        colour = _one_of(_VEHICLES_BGR, rng)
        for side in (-1, 1):
            lamp_xy = (int(x + side * width * 0.05 * nearness), int(y))
            cv2.circle(lights, lamp_xy, radius_px, colour, -1)
            cv2.line(streaks, lamp_xy, (lamp_xy[0], lamp_xy[1] + length_px), colour, radius_px)
    return lights, streaks


def _smeared(streaks: Field, rng: np.random.Generator) -> Field:
    """Drawn out downwards and broken by the ripples of the ground."""
    height = streaks.shape[0]
    soft = cv2.GaussianBlur(streaks, (0, 0), height / 200 + 0.5, sigmaY=height / 30)
    return np.asarray(soft * (0.5 + 0.8 * rng.random((height, 1, 1), dtype=np.float32)) * 2, np.float32)


def _blurred(lights: Field, sigma_px: float) -> Field:
    """Blurred small where wide, because wide blurs are slow."""
    share = min(1.0, 4 / sigma_px)
    small = cv2.resize(lights, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    size_wh = (lights.shape[1], lights.shape[0])
    return np.asarray(cv2.resize(cv2.GaussianBlur(small, (0, 0), sigma_px * share), size_wh), np.float32)


def _one_of(colours: NDArray[np.float32], rng: np.random.Generator) -> tuple[float, ...]:
    return tuple(map(float, colours[rng.integers(len(colours))] * rng.uniform(0.6, 1.2)))


def _at_least_1(length_px: float) -> int:
    return max(1, round(length_px))
