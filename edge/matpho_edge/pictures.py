"""Between bytes and pictures: what a camera sent is decoded to be judged, and what passed is a JPEG to be sent."""

import cv2
import numpy as np
from numpy.typing import NDArray

from .config import Jpeg
from .errors import SourceFailed
from .frames import Picture

JPEG_BEGINS = b"\xff\xd8\xff"


def decode(data: bytes) -> NDArray[np.uint8]:
    """BGR uint8 (height, width, 3), upright; raises SourceFailed for anything that is no picture."""
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    except cv2.error as error:
        raise SourceFailed("a picture too large to decode") from error
    if image is None:
        raise SourceFailed(f"no picture: begins with {data[:8]!r}")
    return np.asarray(image, np.uint8)


def jpeg_of(picture: Picture, jpeg: Jpeg) -> bytes:
    """The camera's own JPEG where it is small enough, as a second encoding loses detail; else one of ours."""
    height_px, width_px = picture.image_bgr.shape[:2]
    shrunk = min(1.0, jpeg.max_side_px / max(height_px, width_px))
    if picture.jpeg is not None and shrunk == 1.0:
        return picture.jpeg
    image = picture.image_bgr
    if shrunk < 1.0:
        size_wh = max(1, round(width_px * shrunk)), max(1, round(height_px * shrunk))
        image = np.asarray(cv2.resize(image, size_wh, interpolation=cv2.INTER_AREA), np.uint8)
    _, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, jpeg.quality])
    return encoded.tobytes()
