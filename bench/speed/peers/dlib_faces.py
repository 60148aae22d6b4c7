"""face_recognition, the best-known package: dlib's HOG detector and its ResNet with 128 numbers."""

from importlib.metadata import version as version_of
from pathlib import Path

import face_recognition  # type: ignore[import-not-found]  # only in .bench-venv
import numpy as np
from numpy.typing import NDArray

from bench.speed.worker import Task


def version() -> str:
    return f"{version_of('face-recognition')}, dlib {version_of('dlib-bin')}"


def prepare(models: Path) -> Task:  # noqa: ARG001  # it brings its own
    return find_and_embed


def find_and_embed(image_bgr: NDArray[np.uint8]) -> list[list[float]]:
    image_rgb = np.ascontiguousarray(image_bgr[..., ::-1])
    places = face_recognition.face_locations(image_rgb)
    templates = face_recognition.face_encodings(image_rgb, places)
    return [
        [(left + right) / 2, (top + bottom) / 2, *template.tolist()]
        for (top, right, bottom, left), template in zip(places, templates, strict=True)
    ]
