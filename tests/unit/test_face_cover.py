"""What hides a part of a face is told, and nobody is enrolled so; a bare face is left alone."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from chalicelib.domain.observations import Hint
from chalicelib.errors import FrameRejected
from chalicelib.vision.enrolment import enrol_image
from chalicelib.vision.face_alignment import align_face
from chalicelib.vision.face_cover import covers
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.sessions import load_model
from tests.data.drawn_faces import AN, drawn_face

MASK = np.array([[22, 66], [56, 60], [90, 66], [88, 88], [56, 113], [24, 88]])
GLASSES = np.array([[22, 44], [90, 44], [88, 60], [72, 64], [58, 56], [54, 56], [40, 64], [24, 60]])


@pytest.fixture(scope="module")
def detector(models_dir: Path) -> FaceDetector:
    return FaceDetector(load_model(models_dir, "face_detector"))


@pytest.fixture
def aligned(detector: FaceDetector) -> NDArray[np.uint8]:
    portrait = drawn_face(400, AN)
    (face,) = detector.detect(portrait)
    return align_face(portrait, face)


def wearing(face: NDArray[np.uint8], polygon: NDArray[np.int_], bgr: tuple[int, int, int]) -> NDArray[np.uint8]:
    """With cloth of the weave of cameras' noise."""
    noise = np.random.default_rng(1).normal(0, 3, face.shape)
    cloth = np.clip(np.full(face.shape, bgr) + noise, 0, 255).astype(np.uint8)
    inside = cv2.fillPoly(np.zeros(face.shape[:2], np.uint8), [polygon.astype(np.int32)], 1).astype(bool)
    return np.where(inside[..., None], cloth, face)


def test_a_bare_face_wears_nothing(aligned: NDArray[np.uint8]) -> None:
    assert covers(aligned) == ()


@pytest.mark.parametrize(
    "bgr",
    [
        pytest.param((200, 170, 110), id="surgical blue"),
        pytest.param((225, 225, 225), id="white"),
        pytest.param((35, 35, 35), id="black"),
        pytest.param((140, 170, 215), id="of nearly the skin's colour"),
    ],
)
def test_cloth_before_the_mouth_is_told(aligned: NDArray[np.uint8], bgr: tuple[int, int, int]) -> None:
    assert Hint.COVERED in covers(wearing(aligned, MASK, bgr))


def test_dark_glasses_are_told(aligned: NDArray[np.uint8]) -> None:
    assert Hint.DARK_GLASSES in covers(wearing(aligned, GLASSES, (25, 25, 25)))


def test_a_mask_is_told_in_grey_light_as_well(aligned: NDArray[np.uint8]) -> None:
    grey = cv2.cvtColor(wearing(aligned, MASK, (120, 125, 130)), cv2.COLOR_BGR2GRAY)
    assert covers(np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)) == (Hint.COVERED,)


def test_nobody_is_enrolled_with_a_covered_face(detector: FaceDetector, models_dir: Path) -> None:
    portrait = drawn_face(400, AN)
    portrait[272:380, 100:300] = (200, 170, 110)
    assert len(detector.detect(portrait)) == 1, "a mask that hides the face from the detector proves nothing"
    with pytest.raises(FrameRejected, match="covered"):
        enrol_image(portrait, detector=detector, embedder=FaceEmbedder(load_model(models_dir, "face_embedder")))
