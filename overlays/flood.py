"""Muddy water over the lower part of a picture, that mirrors what stands above it."""

import cv2
import numpy as np

from overlays.raster import BgrImage, Field, as_image, blend, fractal_noise, pixel_grid, smoothstep

_MUDS_BGR = np.array(((95, 125, 150), (80, 100, 115), (110, 120, 125), (70, 105, 130), (120, 140, 160)), np.float32)


def render_flood(
    image_bgr: BgrImage, size_share: float, position_rel: tuple[float, float], rng: np.random.Generator
) -> BgrImage:
    """Water from the lower edge up to an uneven bank; `position_rel[0]` is where it reaches highest."""
    shape_hw = image_bgr.shape[:2]
    depth = _depth(shape_hw, size_share, position_rel[0], rng)
    waves = _waves(shape_hw, 1 - size_share, rng)
    mirrored = _mirrored(image_bgr, (1 - size_share) * shape_hw[0], waves, strength=rng.uniform(0.5, 1.5))
    light = float(np.median(image_bgr)) / 115
    mud = _MUDS_BGR[rng.integers(len(_MUDS_BGR))] * np.clip(light, 0.25, 1.3) * rng.uniform(0.8, 1.15)
    shine = blend(np.broadcast_to(mud, mirrored.shape).astype(np.float32), mirrored, _reflectance(depth, rng))
    water = shine * (1 + (waves - 0.5) * rng.uniform(0.25, 0.7))[..., None]
    opacity = smoothstep(-0.01, 0.06, depth) * rng.uniform(0.85, 0.98)
    return as_image(blend(image_bgr, water.astype(np.float32), opacity))


def _depth(shape_hw: tuple[int, int], size_share: float, crest_x_rel: float, rng: np.random.Generator) -> Field:
    """How far below the bank each pixel lies, in shares of the height; negative is dry."""
    x, y = pixel_grid(shape_hw)
    slope = rng.uniform(0, 0.15) * np.abs(x / shape_hw[1] - crest_x_rel)
    bank = fractal_noise(rng, shape_hw, cells_xy=(5, 5), octaves=4) - 0.5
    return np.asarray(y / shape_hw[0] - (1 - size_share) - slope + bank * 0.06, np.float32)


def _waves(shape_hw: tuple[int, int], bank_y_rel: float, rng: np.random.Generator) -> Field:
    """Ripples in [0,1], long across and finer towards the bank, as perspective has it."""
    noise = fractal_noise(rng, shape_hw, cells_xy=(rng.uniform(6, 14), rng.uniform(30, 60)), octaves=4)
    x, y = pixel_grid(shape_hw)
    nearness = np.clip((y / shape_hw[0] - bank_y_rel) / (1 - bank_y_rel + 1e-6), 0, 1)
    squeezed_y = shape_hw[0] * np.sqrt(nearness)
    return np.asarray(
        cv2.remap(noise, x, squeezed_y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    )


def _mirrored(image_bgr: BgrImage, bank_y_px: float, waves: Field, *, strength: float) -> Field:
    """What stands above the bank, upside down, smeared downwards and shaken by the waves."""
    x, y = pixel_grid(image_bgr.shape[:2])
    shake = (waves - 0.5) * image_bgr.shape[0] * 0.06 * strength
    source_y = 2 * bank_y_px - y + shake * 1.5
    flipped = cv2.remap(image_bgr, x + shake * 0.5, source_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    smear = max(1, round(image_bgr.shape[0] / 40))
    return np.asarray(cv2.blur(flipped, (1 + smear // 4, smear)), np.float32)


def _reflectance(depth: Field, rng: np.random.Generator) -> Field:
    """Water seen at a flat angle, far away, mirrors more than water at one's feet."""
    far, near = rng.uniform(0.4, 0.75), rng.uniform(0.15, 0.35)
    return np.asarray(near + (far - near) * smoothstep(0.6, 0.0, depth), np.float32)
