"""What every contestant looks at: the demo's photographs, a street and a portrait set into it where faces are due."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from local.demo import PORTRAIT, WORK
from local.demo_set.manifest import read_demo_manifest
from local.demo_set.photographs import require_photographs
from local.demo_set.shots import read_photograph

Image = NDArray[np.uint8]
WH = tuple[int, int]

FULL_HD: WH = (1920, 1080)
HD: WH = (1280, 720)
FACE_PX = 160
"""The side of the portrait's cut-out, in which the face is 70 px wide: a designated camera at a door."""

_HEAD = (slice(30, 250), slice(115, 335))
"""Where in the portrait the head is."""
_JPEG_QUALITY = 90


@dataclass(frozen=True, slots=True)
class Pictures:
    """A street (h,w,3) and a head (s,s,3), both BGR."""

    street: Image
    head: Image

    def frame(self, wh: WH, *, faces: int = 0) -> Image:
        """The street at a size, with so many heads side by side in rows."""
        frame = np.asarray(cv2.resize(self.street, wh, interpolation=cv2.INTER_CUBIC), np.uint8)
        head = cv2.resize(self.head, (FACE_PX, FACE_PX), interpolation=cv2.INTER_AREA)
        a_row = wh[0] // (FACE_PX + 20)
        for number in range(faces):
            top, left = (20 + place * (FACE_PX + 20) for place in divmod(number, a_row))
            frame[top : top + FACE_PX, left : left + FACE_PX] = head
        return frame


def jpeg(image_bgr: Image) -> bytes:
    """As a camera would send it."""
    _, encoded = cv2.imencode(".jpg", image_bgr, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return bytes(encoded)


def read_pictures(*, on_step: Callable[[str], None]) -> Pictures:
    """Fetch the demo's photographs if need be; raises ModelError where they can't be had."""
    folder = WORK / "photographs"
    require_photographs(read_demo_manifest().packages.values(), folder, on_step=on_step)
    street = min(path for path in folder.iterdir() if path.name != PORTRAIT)
    return Pictures(read_photograph(street), read_photograph(folder / PORTRAIT)[_HEAD])


def saved(array: NDArray[np.generic], folder: Path, name: str) -> Path:
    """Where contestants of any interpreter find an array."""
    path = folder / f"{name}.npy"
    np.save(path, array)
    return path
