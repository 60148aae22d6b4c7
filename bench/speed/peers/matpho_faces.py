"""Our own face path: both looks, the quality gate and the embedder."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.speed.worker import Task
from chalicelib.vision.face_detection import Face, FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.face_quality import assess_face, refusal
from chalicelib.vision.sessions import load_model


def version() -> str:
    return "this tree"


def prepare(models: Path) -> Task:
    cv2.setNumThreads(1)
    detector = FaceDetector(load_model(models, "face_detector"))
    embedder = FaceEmbedder(load_model(models, "face_embedder"))

    def find_and_embed(image_bgr: NDArray[np.uint8]) -> list[list[float]]:
        faces = detector.detect(image_bgr)
        good = [face for face in faces if refusal(assess_face(image_bgr, face)) is None]
        templates = embedder.embed(image_bgr, good)
        return [[*_centre(face), *row.tolist()] for face, row in zip(good, templates, strict=True)]

    return find_and_embed


def _centre(face: Face) -> tuple[float, float]:
    left, top, right, bottom = face.box_xyxy
    return (left + right) / 2, (top + bottom) / 2
