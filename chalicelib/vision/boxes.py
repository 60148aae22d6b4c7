"""Overlap of boxes, for every detector: boxes are float `(n, 4)` as left, top, right, bottom in one unit."""

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]


def iou_xyxy(boxes_a: Float32, boxes_b: Float32) -> Float32:
    """Intersection over union of every pair, `(n, 4)` and `(m, 4)` to `(n, m)`; 0 where both boxes are empty."""
    top_left = np.maximum(boxes_a[:, None, :2], boxes_b[None, :, :2])
    bottom_right = np.minimum(boxes_a[:, None, 2:], boxes_b[None, :, 2:])
    shared = np.clip(bottom_right - top_left, 0, None).prod(axis=2)
    union = area_xyxy(boxes_a)[:, None] + area_xyxy(boxes_b)[None, :] - shared
    overlaps: Float32 = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return overlaps


def area_xyxy(boxes_xyxy: Float32) -> Float32:
    """Areas `(n,)`; a box turned inside out counts as empty."""
    areas: Float32 = np.clip(boxes_xyxy[:, 2:] - boxes_xyxy[:, :2], 0, None).prod(axis=1)
    return areas


def nms_xyxy(
    boxes_xyxy: Float32, scores: Float32, labels: NDArray[np.integer] | None = None, *, max_iou: float
) -> NDArray[np.intp]:
    """Indices of the boxes to keep, best score first.

    Of boxes that overlap by more than `max_iou` only the best survives; with `labels` `(n,)`, boxes of different
    labels never push each other out.
    """
    order = np.argsort(-scores, kind="stable")
    overlaps = iou_xyxy(boxes_xyxy[order], boxes_xyxy[order]) > max_iou
    if labels is not None:
        overlaps &= labels[order, None] == labels[None, order]
    kept = np.ones(len(order), dtype=bool)
    for rank in range(len(order)):
        if kept[rank]:
            kept[rank + 1 :] &= ~overlaps[rank, rank + 1 :]
    return order[kept]
