"""What is staged in a camera's view: simulated incidents, a covered lens, somebody who passes by.

Every function takes a view and returns a copy. `progress` in (0,1] says how far it has come, so that frames differ as
those of a real event do. The models that judge real pictures judge these: what they don't recognise doesn't count.
"""

from collections.abc import Callable, Mapping

import cv2
import numpy as np

from local.demo_set.cutouts import Cutout, paste
from local.demo_set.jam import render_jam
from local.demo_set.manifest import DemoCamera
from overlays import render
from overlays.raster import BgrImage

PASSER_BY = "passer-by"

Cutouts = Mapping[str, Cutout]
_Stage = Callable[[BgrImage, DemoCamera, Cutouts, float], BgrImage]

_SEED = 3


def stage(view_bgr: BgrImage, camera: DemoCamera, cutouts: Cutouts, *, progress: float) -> BgrImage:
    """The view with what the camera's part asks for; the view itself where it asks for nothing."""
    return view_bgr if camera.staging is None else _STAGES[camera.staging](view_bgr, camera, cutouts, progress)


def _overlay(view_bgr: BgrImage, camera: DemoCamera, _: Cutouts, progress: float) -> BgrImage:
    """Fire and water grow, waste stays as it lies; flames are never twice the same."""
    seed = _SEED + round(100 * progress) if camera.staging == "fire" else _SEED
    grown = camera.size_share if camera.staging == "garbage" else camera.size_share * (0.85 + 0.15 * progress)
    return render(view_bgr, str(camera.staging), size_share=grown, position_rel=camera.position_rel, seed=seed)


def _jam(view_bgr: BgrImage, camera: DemoCamera, cutouts: Cutouts, progress: float) -> BgrImage:
    cars = [cutout for name, cutout in cutouts.items() if name != PASSER_BY]
    seed = _SEED + round(100 * progress)
    return render_jam(view_bgr, cars, near_width_share=camera.size_share, vanishing_rel=camera.position_rel, seed=seed)


def _cover(view_bgr: BgrImage, _: DemoCamera, __: Cutouts, progress: float) -> BgrImage:
    """Something close to the lens and out of focus moves down over it: real light, no detail."""
    height, width = view_bgr.shape[:2]
    blotches = cv2.resize(view_bgr, (6, 4), interpolation=cv2.INTER_AREA)
    light = cv2.resize(blotches, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    cloth = light * 0.35 + np.array((45, 50, 60), np.float32)
    edge = height * (1 - min(1.0, 0.5 + 1.25 * progress))
    rows = np.arange(height, 0, -1, dtype=np.float32)[:, None, None]
    covered = 1 / (1 + np.exp(np.clip((edge - rows) / (height / 40), -30, 30)))
    return np.asarray(view_bgr * (1 - covered) + cloth * covered, np.uint8)


def _passer_by(view_bgr: BgrImage, camera: DemoCamera, cutouts: Cutouts, progress: float) -> BgrImage:
    """The listed person walks through, nearer with every frame, in other light and with the head tilted a little."""
    height, width = view_bgr.shape[:2]
    person = _relit(_tilted(cutouts[PASSER_BY], degrees=6 * progress - 3), gain=0.7 + 0.2 * progress)
    width_px = camera.size_share * width * (0.8 + 0.2 * progress)
    foot = (camera.position_rel[0] + 0.2 * progress) * width, camera.position_rel[1] * height
    return paste(view_bgr, person, width_px=width_px, foot_xy_px=foot)


def _tilted(thing: Cutout, *, degrees: float) -> Cutout:
    height, width = thing.opacity.shape
    turn = cv2.getRotationMatrix2D((width / 2, height), degrees, 1.0)
    pixels = cv2.warpAffine(thing.pixels_bgr, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
    opacity = cv2.warpAffine(thing.opacity, turn, (width, height))
    return Cutout(np.asarray(pixels, np.uint8), np.asarray(opacity, np.float32))


def _relit(thing: Cutout, *, gain: float) -> Cutout:
    return Cutout(np.asarray(cv2.convertScaleAbs(thing.pixels_bgr, alpha=gain), np.uint8), thing.opacity)


_STAGES: Mapping[str, _Stage] = {
    "fire": _overlay,
    "flood": _overlay,
    "garbage": _overlay,
    "jam": _jam,
    "cover": _cover,
    "passer_by": _passer_by,
}
