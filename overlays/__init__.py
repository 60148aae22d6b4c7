"""Simulated fire, smoke, flood water and waste on real pictures, all made by procedure and by seed.

Labelled incidents of a city's own cameras hardly exist, quiet pictures of them do. A simulated incident on a quiet
picture serves three ends: paired training examples, a demonstration, and the commissioning test of a camera. The
cost: a head may learn the simulation instead of the scene, so simulations weigh little in training, and what is
found of them is no measure of what would be found of real incidents.
"""

from collections.abc import Callable, Mapping

import numpy as np

from chalicelib.domain.kinds import FIRE_SMOKE, FLOOD, GARBAGE
from overlays.fire import render_fire, render_smoke
from overlays.flood import render_flood
from overlays.garbage import render_garbage
from overlays.raster import BgrImage

__all__ = ["KINDS", "SHOWS", "render"]

_RENDERERS: Mapping[str, Callable[..., BgrImage]] = {
    "fire": render_fire,
    "smoke": render_smoke,
    "flood": render_flood,
    "garbage": render_garbage,
}
KINDS = tuple(_RENDERERS)

SHOWS: Mapping[str, str] = {"fire": FIRE_SMOKE, "smoke": FIRE_SMOKE, "flood": FLOOD, "garbage": GARBAGE}
"""The kind of incident that each simulation shows."""


def render(
    image_bgr: BgrImage, kind: str, *, size_share: float, position_rel: tuple[float, float], seed: int
) -> BgrImage:
    """A copy of the picture with one incident in it.

    `size_share` in (0,1] is the height of the flames, heap or water in shares of the picture's height;
    `position_rel` is where its foot stands, as shares of width and height. Flood water always reaches the lower edge,
    so only its horizontal position matters. Equal arguments give equal pixels. Raises KeyError on an unknown kind.
    """
    return _RENDERERS[kind](image_bgr, size_share, position_rel, np.random.default_rng(seed))
