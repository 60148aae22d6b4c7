"""The quality gate: what is refused, for which reason, and what none of the measures may depend on."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from chalicelib.vision.face_alignment import REFERENCE_XY
from chalicelib.vision.face_detection import Face, FaceDetector
from chalicelib.vision.face_quality import FaceQuality, assess_face, refusal
from chalicelib.vision.images import decode_image
from chalicelib.vision.sessions import load_model
from tests.data.drawn_faces import drawn_face

GOOD = FaceQuality(eye_distance_px=40, sharpness=0.05, brightness=120, turn=0.1, inside=1)
SIDE_PX = 400


@pytest.mark.parametrize(
    ("quality", "reason"),
    [
        pytest.param(GOOD, None, id="a good face passes"),
        pytest.param(replace(GOOD, eye_distance_px=9), "too_small", id="eyes 9 px apart"),
        pytest.param(replace(GOOD, inside=0.6), "cut_off", id="a third beyond the border"),
        pytest.param(replace(GOOD, turn=0.7), "turned", id="a profile"),
        pytest.param(replace(GOOD, brightness=12), "too_dark", id="night"),
        pytest.param(replace(GOOD, brightness=230), "too_bright", id="headlights"),
        pytest.param(replace(GOOD, sharpness=0.004), "blurred", id="out of focus"),
        pytest.param(replace(GOOD, eye_distance_px=9, sharpness=0), "too_small", id="only the first reason counts"),
    ],
)
def test_a_face_is_refused_by_the_first_reason_that_holds(quality: FaceQuality, reason: str | None) -> None:
    assert refusal(quality) == reason


def drawn() -> Face:
    """The drawing's face, as placed by hand."""
    shares = [(0.4, 0.49), (0.6, 0.49), (0.485, 0.635), (0.41, 0.75), (0.59, 0.75)]
    landmarks = tuple((x * SIDE_PX, y * SIDE_PX) for x, y in shares)
    return Face((0.26 * SIDE_PX, 0.23 * SIDE_PX, 0.74 * SIDE_PX, 0.89 * SIDE_PX), landmarks, 0.9)


def shrunk(picture: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    small = cv2.resize(picture, None, fx=1 / factor, fy=1 / factor, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, picture.shape[:2][::-1]), np.uint8)


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        pytest.param(drawn_face(SIDE_PX), None, id="as drawn"),
        pytest.param(cv2.GaussianBlur(drawn_face(SIDE_PX), (0, 0), 14), "blurred", id="out of focus"),
        pytest.param(cv2.blur(drawn_face(SIDE_PX), (60, 60)), "blurred", id="smeared"),
        pytest.param(shrunk(drawn_face(SIDE_PX), 25), "blurred", id="blown up from a few pixels"),
        pytest.param(drawn_face(SIDE_PX) // 12, "too_dark", id="at night"),
        pytest.param(255 - (255 - drawn_face(SIDE_PX)) // 6, "too_bright", id="washed out"),
        pytest.param(np.full((SIDE_PX, SIDE_PX, 3), 120, np.uint8), "blurred", id="a blank wall"),
    ],
)
def test_spoilt_pictures_are_refused_for_what_spoilt_them(picture: NDArray[np.uint8], reason: str | None) -> None:
    assert refusal(assess_face(picture, drawn())) == reason


def test_a_dim_face_is_no_blurred_one() -> None:
    """Sharpness is a share of the contrast, so light alone hardly changes it."""
    bright, dim = (assess_face(picture, drawn()) for picture in (drawn_face(SIDE_PX), drawn_face(SIDE_PX) // 3))
    assert dim.sharpness == pytest.approx(bright.sharpness, rel=0.2)


def test_a_tilted_head_is_not_turned() -> None:
    angle = np.radians(40)
    turn = np.asarray([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    landmarks = tuple((x, y) for x, y in (REFERENCE_XY @ turn.T + 200).tolist())
    assert assess_face(drawn_face(SIDE_PX), replace(drawn(), landmarks_xy=landmarks)).turn < 0.05


@pytest.mark.parametrize(
    ("nose_x", "turn"),
    [
        pytest.param(0.5, 0.0, id="frontal"),
        pytest.param(0.6, 0.5, id="the nose below one eye"),
        pytest.param(0.36, 0.7, id="the nose beyond the other"),
    ],
)
def test_turn_is_the_noses_way_off_the_middle_in_eye_distances(nose_x: float, turn: float) -> None:
    left, right, nose, *mouth = drawn().landmarks_xy
    face = replace(drawn(), landmarks_xy=(left, right, (nose_x * SIDE_PX, nose[1]), *mouth))
    assert assess_face(drawn_face(SIDE_PX), face).turn == pytest.approx(turn)


def test_eyes_in_one_place_are_turned_beyond_measure_and_raise_nothing() -> None:
    eye, _, *others = drawn().landmarks_xy
    quality = assess_face(drawn_face(SIDE_PX), replace(drawn(), landmarks_xy=(eye, eye, *others)))
    assert quality.turn == np.inf
    assert refusal(quality) == "too_small"


def test_a_face_half_beyond_the_border_is_half_inside() -> None:
    quality = assess_face(drawn_face(SIDE_PX), replace(drawn(), box_xyxy=(-100, 0, 100, 200)))
    assert quality.inside == pytest.approx(0.5)
    assert refusal(quality) == "cut_off"


def test_portraits_pass(dev_data: Path, models_dir: Path) -> None:
    """Every eighth photograph of LFW: at most one in fifty refused."""
    detector = FaceDetector(load_model(models_dir, "face_detector"))
    photographs = [decode_image(path.read_bytes()) for path in sorted((dev_data / "faces/lfw").glob("*/*.jpg"))[::8]]
    surest = [(photograph, detector.detect(photograph)[0]) for photograph in photographs]
    refused = sum(refusal(assess_face(photograph, face)) is not None for photograph, face in surest)
    assert refused / len(surest) < 0.02
