"""How a camera that looks at one place takes one frame after the other: never twice the same bytes."""

from pathlib import Path

import cv2
import numpy as np

from overlays.raster import BgrImage

CAPTION = "SIMULATED / MO PHONG"


def read_photograph(path: Path) -> BgrImage:
    """Decode a photograph (h,w,3) that was proved before; raises ValueError when it is none."""
    image = cv2.imread(str(path))
    if image is None:
        raise ValueError(f"not a picture: {str(path)!r}")
    return np.asarray(image, np.uint8)


def cropped(image_bgr: BgrImage, crop_rel: tuple[float, float, float, float]) -> BgrImage:
    """The part of a picture between left, top, right and bottom, in shares of it."""
    height, width = image_bgr.shape[:2]
    left, top, right, bottom = crop_rel
    return image_bgr[round(top * height) : round(bottom * height), round(left * width) : round(right * width)]


def captioned(view_bgr: BgrImage) -> BgrImage:
    """A copy that says on itself, in the lower margin, that it is simulated."""
    copy = view_bgr.copy()
    foot = copy.shape[0]
    cv2.rectangle(copy, (0, foot - 22), (236, foot), (0, 0, 0), thickness=-1)
    cv2.putText(copy, CAPTION, (6, foot - 6), cv2.FONT_HERSHEY_SIMPLEX, 0.55, (255, 255, 255), 1, cv2.LINE_AA)
    return copy


def shoot(view_bgr: BgrImage, rng: np.random.Generator) -> bytes:
    """One frame as JPEG: the mount sways, the light changes, the sensor is noisy, the encoder varies."""
    height, width = view_bgr.shape[:2]
    sway = np.array([[1, 0, rng.uniform(-2, 2)], [0, 1, rng.uniform(-2, 2)]], np.float32)
    swayed = cv2.warpAffine(view_bgr, sway, (width, height), borderMode=cv2.BORDER_REFLECT)
    noise = 1.5 * rng.standard_normal((height, width, 1), dtype=np.float32)
    lit = np.clip(swayed * np.float32(rng.uniform(0.96, 1.04)) + noise, 0, 255).astype(np.uint8)
    _, encoded = cv2.imencode(".jpg", lit, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(82, 94))])
    return bytes(encoded)
