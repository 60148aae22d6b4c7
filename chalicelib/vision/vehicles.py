"""Vehicles and people in a frame, with NanoDet, and how full of vehicles the road is.

The model is RangiLyu's NanoDet-g trained on COCO; its scores are sigmoids, its distances expectations over 11 bins. It
looks at the whole frame, so what is far away is undercounted: read counts as a lower bound.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from chalicelib.domain.city import PolygonRel
from chalicelib.domain.observations import BoxXyxy, Detection, TrafficReading
from chalicelib.vision.boxes import Float32, nms_xyxy
from chalicelib.vision.sessions import Model

VEHICLES = ("bicycle", "car", "motorcycle", "bus", "truck")
LABELS = ("person", *VEHICLES)

STRIDES = (8, 16, 32)
MAX_IOU = 0.6
MIN_SCORE = 0.4

_BINS = 11
_GRID_PX = 128
"""Side of the grid that occupancy is counted on: a cell is under 1 % of either side."""


@dataclass(frozen=True, slots=True)
class VehicleDetector:
    """NanoDet, reduced to what moves on a street."""

    model: Model
    min_score: float = MIN_SCORE

    def detect(self, image_bgr: NDArray[np.uint8]) -> tuple[Detection, ...]:
        """Find people and vehicles in a picture (h,w,3) of any size, surest first."""
        height, width = image_bgr.shape[:2]
        scale = min(self.model.spec.input_wh[0] / width, self.model.spec.input_wh[1] / height)
        padded = _letterboxed(image_bgr, scale, self.model.spec.input_wh)
        outputs = self.model.run(self.model.blob(padded))
        labels = [self.model.spec.labels.index(label) for label in LABELS]
        scores = np.concatenate([one[0][:, labels] for one in outputs[:3]])
        boxes = np.concatenate(
            [_boxes(one[0], stride, padded) for one, stride in zip(outputs[3:], STRIDES, strict=True)]
        )
        return _detections(boxes / scale, scores, self.min_score, (width, height))


def read_traffic(
    detections: Sequence[Detection], *, image_wh: tuple[int, int], road_zone_rel: PolygonRel
) -> TrafficReading:
    """Count what was seen, and the share of the road zone that lies under vehicles; people don't fill a road."""
    zone = np.zeros((_GRID_PX, _GRID_PX), np.uint8)
    cv2.fillPoly(zone, [np.round(np.array(road_zone_rel) * (_GRID_PX - 1)).astype(np.int32)], 1)
    covered = np.zeros_like(zone)
    for detection in detections:
        if detection.label in VEHICLES:
            _cover(covered, detection.box_xyxy, image_wh)
    zone_cells = int(zone.sum())
    occupancy = float((covered & zone).sum()) / zone_cells if zone_cells else 0.0
    return TrafficReading(Counter(detection.label for detection in detections), occupancy)


def _letterboxed(image_bgr: NDArray[np.uint8], scale: float, size_wh: tuple[int, int]) -> NDArray[np.uint8]:
    """The picture shrunk into the top left corner, black beside it."""
    width, height = size_wh
    inner_wh = max(1, round(image_bgr.shape[1] * scale)), max(1, round(image_bgr.shape[0] * scale))
    padded = np.zeros((height, width, 3), np.uint8)
    padded[: inner_wh[1], : inner_wh[0]] = cv2.resize(image_bgr, inner_wh, interpolation=cv2.INTER_AREA)
    return padded


def _boxes(distances: Float32, stride: int, padded: NDArray[np.uint8]) -> Float32:
    """Boxes `(n, 4)` from one stride's distance map `(n, 4 * 11)`, in pixels of the padded picture."""
    logits = distances.reshape(-1, 4, _BINS)
    weights = np.exp(logits - logits.max(axis=2, keepdims=True))
    sides = (weights @ np.arange(_BINS, dtype=np.float32)) / weights.sum(axis=2) * stride
    rows, columns = -(-padded.shape[0] // stride), -(-padded.shape[1] // stride)
    x, y = (np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1).reshape(-1, 2).T + 0.5) * stride
    boxes: Float32 = np.stack([x - sides[:, 0], y - sides[:, 1], x + sides[:, 2], y + sides[:, 3]], axis=1)
    return boxes.astype(np.float32)


def _detections(
    boxes_xyxy: Float32, scores: Float32, min_score: float, image_wh: tuple[int, int]
) -> tuple[Detection, ...]:
    cells, labels = np.nonzero(scores >= min_score)
    boxes = boxes_xyxy[cells].clip(0, np.array(image_wh * 2, np.float32))
    best = scores[cells, labels]
    return tuple(
        Detection(LABELS[labels[n]], float(best[n]), _box(boxes[n]))
        for n in nms_xyxy(boxes, best, labels, max_iou=MAX_IOU)
    )


def _box(row: Float32) -> BoxXyxy:
    left, top, right, bottom = map(float, row)
    return left, top, right, bottom


def _cover(cells: NDArray[np.uint8], box_xyxy: BoxXyxy, image_wh: tuple[int, int]) -> None:
    left, top, right, bottom = np.array(box_xyxy) / np.array(image_wh * 2) * _GRID_PX
    cells[int(top) : int(np.ceil(bottom)), int(left) : int(np.ceil(right))] = 1
