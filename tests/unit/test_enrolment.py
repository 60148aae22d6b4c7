"""A photograph is enrolled, or refused with the reason that holds."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from chalicelib.errors import FrameRejected
from chalicelib.vision.enrolment import Listed, compare_with_listed, enrol_photo
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.sessions import load_model
from tests.data.drawn_faces import AN, BINH, drawn_face, street_with

NOBODY = np.zeros((0, 3), np.float32)


@pytest.fixture(scope="module")
def detector(models_dir: Path) -> FaceDetector:
    return FaceDetector(load_model(models_dir, "face_detector"))


@pytest.fixture(scope="module")
def embedder(models_dir: Path) -> FaceEmbedder:
    return FaceEmbedder(load_model(models_dir, "face_embedder"))


def png(image_bgr: NDArray[np.uint8]) -> bytes:
    return cv2.imencode(".png", image_bgr)[1].tobytes()


def test_a_good_photograph_becomes_one_template_near_what_a_search_sees(
    detector: FaceDetector, embedder: FaceEmbedder
) -> None:
    portrait = drawn_face(300)
    template = enrol_photo(png(portrait), detector=detector, embedder=embedder)
    assert template.shape == (1, 128)
    assert (embedder.embed(portrait, detector.detect(portrait)) @ template[0]).item() > 0.9


@pytest.mark.parametrize(
    ("image_bgr", "reason"),
    [
        pytest.param(np.full((300, 300, 3), 90, np.uint8), "no_face", id="nobody"),
        pytest.param(
            street_with((60, 100, drawn_face(420, AN)), (700, 100, drawn_face(420, BINH))), "several_faces", id="two"
        ),
        pytest.param(drawn_face(100), "too_small", id="good enough for a street but not for a list"),
        pytest.param(cv2.GaussianBlur(drawn_face(420), (0, 0), 12), "blurred", id="out of focus"),
        pytest.param((drawn_face(420) * 0.05).astype(np.uint8), "too_dark", id="in the dark"),
    ],
)
def test_a_poor_photograph_is_refused_with_the_reason(
    detector: FaceDetector, embedder: FaceEmbedder, image_bgr: NDArray[np.uint8], reason: str
) -> None:
    with pytest.raises(FrameRejected) as refused:
        enrol_photo(png(image_bgr), detector=detector, embedder=embedder)
    assert refused.value.reason == reason


def test_a_file_that_is_no_picture_is_refused(detector: FaceDetector, embedder: FaceEmbedder) -> None:
    with pytest.raises(FrameRejected):
        enrol_photo(b"no picture", detector=detector, embedder=embedder)


def row(cosine: float) -> NDArray[np.float32]:
    """A unit row at this cosine to the new template."""
    return np.asarray([[cosine, np.sqrt(1 - cosine**2), 0]], np.float32)


@pytest.mark.parametrize(
    ("own", "others", "reason"),
    [
        pytest.param(NOBODY, NOBODY, None, id="the first of an empty list"),
        pytest.param(row(0.7), row(0.1), None, id="another picture of the same person"),
        pytest.param(row(0.96), row(0.1), "duplicate", id="the same picture again"),
        pytest.param(row(0.1), row(0.1), "unlike_entry", id="somebody else than on the entry's other pictures"),
        pytest.param(NOBODY, row(0.6), "resembles_another_entry", id="somebody who is listed already"),
        pytest.param(row(0.7), row(0.6), None, id="a relative of another entry, but more like his own"),
    ],
)
def test_a_template_must_fit_its_entry_and_no_other(
    own: NDArray[np.float32], others: NDArray[np.float32], reason: str | None
) -> None:
    template = np.asarray([[1, 0, 0]], np.float32)
    listed = Listed(own, others)
    assert compare_with_listed(template, listed, stranger_cosine=0.29, threshold=0.45) == reason
