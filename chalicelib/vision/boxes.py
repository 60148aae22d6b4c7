"""Overlap of boxes, for every detector: boxes are float `(n, 4)` as left, top, right, bottom in one unit."""

import numpy as np
from numpy.typing import NDArray

Float32 = NDArray[np.float32]


def iou_xyxy(boxes_a: Float32, boxes_b: Float32) -> Float32:
    """Intersection over union of every pair, `(n, 4)` and `(m, 4)` to `(n, m)`; 0 where both boxes are empty."""
    # One (n, m) array a side: products over an axis of two take seven times as long.
    left_a, top_a, right_a, bottom_a = boxes_a.T[:, :, None]
    left_b, top_b, right_b, bottom_b = boxes_b.T[:, None]
    wide = np.minimum(right_a, right_b) - np.maximum(left_a, left_b)
    high = np.minimum(bottom_a, bottom_b) - np.maximum(top_a, top_b)
    shared = wide.clip(0) * high.clip(0)
    union = area_xyxy(boxes_a)[:, None] + area_xyxy(boxes_b)[None, :] - shared
    overlaps: Float32 = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return overlaps


def area_xyxy(boxes_xyxy: Float32) -> Float32:
    """Areas `(n,)`; a box turned inside out counts as empty."""
    wide, high = (boxes_xyxy[:, 2:] - boxes_xyxy[:, :2]).clip(0).T
    return np.asarray(wide * high, np.float32)


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
