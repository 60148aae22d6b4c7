"""Boxes: how much they overlap, and which of several over one thing survive."""

import numpy as np
import pytest

from chalicelib.vision.boxes import area_xyxy, iou_xyxy, nms_xyxy

NO_BOXES = np.zeros((0, 4), np.float32)


def boxes(*rows: tuple[float, float, float, float]) -> np.ndarray:
    return np.asarray(rows, np.float32)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        pytest.param((0, 0, 10, 10), 1.0, id="the same box overlaps wholly"),
        pytest.param((10, 0, 20, 10), 0.0, id="boxes that only touch do not overlap"),
        pytest.param((5, 0, 15, 10), 1 / 3, id="half of each is shared"),
        pytest.param((2, 2, 4, 4), 0.04, id="a small box inside a large one"),
        pytest.param((30, 30, 20, 20), 0.0, id="a box turned inside out is empty"),
    ],
)
def test_overlap_is_the_shared_part_of_the_union(other: tuple[float, float, float, float], expected: float) -> None:
    assert iou_xyxy(boxes((0, 0, 10, 10)), boxes(other)).item() == pytest.approx(expected)


def test_two_empty_boxes_overlap_by_nothing_rather_than_by_nan() -> None:
    point = boxes((3, 3, 3, 3))
    assert iou_xyxy(point, point).item() == 0


def test_overlaps_of_no_boxes_keep_their_shape() -> None:
    assert iou_xyxy(NO_BOXES, boxes((0, 0, 1, 1))).shape == (0, 1)
    assert area_xyxy(NO_BOXES).shape == (0,)


def test_the_best_of_overlapping_boxes_survives_and_the_best_comes_first() -> None:
    three = boxes((0, 0, 10, 10), (1, 0, 11, 10), (50, 50, 60, 60))
    assert nms_xyxy(three, np.asarray([0.5, 0.8, 0.9], np.float32), max_iou=0.5).tolist() == [2, 1]


def test_a_box_pushed_out_pushes_nobody_out() -> None:
    """Greedy suppression: the third overlaps only the second, which is gone already."""
    chain = boxes((0, 0, 10, 10), (5, 0, 15, 10), (10, 0, 20, 10))
    assert nms_xyxy(chain, np.asarray([0.9, 0.8, 0.7], np.float32), max_iou=0.3).tolist() == [0, 2]


def test_labels_keep_different_things_in_one_place() -> None:
    """A rider on a motorbike is two detections."""
    pair, scores = boxes((0, 0, 10, 10), (0, 0, 10, 10)), np.asarray([0.9, 0.8], np.float32)
    assert nms_xyxy(pair, scores, np.asarray([0, 1]), max_iou=0.5).tolist() == [0, 1]
    assert nms_xyxy(pair, scores, np.asarray([1, 1]), max_iou=0.5).tolist() == [0]


def test_nothing_in_nothing_out() -> None:
    assert nms_xyxy(NO_BOXES, np.zeros(0, np.float32), max_iou=0.5).shape == (0,)
