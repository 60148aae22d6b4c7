"""Faces of nobody: drawn, yet found and told apart by the models, so that tests need no photograph."""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Colour = tuple[int, int, int]


class Person(NamedTuple):
    """What tells drawn people apart; lengths in pixels of the 800 px canvas."""

    skin: Colour
    hair: Colour
    half_eye_gap: int
    mouth_wh: tuple[int, int]
    glasses: bool = False
    beard: bool = False


AN = Person((150, 180, 225), (60, 70, 90), 80, (80, 28))
BINH = Person((90, 120, 170), (20, 20, 25), 92, (60, 14), glasses=True, beard=True)
_STREET: Colour = (150, 160, 150)


def drawn_face(side_px: int, who: Person = AN) -> NDArray[np.uint8]:
    """A frontal face, half as wide as the square picture."""
    canvas = np.full((800, 800, 3), _STREET, np.uint8)
    cv2.ellipse(canvas, (400, 420), (232, 312), 0, 0, 360, who.hair, -1)
    cv2.ellipse(canvas, (400, 448), (192, 264), 0, 0, 360, who.skin, -1)
    if who.beard:
        cv2.ellipse(canvas, (400, 600), (150, 110), 0, 0, 360, who.hair, -1)
    for eye_x in (400 - who.half_eye_gap, 400 + who.half_eye_gap):
        cv2.ellipse(canvas, (eye_x, 392), (44, 20), 0, 0, 360, (245, 245, 245), -1)
        cv2.circle(canvas, (eye_x, 392), 20, (40, 50, 70), -1)
        cv2.ellipse(canvas, (eye_x, 336), (52, 16), 0, 180, 360, (40, 50, 60), 16)
        if who.glasses:
            cv2.circle(canvas, (eye_x, 392), 70, (20, 20, 20), 12)
    darker = tuple(channel * 3 // 4 for channel in who.skin)
    cv2.line(canvas, (400, 400), (384, 504), darker, 16)
    cv2.ellipse(canvas, (400, 512), (40, 20), 0, 0, 180, darker, 12)
    cv2.ellipse(canvas, (400, 600), who.mouth_wh, 0, 0, 360, (90, 90, 190), -1)
    cv2.line(canvas, (320, 600), (480, 600), (60, 60, 130), 8)
    smooth = cv2.GaussianBlur(canvas, (0, 0), 4)
    return np.asarray(cv2.resize(smooth, (side_px, side_px), interpolation=cv2.INTER_AREA), np.uint8)


def street_with(
    *faces: tuple[int, int, NDArray[np.uint8]], width_px: int = 1280, height_px: int = 720
) -> NDArray[np.uint8]:
    """An empty street with pictures set in at (left, top)."""
    street = np.full((height_px, width_px, 3), _STREET, np.uint8)
    for left, top, picture in faces:
        street[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return street
