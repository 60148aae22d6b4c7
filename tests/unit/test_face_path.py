"""The race against OpenCV's own face path is run on the same frames, and its first round doesn't count."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from bench.face_path import FRAMES, compose
from bench.opencv_faces import timed


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Grey streets and white portraits."""
    for folder, grey, count in (("scenes/normal", 90, FRAMES), ("faces/lfw/an", 250, 3 * FRAMES)):
        (tmp_path / folder).mkdir(parents=True)
        for number in range(count):
            cv2.imwrite(str(tmp_path / folder / f"{number:03}.jpg"), np.full((150, 150, 3), grey, np.uint8))
    return tmp_path


@pytest.mark.parametrize("faces", [0, 1, 3])
def test_frames_hold_as_many_portraits_as_asked_for(data: Path, faces: int) -> None:
    frames = compose(data, faces)
    assert len(frames) == FRAMES
    for frame in frames:
        patches, _ = cv2.connectedComponents((frame[..., 0] > 200).astype(np.uint8))
        assert frame.shape == (720, 1280, 3)
        assert patches - 1 == faces


def test_the_first_round_warms_up_and_is_not_counted() -> None:
    looked: list[int] = []
    seconds = timed(lambda frame: looked.append(1), [np.zeros((1, 1, 3), np.uint8)] * 2, rounds=3)
    assert len(looked) == 8
    assert len(seconds) == 6
