"""Where faces are, with YuNet; some 10 ms a frame at the default size, mostly the network.

Model card and decoding: OpenCV Zoo, face_detection_yunet (Wu et al., "YuNet: A Tiny Millisecond-level Face Detector",
2023). OpenCV's own `FaceDetectorYN` gives the same faces on the same input; the tests compare them.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from chalicelib.domain.observations import BoxXyxy
from chalicelib.vision.boxes import Float32, nms_xyxy
from chalicelib.vision.sessions import Model

STRIDES = (8, 16, 32)
MAX_IOU = 0.3
"""Faces side by side in a crowd overlap by less; the model card's value."""

PointXy = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Face:
    """One face in pixels of the frame: `landmarks_xy` are the eyes, the nose tip, the corners of the mouth.

    In each pair the one further left in an upright picture comes first. `score` is in [0,1].
    """

    box_xyxy: BoxXyxy
    landmarks_xy: tuple[PointXy, ...]
    score: float


class FaceDetector:
    """Finds faces from about 10 px wide, as the network sees them, to the whole picture."""

    def __init__(self, model: Model, *, max_side_px: int = 640, min_score: float = 0.6) -> None:
        self._model = model
        self._max_side_px = max_side_px
        self._min_score = min_score

    def detect(self, image_bgr: NDArray[np.uint8]) -> tuple[Face, ...]:
        """Every face of an image `(h, w, 3)`, surest first; an empty tuple where there is none."""
        scale = min(1.0, self._max_side_px / max(image_bgr.shape[:2]))
        padded = _padded(_scaled(image_bgr, scale))
        outputs = self._model.run(self._model.blob(padded))
        maps_by_stride = zip(STRIDES, outputs[0:3], outputs[3:6], outputs[6:9], outputs[9:12], strict=True)
        found = np.concatenate([self._decode(*maps, columns=padded.shape[1] // maps[0]) for maps in maps_by_stride])
        kept = found[nms_xyxy(found[:, :4], found[:, 4], max_iou=MAX_IOU)]
        kept[:, :4] /= scale
        kept[:, 5:] /= scale
        return tuple(_face(row) for row in kept)

    def _decode(
        self, stride: int, classes: Float32, objects: Float32, boxes: Float32, points: Float32, *, columns: int
    ) -> Float32:
        """Rows of box, score and landmarks `(n, 15)` in pixels of the padded picture, from one stride's maps."""
        score = np.sqrt(np.clip(classes, 0, 1) * np.clip(objects, 0, 1)).ravel()
        cells = np.flatnonzero(score >= self._min_score)
        corner = np.stack([cells % columns, cells // columns], axis=1)
        box, point = boxes[0, cells], points[0, cells].reshape(-1, 5, 2)
        centre, half = (corner + box[:, :2]) * stride, np.exp(box[:, 2:]) * stride / 2
        landmarks = ((corner[:, None] + point) * stride).reshape(-1, 10)
        return np.hstack([centre - half, centre + half, score[cells, None], landmarks]).astype(np.float32)


def _scaled(image_bgr: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    if scale == 1:
        return image_bgr
    return np.asarray(cv2.resize(image_bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _padded(image_bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Black to the right and below, up to whole cells of the coarsest stride."""
    height, width = image_bgr.shape[:2]
    right, below = -width % STRIDES[-1], -height % STRIDES[-1]
    return np.asarray(cv2.copyMakeBorder(image_bgr, 0, below, 0, right, cv2.BORDER_CONSTANT), np.uint8)


def _face(row: Float32) -> Face:
    left, top, right, bottom, score, *points = row.tolist()
    return Face((left, top, right, bottom), tuple(zip(points[::2], points[1::2], strict=True)), score)
