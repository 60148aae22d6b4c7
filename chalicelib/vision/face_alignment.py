"""Turns any face upright to one size, because an embedder only compares what lies at the same place."""

import cv2
import numpy as np
from numpy.typing import NDArray

from chalicelib.vision.face_detection import Face

SIDE_PX = 112
REFERENCE_XY = np.asarray(
    [(38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041)]
)
"""Where ArcFace and its kin expect eyes, nose tip and corners of the mouth (Deng et al., "ArcFace", 2019)."""


def align_face(image_bgr: NDArray[np.uint8], face: Face) -> NDArray[np.uint8]:
    """The face turned, scaled and shifted onto the reference points: BGR `(112, 112, 3)`, black beyond the image."""
    transform = similarity_to_reference(np.asarray(face.landmarks_xy))
    return np.asarray(cv2.warpAffine(image_bgr, transform, (SIDE_PX, SIDE_PX), flags=cv2.INTER_LINEAR), np.uint8)


def similarity_to_reference(landmarks_xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """The `(2, 3)` matrix that brings five points nearest to the reference by rotation, one scale and a shift.

    With points as complex numbers a similarity is `a·z + b`, and least squares is one division (the same answer as
    Umeyama's method, which OpenCV uses, wherever no mirror image fits better).
    """
    source, target = landmarks_xy @ (1, 1j), REFERENCE_XY @ (1, 1j)
    centred = source - source.mean()
    turn = np.vdot(centred, target - target.mean()) / np.vdot(centred, centred)
    shift = target.mean() - turn * source.mean()
    return np.asarray([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])
