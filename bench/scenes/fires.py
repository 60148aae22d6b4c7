"""More fires than one renderer draws, since heads that learnt one look overlooked all others.

Two are for training: flames cut out of photographs of real fires, and flames drawn as tongues with puffs of smoke.
The third, of glowing particles, is for judging only: what is found of it says how heads do on flames drawn by others.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from overlays.raster import BgrImage, Field, as_image, blend, fractal_noise, pixel_grid, ramp

_LEAST_AREA_SHARE = 0.004
_LARGEST_SIDE_SHARE = 0.85
_TONGUE_BGR = ((25, 70, 215), (40, 140, 250), (110, 215, 255))  # outside, middle, core
_HEAT_STOPS = (0.0, 0.2, 0.5, 0.8, 1.0)
_HEAT_BGR = ((0, 10, 60), (0, 50, 200), (20, 130, 255), (90, 210, 255), (220, 250, 255))
_GLOW_BGR = np.array((15, 60, 130), np.float32)


@dataclass(frozen=True, slots=True)
class Flames:
    """What was cut out of a photograph: a BGR piece and how opaque each pixel of it is, in [0,1]."""

    piece_bgr: BgrImage
    opacity: Field


def cut_flames(photo_bgr: BgrImage) -> list[Flames]:
    """Every flame-coloured patch of a photograph that stands for itself; a burning horizon does not."""
    height, width = photo_bgr.shape[:2]
    mask = _flame_coloured(photo_bgr)
    _, _, boxes, _ = cv2.connectedComponentsWithStats(cv2.dilate(mask, np.ones((7, 7), np.uint8)))
    opacity = np.asarray(cv2.GaussianBlur(mask.astype(np.float32), (0, 0), max(1.0, height / 250)), np.float32)
    cuts = []
    for left, top, wide, high, area in boxes[1:].tolist():
        large = area > _LEAST_AREA_SHARE * height * width
        if large and wide < _LARGEST_SIDE_SHARE * width and high < _LARGEST_SIDE_SHARE * height:
            place = slice(top, top + high), slice(left, left + wide)
            cuts.append(Flames(photo_bgr[place], opacity[place]))
    return cuts


def set_flames(street_bgr: BgrImage, flames: Flames, rng: np.random.Generator, *, size_share: float) -> BgrImage:
    """A copy of the street with the flames somewhere in its lower half, often with smoke above."""
    height, width = street_bgr.shape[:2]
    scale = min(size_share * height / len(flames.piece_bgr), 0.6 * width / flames.piece_bgr.shape[1])
    piece, opacity = (
        np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.float32)
        for part in (flames.piece_bgr, flames.opacity)
    )
    if rng.random() < 0.5:
        piece, opacity = piece[:, ::-1], opacity[:, ::-1]
    high, wide = opacity.shape
    top = int(np.clip(height * rng.uniform(0.4, 0.95) - high, 0, height - high))
    left = int(rng.integers(width - wide + 1))
    pixels = street_bgr.astype(np.float32)
    if rng.random() < 0.6:
        foot_xy = (left + wide / 2, top + high * 0.7)
        pixels = _with_puffs(pixels, foot_xy, high * rng.uniform(1, 2.5), rng)
    place = slice(top, top + high), slice(left, left + wide)
    layer = np.zeros(street_bgr.shape[:2], np.float32)
    layer[place] = opacity
    pixels += _glow(layer, high) * rng.uniform(0.2, 1)
    pixels[place] = blend(pixels[place], piece * rng.uniform(0.85, 1.1), opacity)
    return as_image(pixels)


def tongue_fire(street_bgr: BgrImage, rng: np.random.Generator, *, size_share: float) -> BgrImage:
    """A copy of the street with flames drawn as tongues, a pale core inside a red hull."""
    height, width = street_bgr.shape[:2]
    high = size_share * height
    foot_xy = (width * rng.uniform(0.1, 0.9), max(high, height * rng.uniform(0.4, 0.95)))
    pixels = street_bgr.astype(np.float32)
    if rng.random() < 0.7:
        pixels = _with_puffs(pixels, (foot_xy[0], foot_xy[1] - 0.5 * high), high * rng.uniform(1, 3), rng)
    wide = high * rng.uniform(0.5, 1.5)
    tongues = [(rng.normal(0, wide / 4), rng.uniform(0.35, 1) * high, int(rng.integers(2**31))) for _ in range(7)]
    hull = np.zeros((height, width), np.float32)
    for layer, colour in enumerate(np.array(_TONGUE_BGR, np.float32)):
        mask = _tongues((height, width), foot_xy, tongues, narrowed=1 - 0.3 * layer)
        opacity = cv2.GaussianBlur(mask, (0, 0), max(0.7, high / 40)) * rng.uniform(0.7, 1)
        hull = hull if layer else opacity
        texture = 0.8 + 0.3 * fractal_noise(rng, (height, width), cells_xy=(40, 12), octaves=3)
        pixels = blend(pixels, colour * texture[..., None], opacity)
    return as_image(pixels + _glow(hull, high) * rng.uniform(0.2, 1))


def particle_fire(street_bgr: BgrImage, rng: np.random.Generator, *, size_share: float) -> BgrImage:
    """A copy of the street with a fire of glowing particles under rising smoke; never for training."""
    height, width = street_bgr.shape[:2]
    high = size_share * height
    wide = high * rng.uniform(0.4, 1)
    foot_xy = np.array((width * rng.uniform(0.1, 0.9), max(high, height * rng.uniform(0.4, 0.95))))
    lean = rng.uniform(-0.4, 0.4)
    smoke = _particles((height, width), foot_xy, (wide, 2.5 * high), 80, rng, lean=lean, widening=1.5)
    grey = rng.uniform(20, 140)
    veil = np.asarray((1 - np.exp(-1.2 * smoke)) * rng.uniform(0, 0.9), np.float32)
    pixels = blend(street_bgr, np.full(3, grey, np.float32), veil)
    heat = 1 - np.exp(-1.5 * _particles((height, width), foot_xy, (wide, high), 260, rng, lean=lean, widening=-0.8))
    burning = blend(pixels, ramp(heat, _HEAT_STOPS, _HEAT_BGR), np.clip(heat * 1.6, 0, 1))
    return as_image(burning + _glow(heat, high))


def _flame_coloured(photo_bgr: BgrImage) -> BgrImage:
    blue, green, red = (channel.astype(np.int16) for channel in cv2.split(photo_bgr))
    burning = (red > 175) & (red - blue > 70) & (red >= green) & (green > blue)
    core = (red > 230) & (green > 190) & (red - blue > 25)
    mask = (burning | core).astype(np.uint8)
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)


def _tongues(
    shape_hw: tuple[int, int],
    foot_xy: tuple[float, float],
    tongues: list[tuple[float, float, int]],
    *,
    narrowed: float,
) -> Field:
    mask = np.zeros(shape_hw, np.uint8)
    for offset, high, seed in tongues:
        rng = np.random.default_rng(seed)  # all layers of a tongue bend alike
        up = np.linspace(0, 1, 14)
        sway = np.cumsum(rng.normal(0, 0.035, len(up))) * high + 0.08 * high * np.sin(up * rng.uniform(3, 8))
        half = 0.22 * high * (np.sin(np.pi * np.sqrt(0.12 + 0.88 * up)) + 0.15) * (1 - up**3) * narrowed
        middle, y = foot_xy[0] + offset + sway, foot_xy[1] - up * high * (0.55 + 0.45 * narrowed)
        outline = np.concatenate([np.stack([middle - half, y], 1), np.stack([middle + half, y], 1)[::-1]])
        cv2.fillPoly(mask, [np.rint(outline).astype(np.int32)], 1)
    return mask.astype(np.float32)


def _with_puffs(pixels: Field, foot_xy: tuple[float, float], high: float, rng: np.random.Generator) -> Field:
    """Smoke as overlapping puffs, each of its own grey, larger and thinner as they rise."""
    darkest, lean = rng.uniform(10, 190), rng.uniform(-0.6, 0.6)
    for up in np.sort(rng.random(24)):
        radius = high * (0.08 + 0.22 * up)
        centre = (foot_xy[0] + lean * up * high + rng.normal(0, radius / 2), foot_xy[1] - up * high)
        thickness = rng.uniform(0.3, 0.7) * (1 - 0.8 * up)
        pixels = _puff(pixels, centre, radius, grey=darkest + rng.uniform(0, 60), thickness=thickness)
    return pixels


def _puff(pixels: Field, centre_xy: tuple[float, float], radius: float, *, grey: float, thickness: float) -> Field:
    x, y = centre_xy
    rows, columns = (
        slice(max(0, int(middle - 2 * radius)), min(size, int(middle + 2 * radius)))
        for middle, size in zip((y, x), pixels.shape[:2], strict=True)
    )
    part = pixels[rows, columns]
    if part.size:
        across, down = pixel_grid(part.shape[:2])
        away = ((across + columns.start - x) ** 2 + (down + rows.start - y) ** 2) / radius**2
        opacity = np.asarray(thickness * np.exp(-(away**1.5)), np.float32)
        pixels[rows, columns] = blend(part, np.full(3, grey, np.float32), opacity)
    return pixels


def _particles(
    shape_hw: tuple[int, int],
    foot_xy: Field,
    size_wh: tuple[float, float],
    count: int,
    rng: np.random.Generator,
    *,
    lean: float,
    widening: float,
) -> Field:
    """How densely particles lie over each pixel, that rise from the foot and draw together or apart."""
    wide, high = size_wh
    up = rng.random(count) ** 1.4
    x = foot_xy[0] + rng.normal(0, wide / 4, count) * (1 + widening * up) + lean * up * high
    y = foot_xy[1] - up * high
    radii = np.maximum(1, wide * rng.uniform(0.03, 0.11, count) * (1 + widening * up * 0.8))
    density = np.zeros(shape_hw, np.float32)
    for column, row, radius in zip(x, y, radii, strict=True):
        disc = np.zeros_like(density[: 2 * int(radius) + 1, : 2 * int(radius) + 1])
        cv2.circle(disc, (int(radius), int(radius)), int(radius), 1.0, -1)
        _add(density, disc, int(column - radius), int(row - radius))
    return np.asarray(cv2.GaussianBlur(density * 0.35, (0, 0), max(0.7, wide / 50)), np.float32)


def _add(density: Field, disc: Field, left: int, top: int) -> None:
    height, width = density.shape
    high, wide = disc.shape
    first_row, first_column = max(0, -top), max(0, -left)
    last_row, last_column = min(high, height - top), min(wide, width - left)
    if last_row > first_row and last_column > first_column:
        part = disc[first_row:last_row, first_column:last_column]
        density[top + first_row : top + last_row, left + first_column : left + last_column] += part


def _glow(heat: Field, high: float) -> Field:
    small = cv2.resize(heat, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    near = cv2.GaussianBlur(small, (0, 0), max(1.0, high / 16))
    return np.asarray(cv2.resize(near, heat.shape[::-1])[..., None] * _GLOW_BGR, np.float32)
