"""OpenCV's own way from a frame to face features, timed; needs nothing but OpenCV, so any of its versions can run it.

`PYTHON bench/opencv_faces.py YUNET.onnx SFACE.onnx FRAMES.npy` prints processor seconds a frame as JSON.
"""

import json
import sys
import time
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH_PX = 640
Frame = NDArray[np.uint8]


def opencv_path(yunet: str, sface: str) -> Callable[[Frame], int]:
    """Find at `WIDTH_PX`, align and embed at full size; the call returns how many faces there were."""
    detector = cv2.FaceDetectorYN.create(yunet, "", (WIDTH_PX, WIDTH_PX), 0.5, 0.3)
    recogniser = cv2.FaceRecognizerSF.create(sface, "")

    def look(frame_bgr: Frame) -> int:
        height, width = frame_bgr.shape[:2]
        scale = width / WIDTH_PX
        size = (WIDTH_PX, round(height / scale))
        detector.setInputSize(size)
        _, found = detector.detect(cv2.resize(frame_bgr, size, interpolation=cv2.INTER_AREA))
        for row in () if found is None else found:
            row[:14] *= scale
            recogniser.feature(recogniser.alignCrop(frame_bgr, row))
        return 0 if found is None else len(found)

    return look


def timed(look: Callable[[Frame], object], frames: list[Frame], *, rounds: int = 5) -> list[float]:
    """Processor seconds of every look but those of a first round; a busy machine disturbs them least."""
    seconds = []
    for turn in range(rounds + 1):
        for frame_bgr in frames:
            start = time.process_time()
            look(frame_bgr)
            if turn:
                seconds.append(time.process_time() - start)
    return seconds


if __name__ == "__main__":
    cv2.setNumThreads(1)
    _, yunet_onnx, sface_onnx, frames_npy = sys.argv
    measured = timed(opencv_path(yunet_onnx, sface_onnx), list(np.load(frames_npy)))
    print(json.dumps({"version": cv2.__version__, "seconds": measured}))
