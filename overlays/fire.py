"""Flames that light their surroundings, and smoke that drifts."""

import cv2
import numpy as np

from overlays.raster import (
    BgrImage,
    Field,
    as_image,
    blend,
    fractal_noise,
    pixel_grid,
    ramp,
    shifted,
    smoothstep,
)

_HEAT_STOPS = (0.0, 0.25, 0.5, 0.75, 1.0)
_HEATS_BGR = (
    ((8, 10, 40), (10, 40, 190), (20, 110, 250), (70, 200, 255), (215, 250, 255)),  # wood, by day
    ((5, 5, 60), (5, 60, 235), (10, 150, 255), (40, 220, 255), (150, 245, 255)),  # yellow, as cheap sensors have it
    ((10, 15, 50), (25, 50, 160), (40, 90, 215), (80, 150, 240), (150, 210, 250)),  # dull red, through smoke
    ((20, 60, 130), (60, 150, 240), (150, 220, 255), (225, 250, 255), (255, 255, 255)),  # burnt out to white, at night
)
_SMOKELESS = 0.25


def render_fire(
    image_bgr: BgrImage, size_share: float, position_rel: tuple[float, float], rng: np.random.Generator
) -> BgrImage:
    """Flames with their foot at the position, mostly with smoke above, and a glow around."""
    foot_xy, height_px = _placed(image_bgr, size_share, position_rel)
    pixels = image_bgr.astype(np.float32)
    if rng.random() > _SMOKELESS:
        smoke_px = height_px * rng.uniform(1.2, 3.0)
        pixels = _with_smoke(pixels, foot_xy, smoke_px, rng, greys=(20, rng.uniform(60, 150)))
    heat = _flames(image_bgr.shape[:2], foot_xy, height_px, width_px=height_px * rng.uniform(0.6, 1.6), rng=rng)
    glow = _glow(heat, height_px)
    lit = pixels + glow[..., None] * np.array((15, 60, 130), np.float32) * rng.uniform(0.5, 1.1)
    colours_bgr = _HEATS_BGR[rng.choice(len(_HEATS_BGR), p=(0.4, 0.3, 0.15, 0.15))]
    burning = blend(lit, ramp(heat, _HEAT_STOPS, colours_bgr), smoothstep(0.08, rng.uniform(0.25, 0.5), heat))
    return as_image(burning)


def render_smoke(
    image_bgr: BgrImage, size_share: float, position_rel: tuple[float, float], rng: np.random.Generator
) -> BgrImage:
    """Smoke alone, from near black (oil, tyres) to near white (rubbish, steam-like)."""
    foot_xy, height_px = _placed(image_bgr, size_share, position_rel)
    darkest = rng.uniform(10, 170)
    greys = (darkest, darkest + rng.uniform(40, 80))
    return as_image(_with_smoke(image_bgr.astype(np.float32), foot_xy, height_px, rng, greys=greys))


def _placed(
    image_bgr: BgrImage, size_share: float, position_rel: tuple[float, float]
) -> tuple[tuple[float, float], float]:
    height, width = image_bgr.shape[:2]
    return (position_rel[0] * width, position_rel[1] * height), max(8.0, size_share * height)


def _flames(
    shape_hw: tuple[int, int],
    foot_xy: tuple[float, float],
    height_px: float,
    *,
    width_px: float,
    rng: np.random.Generator,
) -> Field:
    """Heat in [0,1] of every pixel: tongues of stretched noise under an uneven outline."""
    x, y = pixel_grid(shape_hw)
    rows_hw = shape_hw[0] / height_px
    cells = (3.5 * shape_hw[1] / width_px, 1.6 * rows_hw)
    sway = (fractal_noise(rng, shape_hw, cells_xy=(2 * cells[0], 2 * cells[1]), octaves=3) - 0.5) * height_px * 0.3
    tongues = shifted(fractal_noise(rng, shape_hw, cells_xy=cells), sway, 0.4 * sway)
    up = (foot_xy[1] - y) / height_px
    across = np.abs(x - foot_xy[0]) / (width_px / 2)
    ragged_top = 0.45 + 0.75 * tongues - 0.55 * across**2
    body = (ragged_top - up) / 0.7
    heat = (
        body * (0.55 + 0.75 * tongues) * smoothstep(-0.08, 0.03, up) * smoothstep(1.1, 0.7, across.astype(np.float32))
    )
    return np.asarray(cv2.GaussianBlur(np.clip(heat, 0, 1), (0, 0), max(0.6, height_px / 120)), np.float32)


def _glow(heat: Field, height_px: float) -> Field:
    """Light of the flames on what is near; blurred small, because wide blurs are slow."""
    small = cv2.resize(heat, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    near = cv2.GaussianBlur(small, (0, 0), max(1.0, height_px / 16))
    return np.asarray(cv2.resize(near, heat.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)


def _with_smoke(
    pixels: Field,
    foot_xy: tuple[float, float],
    height_px: float,
    rng: np.random.Generator,
    *,
    greys: tuple[float, float],
) -> Field:
    """A plume that widens, thins and leans with the wind as it rises."""
    shape_hw = pixels.shape[:2]
    x, y = pixel_grid(shape_hw)
    up = (foot_xy[1] - y) / height_px
    lean, spread = rng.uniform(-0.6, 0.6), rng.uniform(0.3, 0.6)
    axis_x = foot_xy[0] + lean * height_px * np.clip(up, 0, None) ** 1.4
    half_width = height_px * (0.14 + spread * np.clip(up, 0, None))
    cells = (4 * shape_hw[1] / height_px, 4 * shape_hw[0] / height_px)
    billows = fractal_noise(rng, shape_hw, cells_xy=cells, octaves=5)
    across = np.abs(x - axis_x) / half_width + (billows - 0.5) * 0.9
    body = smoothstep(1.15, 0.7, across.astype(np.float32)) * smoothstep(-0.02, 0.08, up)
    fading = smoothstep(1.4, 0.7, up.astype(np.float32) + (billows - 0.5) * 0.6)
    opacity = body * fading * (0.8 + 0.2 * billows) * rng.uniform(0.85, 1.0)
    tone = greys[0] + (greys[1] - greys[0]) * np.clip(billows * 1.2 - 0.1, 0, 1)
    tint = np.array((1.03, 1.0, 0.97), np.float32)
    return blend(pixels, tone[..., None].astype(np.float32) * tint, opacity.astype(np.float32))
