"""Where faces are, with YuNet, in two looks: one at the whole frame made small, one at each face by itself.

The points of both are averaged, each look weighing as much as the face was large to it. On LFW, where that means 100
and 171 px, the second look raises the true pairs accepted at one false in 100,000 from .928 to .950. In frames of
1920x1080 it finds eyes and mouth as exactly as a look at the full frame would: of LFW faces set into street pictures
35 px wide, .93 instead of .71 were then recognised. It costs 3 ms a face, the first look some 8 ms a frame.

A face that is enrolled is worth a third, at its mirror image: what errs to the left there errs to the right here.

Model card and decoding: OpenCV Zoo, face_detection_yunet (Wu et al., "YuNet: A Tiny Millisecond-level Face Detector",
2023). OpenCV's own `FaceDetectorYN` gives the same faces at the first look; the tests compare them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from chalicelib.domain.observations import BoxXyxy
from chalicelib.vision.boxes import Float32, iou_xyxy, nms_xyxy
from chalicelib.vision.frame_pixels import FramePixels, pixels_of_image
from chalicelib.vision.images import shrink
from chalicelib.vision.sessions import Model

STRIDES = (8, 16, 32)
MAX_IOU = 0.3
"""Faces side by side in a crowd overlap by less; the model card's value."""

LOOK_PX = 256
FACE_PX = 171
"""The side of a second look, and the size it brings the face to: with less margin a face may be missed."""

SAME_FACE_IOU = 0.5
"""What the second look sees must overlap the first by so much, or it is the neighbour's face."""

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
    """Finds faces from about 8 px wide, as the network sees them, to the whole picture."""

    def __init__(self, model: Model, *, max_side_px: int = 640, min_score: float = 0.5) -> None:
        self._model = model
        self.digest = model.digest
        self._max_side_px = max_side_px
        self._min_score = min_score

    def detect(self, image_bgr: NDArray[np.uint8]) -> tuple[Face, ...]:
        """Every face of an image `(h, w, 3)`, surest first; an empty tuple where there is none."""
        return self.detect_in(pixels_of_image(image_bgr))

    def detect_in(self, frame: FramePixels) -> tuple[Face, ...]:
        """As `detect`; the frame is read whole only where there is a face."""
        points, scores, scale = self._look_at_all(frame.small_bgr)
        sizes = _size(points)
        points /= scale * frame.small_share
        for index, size in enumerate(sizes):
            closer = self._look_again(frame.whole_bgr, points[index])
            points[index] += (closer - points[index]) * FACE_PX / (FACE_PX + size)
        return tuple(_face(*found) for found in zip(points.tolist(), scores.tolist(), strict=True))

    def glance(self, image_bgr: NDArray[np.uint8]) -> tuple[Face, ...]:
        """The same faces as the first look alone has them: enough to hide a crowd, where each costs 3 ms more."""
        points, scores, scale = self._look_at_all(image_bgr)
        return tuple(_face(*found) for found in zip((points / scale).tolist(), scores.tolist(), strict=True))

    def look_closely(self, image_bgr: NDArray[np.uint8], face: Face) -> Face:
        """The same face, its points averaged over a closer look and one at its mirror image; 5 ms.

        With templates enrolled so, and searched as `detect` finds faces, LFW's true pairs missed at one false in
        100,000 fall from .040 to .036; looking so at both would give .035.
        """
        corners = (face.box_xyxy[:2], face.box_xyxy[2:])
        points = np.asarray([*corners, *face.landmarks_xy], np.float32)
        looks = [self._look_again(image_bgr, points, mirrored=mirrored) for mirrored in (False, True)]
        return _face(np.mean(looks, axis=0).tolist(), face.score)

    def _look_at_all(self, image_bgr: NDArray[np.uint8]) -> tuple[Float32, Float32, float]:
        """Points and scores as `_look` has them of the image made small, and how small that is."""
        small, scale = shrink(image_bgr, self._max_side_px)
        return *self._look(_padded(small)), scale

    def _look(self, image_bgr: NDArray[np.uint8]) -> tuple[Float32, Float32]:
        """Points `(n, 7, 2)`, the box's two corners before the landmarks, and scores `(n,)`, best first.

        The image's sides are whole multiples of the coarsest stride.
        """
        outputs = self._model.run(self._model.blob(image_bgr))
        classes, objects, boxes, landmarks = (np.concatenate(outputs[at : at + 3], axis=1)[0] for at in (0, 3, 6, 9))
        scores = np.sqrt(np.clip(classes, 0, 1) * np.clip(objects, 0, 1)).ravel()
        cells = np.flatnonzero(scores >= self._min_score)
        grid = _cells(image_bgr.shape[0], image_bgr.shape[1])[cells]
        points = _points(grid[:, None, :2], boxes[cells, None], landmarks[cells]) * grid[:, None, 2:]
        kept = nms_xyxy(_boxes(points), scores[cells], max_iou=MAX_IOU)
        return points[kept], scores[cells][kept]

    def _look_again(self, image_bgr: NDArray[np.uint8], points: Float32, *, mirrored: bool = False) -> Float32:
        """The points `(7, 2)` as a closer look at this one face finds them; as they were, if it finds only others."""
        scale = FACE_PX / _size(points[None]).item()
        shift = LOOK_PX / 2 - scale * points[:2].mean(axis=0)
        closer = np.column_stack([scale * np.eye(2), shift])
        view = np.asarray(cv2.warpAffine(image_bgr, closer, (LOOK_PX, LOOK_PX)), np.uint8)
        seen = _mirrored(self._look(view[:, ::-1])[0]) if mirrored else self._look(view)[0]
        seen = (seen - shift) / scale
        overlaps = iou_xyxy(_boxes(points[None]), _boxes(seen)).ravel()
        return seen[overlaps.argmax()] if (overlaps > SAME_FACE_IOU).any() else points


@lru_cache(maxsize=8)
def _cells(height_px: int, width_px: int) -> Float32:
    """Column, row and stride `(n, 3)` of every cell in the order of the network's outputs."""
    maps = []
    for stride in STRIDES:
        row, column = np.mgrid[: height_px // stride, : width_px // stride]
        maps.append(np.stack([column.ravel(), row.ravel(), np.full(row.size, stride)], axis=1))
    return np.concatenate(maps).astype(np.float32)


def _points(corner: Float32, box: Float32, landmarks: Float32) -> Float32:
    """Points `(n, 7, 2)` in cells, from the network's shifts to each cell's corner `(n, 1, 2)`."""
    shift, log_size = np.split(box, 2, axis=2)
    half_size = np.exp(log_size) / 2
    whole = corner + shift + np.concatenate([-half_size, half_size], axis=1)
    return np.concatenate([whole, corner + landmarks.reshape(-1, 5, 2)], axis=1)


def _mirrored(points: Float32) -> Float32:
    """Points `(n, 7, 2)` of a mirrored view where they lie in the view itself, left and right changed over."""
    back = points[:, [0, 1, 3, 2, 4, 6, 5]]
    back[..., 0] = LOOK_PX - 1 - back[..., 0]
    back[:, :2, 0] = back[:, 1::-1, 0]
    return back


def _boxes(points: Float32) -> Float32:
    return points[:, :2].reshape(-1, 4)


def _size(points: Float32) -> Float32:
    """The longer side `(n,)` of each box."""
    sides: Float32 = (points[:, 1] - points[:, 0]).max(axis=1)
    return sides


def _padded(image_bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Black to the right and below, up to whole cells of the coarsest stride."""
    height, width = image_bgr.shape[:2]
    right, below = -width % STRIDES[-1], -height % STRIDES[-1]
    return np.asarray(cv2.copyMakeBorder(image_bgr, 0, below, 0, right, cv2.BORDER_CONSTANT), np.uint8)


def _face(points: Sequence[PointXy], score: float) -> Face:
    top_left, bottom_right, *landmarks = points
    return Face((*top_left, *bottom_right), tuple((x, y) for x, y in landmarks), score)
