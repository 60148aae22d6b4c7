"""Vehicles and people of a street by NanoDet-g, and how full the road is with them: some 22 ms a wide picture."""

from collections import Counter
from collections.abc import Mapping, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from chalicelib.domain.city import PolygonRel
from chalicelib.domain.observations import Detection, TrafficReading
from chalicelib.vision.boxes import nms_xyxy
from chalicelib.vision.images import SMALL_PX, shrink
from chalicelib.vision.sessions import Float32, Model

PERSON = "person"
VEHICLES = ("bicycle", "car", "motorcycle", "bus", "truck")

SURE_SCORE = 0.27
"""From which a find counts as seen: there finds rank pictures and cover roads best as labelled boxes do.

A fifth more of them than people labelled, who leave out what is far.
"""

_STRIDES_PX = (8, 16, 32)
_BINS = 11
_GRID_WH = (320, 180)


class VehicleDetector:
    """Finds vehicles and people."""

    def __init__(self, model: Model, *, min_score: float = SURE_SCORE, max_iou: float = 0.4) -> None:
        self._model = model
        self._min_score = min_score
        self._max_iou = max_iou
        self._labels = (PERSON, *VEHICLES)
        self._columns = [model.spec.labels.index(label) for label in self._labels]

    @property
    def digests(self) -> Mapping[str, str]:
        """SHA-256 of the file that decides, for an incident's evidence."""
        return {self._model.spec.job: self._model.digest}

    def detect(self, image_bgr: NDArray[np.uint8]) -> tuple[Detection, ...]:
        """Find them in a BGR picture (height, width, 3), best score first; boxes stay inside the picture."""
        return self.sure(self.find(image_bgr, from_score=self._min_score))

    def sure(self, finds: Sequence[Detection]) -> tuple[Detection, ...]:
        """Those of the finds that count as seen."""
        return tuple(find for find in finds if find.score >= self._min_score)

    def find(
        self, image_bgr: NDArray[np.uint8], *, from_score: float, in_wh: tuple[int, int] | None = None
    ) -> tuple[Detection, ...]:
        """As `detect`, but down to a fainter score, which takes no longer, and in pixels of a frame of `in_wh`."""
        canvas, scale = letterbox(image_bgr, self._model.spec.input_wh)
        outputs = self._model.run(self._model.blob(canvas))
        boxes_xyxy, scores, labels = self._decode(outputs, columns_px=canvas.shape[1], from_score=from_score)
        # A car and a truck in one place are one vehicle, a person on a motorcycle are two things.
        kept = nms_xyxy(boxes_xyxy, scores, (labels > 0).astype(np.intp), max_iou=self._max_iou)
        width, height = in_wh or (image_bgr.shape[1], image_bgr.shape[0])
        scale *= image_bgr.shape[1] / width
        boxes_xyxy = np.clip(boxes_xyxy / scale, 0, np.array([width, height, width, height], np.float32))
        return tuple(_detection(self._labels[labels[i]], scores[i], boxes_xyxy[i]) for i in kept)

    def _decode(
        self, outputs: Sequence[Float32], *, columns_px: int, from_score: float
    ) -> tuple[Float32, Float32, NDArray[np.intp]]:
        """Boxes (n,4) on the canvas, scores (n,) and indices of `_labels` (n,) from the score on at all strides."""
        levels = zip(_STRIDES_PX, outputs[:3], outputs[3:], strict=True)
        found = [
            self._decode_level(classes[0], bins[0], stride, columns_px, from_score) for stride, classes, bins in levels
        ]
        boxes, scores, labels = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return boxes, scores, labels

    def _decode_level(
        self, classes: Float32, bins: Float32, stride_px: int, columns_px: int, from_score: float
    ) -> tuple[Float32, Float32, NDArray[np.intp]]:
        wanted = classes[:, self._columns]
        scores = wanted.max(axis=1)
        (cells,) = np.nonzero(scores >= from_score)
        rows, columns = np.divmod(cells, columns_px // stride_px)
        centres = (np.stack([columns, rows], axis=1) + 0.5).astype(np.float32) * stride_px
        distances = _expected_bin(bins[cells]) * stride_px
        boxes_xyxy = np.concatenate([centres - distances[:, :2], centres + distances[:, 2:]], axis=1)
        return boxes_xyxy, scores[cells], wanted[cells].argmax(axis=1)


def read_traffic(
    detections: Sequence[Detection], *, image_wh: tuple[int, int], road_zone_rel: PolygonRel
) -> TrafficReading:
    """Count what was detected by label and measure the share of the road zone under vehicles; people cover none."""
    zone = np.zeros(_GRID_WH[::-1], np.uint8)
    corners = np.rint(np.array(road_zone_rel) * _GRID_WH - 0.5).astype(np.int32)
    cv2.fillPoly(zone, [corners], 1)
    covered = np.zeros_like(zone)
    boxes_xyxy = [detection.box_xyxy for detection in detections if detection.label in VEHICLES]
    on_grid = np.array(boxes_xyxy, np.float64).reshape(-1, 4) * (np.array(_GRID_WH * 2) / np.array(image_wh * 2))
    for left, top, right, bottom in np.rint(on_grid).clip(0).astype(int):
        covered[top:bottom, left:right] = 1
    occupancy = float((covered & zone).sum() / max(1, zone.sum()))
    return TrafficReading(dict(Counter(detection.label for detection in detections)), occupancy)


def letterbox(image_bgr: NDArray[np.uint8], wh: tuple[int, int]) -> tuple[NDArray[np.uint8], float]:
    """Scale into `wh`, then fill right and bottom with black to whole cells only: wide pictures cost less.

    By way of a picture that others need as well, from which picking pixels finds as much as means: .3 ms for 1.5.
    """
    height, width = image_bgr.shape[:2]
    scale = min(wh[0] / width, wh[1] / height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    scaled = cv2.resize(shrink(image_bgr, SMALL_PX)[0], size, interpolation=cv2.INTER_LINEAR)
    cell = _STRIDES_PX[-1]
    canvas = cv2.copyMakeBorder(scaled, 0, -size[1] % cell, 0, -size[0] % cell, cv2.BORDER_CONSTANT, value=(0, 0, 0))
    return np.asarray(canvas, np.uint8), scale


def _expected_bin(logits: Float32) -> Float32:
    """Expectation over the bins of each side: (n, 4 * 11) logits to (n, 4), left, top, right, bottom."""
    sides = logits.reshape(-1, 4, _BINS)
    weights = np.exp(sides - sides.max(axis=2, keepdims=True))
    expected: Float32 = (weights @ np.arange(_BINS, dtype=np.float32)) / weights.sum(axis=2)
    return expected


def _detection(label: str, score: np.floating, box_xyxy: Float32) -> Detection:
    left, top, right, bottom = (float(side) for side in box_xyxy)
    return Detection(label, float(score), (left, top, right, bottom))
