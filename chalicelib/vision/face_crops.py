"""One face alone, for the people who judge whether it is who is searched for: sealed like an original, and small."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from chalicelib.domain.observations import BoxRel, BoxXyxy
from chalicelib.errors import FrameRejected
from chalicelib.vision.boxes import iou_xyxy
from chalicelib.vision.face_detection import Face, FaceDetector
from chalicelib.vision.face_quality import FaceQuality, assess_face
from chalicelib.vision.images import decode_image

SIDE_PX = 224
MARGIN = 0.5
"""Of the face's larger side, on every side: hair, ears and chin help people more than models."""

QUALITY = 88


@dataclass(frozen=True, slots=True)
class Crop:
    """A face as JPEG, and how well it can be judged; None where the detector doesn't find it again."""

    jpeg: bytes
    quality: FaceQuality | None


class FaceCropper:
    """Cuts faces out of picture files."""

    def __init__(self, detector: FaceDetector) -> None:
        self._detector = detector

    def crop(self, data: bytes, box_rel: BoxRel) -> Crop:
        """The face at a place of a frame; raises FrameRejected as decode_image does."""
        image = decode_image(data)
        height, width = image.shape[:2]
        left, top, right, bottom = box_rel
        box = (left * width, top * height, right * width, bottom * height)
        face = self._at(image, box)
        return Crop(_cut(image, box), assess_face(image, face) if face else None)

    def crop_portrait(self, photo: bytes) -> bytes:
        """The one face of a photograph that passed the gate; raises FrameRejected `no_face` where there is none."""
        image = decode_image(photo)
        faces = self._detector.detect(image)
        if not faces:
            raise FrameRejected("no_face")
        return _cut(image, faces[0].box_xyxy)

    def _at(self, image: NDArray[np.uint8], box_xyxy: BoxXyxy) -> Face | None:
        faces = self._detector.detect(image)
        if not faces:
            return None
        boxes = np.array([face.box_xyxy for face in faces], np.float32)
        overlaps = iou_xyxy(np.array([box_xyxy], np.float32), boxes)[0]
        return faces[overlaps.argmax()] if overlaps.max() > 0 else None


def _cut(image: NDArray[np.uint8], box_xyxy: BoxXyxy) -> bytes:
    """A square around the box, with its margin; what lies outside of the picture is grey."""
    left, top, right, bottom = box_xyxy
    side = max(right - left, bottom - top) * (1 + 2 * MARGIN)
    scale = min(1.0, SIDE_PX / side)
    across, down = (left + right) / 2 - side / 2, (top + bottom) / 2 - side / 2
    into = np.array([[scale, 0, -scale * across], [0, scale, -scale * down]], np.float32)
    wh = max(1, round(side * scale)), max(1, round(side * scale))
    square = cv2.warpAffine(image, into, wh, flags=cv2.INTER_AREA, borderValue=(128, 128, 128))
    return cv2.imencode(".jpg", square, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()
