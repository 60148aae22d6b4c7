"""A heap of bags, boxes and litter: many small shaded shapes, piled from back to front."""

import cv2
import numpy as np
from numpy.typing import NDArray

from overlays.raster import BgrImage, Field, as_image, fractal_noise

_BAGS_BGR = np.array(
    ((235, 235, 235), (30, 30, 32), (190, 120, 50), (60, 60, 190), (80, 150, 70), (225, 215, 190), (70, 190, 230),
     (110, 140, 175), (200, 170, 215), (150, 150, 150)), np.float32,
)  # fmt: skip


def render_garbage(
    image_bgr: BgrImage, size_share: float, position_rel: tuple[float, float], rng: np.random.Generator
) -> BgrImage:
    """A heap whose middle stands at the position, with litter scattered around it."""
    height, width = image_bgr.shape[:2]
    heap_px = max(10.0, size_share * height)
    foot = np.array((position_rel[0] * width, position_rel[1] * height))
    pixels = _shadowed(image_bgr, foot, heap_px)
    light = float(np.clip(np.median(image_bgr) / 120, 0.3, 1.15))
    for centre, radius_px in _pieces(foot, heap_px, rng):
        _draw_piece(pixels, centre, radius_px, light, rng)
    return as_image(_roughened(pixels, image_bgr, heap_px, rng))


def _pieces(
    foot: NDArray[np.float64], heap_px: float, rng: np.random.Generator
) -> list[tuple[NDArray[np.float64], float]]:
    """Centres and radii, sorted from back to front; a tenth lies scattered around."""
    count = int(rng.integers(60, 160))
    spread = rng.uniform(0.8, 1.6)
    across = rng.normal(0, 0.45, count) * spread
    ceiling = np.exp(-((across / spread) ** 2) * 2.2)
    up = rng.random(count) * ceiling * 0.9
    litter = rng.random(count) < 0.12
    across, up = np.where(litter, across * 2.2, across), np.where(litter, rng.uniform(-0.12, 0.05, count), up)
    radii = heap_px * rng.uniform(0.05, 0.17, count) * np.where(litter, 0.4, 1)
    centres = foot + heap_px * np.stack((across, -up), axis=1)
    order = np.argsort(-up)
    return [(centres[i], float(radii[i])) for i in order]


def _draw_piece(
    pixels: Field, centre: NDArray[np.float64], radius_px: float, light: float, rng: np.random.Generator
) -> None:
    """One crumpled shape: dark below, lit above, with a few folds."""
    colour = _BAGS_BGR[rng.integers(len(_BAGS_BGR))] * light * rng.uniform(0.65, 1.1)
    outline = _outline(centre, radius_px, rng)
    cv2.fillPoly(pixels, [outline], (colour * 0.55).tolist(), cv2.LINE_AA)
    lit = _outline(centre - (0.12 * radius_px, 0.2 * radius_px), radius_px * 0.78, rng)
    cv2.fillPoly(pixels, [lit], colour.tolist(), cv2.LINE_AA)
    for _ in range(int(rng.integers(1, 4))):
        ends = (centre + rng.normal(0, 0.5, (2, 2)) * radius_px).astype(np.int32)
        shade = np.clip(colour * rng.choice((0.7, 1.35)), 0, 255)
        cv2.line(pixels, ends[0].tolist(), ends[1].tolist(), shade.tolist(), max(1, round(radius_px / 10)), cv2.LINE_AA)


def _outline(centre: NDArray[np.float64], radius_px: float, rng: np.random.Generator) -> NDArray[np.int32]:
    corners = int(rng.integers(5, 11))
    angles = np.sort(rng.random(corners)) * 2 * np.pi
    reach = radius_px * rng.uniform(0.7, 1.25, corners) * (1 + 0.5 * (rng.random() < 0.3))
    squash = rng.uniform(0.6, 1.0)
    return (centre + np.stack((np.cos(angles) * reach, np.sin(angles) * reach * squash), axis=1)).astype(np.int32)


def _shadowed(image_bgr: BgrImage, foot: NDArray[np.float64], heap_px: float) -> Field:
    """The ground dark where the heap will lie, so that it doesn't float."""
    mask = np.zeros(image_bgr.shape[:2], np.float32)
    axes = (round(heap_px * 0.9), max(1, round(heap_px * 0.2)))
    cv2.ellipse(mask, foot.astype(np.int32).tolist(), axes, 0, 0, 360, 0.55, -1)
    soft = cv2.GaussianBlur(mask, (0, 0), max(1.0, heap_px / 12))
    return np.asarray(image_bgr * (1 - soft[..., None]), np.float32)


def _roughened(pixels: Field, image_bgr: BgrImage, heap_px: float, rng: np.random.Generator) -> Field:
    """Fine texture where the heap is, and the softness of a lens."""
    touched = (np.abs(pixels - image_bgr).max(axis=-1) > 4).astype(np.float32)
    height, width = touched.shape
    grain = fractal_noise(rng, (height, width), cells_xy=(12 * width / heap_px, 12 * height / heap_px), octaves=3)
    textured = pixels * (1 + (grain - 0.5) * 0.5 * touched)[..., None]
    soft = cv2.GaussianBlur(textured, (0, 0), max(0.5, height / 700))
    return np.asarray(np.where(touched[..., None] > 0, soft, pixels), np.float32)
