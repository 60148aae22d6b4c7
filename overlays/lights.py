"""Other light on a picture than it was taken in: a fire seen by day may be missed at dusk or in infrared."""

from collections.abc import Callable, Mapping

import cv2
import numpy as np

from overlays.raster import BgrImage, as_image

_DUSK_GAMMA = 1.5
_DUSK_GAIN_BGR = np.array((0.62, 0.5, 0.5), np.float32)


def dusk(image_bgr: BgrImage) -> BgrImage:
    """Half as bright and bluer, shadows deepened."""
    return as_image(((image_bgr / np.float32(255)) ** _DUSK_GAMMA * _DUSK_GAIN_BGR * 255).astype(np.float32))


def infrared(image_bgr: BgrImage) -> BgrImage:
    """Grey, as a camera with its own infrared lamp delivers at night."""
    grey = cv2.cvtColor(image_bgr, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)


def as_it_is(image_bgr: BgrImage) -> BgrImage:
    return image_bgr


LIGHTS: Mapping[str, Callable[[BgrImage], BgrImage]] = {"as it is": as_it_is, "dusk": dusk, "infrared": infrared}
