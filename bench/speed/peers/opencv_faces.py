"""OpenCV's own FaceDetectorYN and FaceRecognizerSF on the weights as published, looking once at 640 px as we do."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.speed.worker import Task

MAX_SIDE_PX = 640


def version() -> str:
    return str(cv2.__version__)


def prepare(models: Path, *, max_side_px: int = MAX_SIDE_PX) -> Task:
    """Of the folder the two files as published are needed."""
    cv2.setNumThreads(1)
    detector: Any = cv2.FaceDetectorYN.create(str(models / "face_detector.onnx"), "", (320, 320), 0.5, 0.3)
    recognizer: Any = cv2.FaceRecognizerSF.create(str(models / "face_embedder.onnx"), "")

    def find_and_embed(image_bgr: NDArray[np.uint8]) -> list[list[float]]:
        height, width = image_bgr.shape[:2]
        scale = min(1.0, max_side_px / max(height, width))
        small = cv2.resize(image_bgr, (round(width * scale), round(height * scale))) if scale < 1 else image_bgr
        detector.setInputSize((small.shape[1], small.shape[0]))
        _count, faces = detector.detect(small)
        rows = []
        for face in faces if faces is not None else ():
            whole = np.concatenate([face[:14] / scale, face[14:]])
            template = recognizer.feature(recognizer.alignCrop(image_bgr, whole))[0]
            centre = whole[:2] + whole[2:4] / 2
            rows.append([*centre.tolist(), *(template / np.linalg.norm(template)).tolist()])
        return rows

    return find_and_embed
