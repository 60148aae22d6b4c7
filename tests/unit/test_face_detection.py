"""Faces are found where they are, small ones as exactly as large ones, and just as OpenCV finds them."""

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.sessions import load_model
from tests.data.drawn_faces import BINH, drawn_face, street_with

EYES_AND_NOSE = np.asarray([(0.4, 0.49), (0.6, 0.49), (0.485, 0.635)])
"""Where the drawing has them, in shares of its side."""


class OneCell:
    """A network that sees one face, in the third column and fourth row of stride 8, and records what it was fed."""

    digest = "fake"

    def __init__(self, answers: int = 99) -> None:
        self.fed_hw: list[tuple[int, ...]] = []
        self._answers = answers

    def blob(self, image_bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return image_bgr

    def run(self, image_bgr: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        self.fed_hw.append(image_bgr.shape[:2])
        height, width = image_bgr.shape[:2]
        cells = [height // stride * (width // stride) for stride in (8, 16, 32)]
        maps = [np.zeros((1, count, size), np.float32) for size in (1, 1, 4, 10) for count in cells]
        if len(self.fed_hw) > self._answers:
            return maps
        cell = 3 * (width // 8) + 2
        maps[0][0, cell], maps[3][0, cell] = 0.81, 1.0
        maps[6][0, cell] = [0.5, 0.25, np.log(2), np.log(4)]
        maps[9][0, cell] = [0, 0, 1, 0, 0.5, 0.5, 0, 1, 1, 1]
        return maps


def detector_of(model: Any, **options: Any) -> FaceDetector:
    return FaceDetector(model, **options)


@pytest.fixture(scope="module")
def detector(models_dir: Path) -> FaceDetector:
    return FaceDetector(load_model(models_dir, "face_detector"))


def test_a_cell_decodes_to_box_landmarks_and_score_in_pixels() -> None:
    """Centre = (cell + offset) x stride, size = exp() x stride, score = sqrt(class x object)."""
    points, scores = detector_of(OneCell())._look(np.zeros((64, 64, 3), np.uint8))
    assert points.reshape(-1).tolist() == pytest.approx(
        [12, 10, 28, 42, 16, 24, 24, 24, 20, 28, 16, 32, 24, 32], abs=1e-4
    )
    assert scores.tolist() == pytest.approx([0.9])


@pytest.mark.parametrize(
    ("image_wh", "fed_hw"),
    [
        pytest.param((1920, 1080), (384, 640), id="a large frame is shrunk, then padded to whole cells"),
        pytest.param((150, 150), (160, 160), id="a small picture is padded, not enlarged"),
        pytest.param((640, 384), (384, 640), id="a fitting frame stays as it is"),
        pytest.param((100, 2000), (640, 32), id="a strip has at least one cell"),
    ],
)
def test_the_network_is_fed_whole_cells(image_wh: tuple[int, int], fed_hw: tuple[int, int]) -> None:
    model = OneCell()
    detector_of(model).detect(np.zeros((image_wh[1], image_wh[0], 3), np.uint8))
    assert model.fed_hw[0] == fed_hw


def test_too_low_a_score_is_no_face() -> None:
    assert detector_of(OneCell(), min_score=0.95).detect(np.zeros((64, 64, 3), np.uint8)) == ()


def test_an_empty_street_has_no_faces(detector: FaceDetector) -> None:
    assert detector.detect(street_with()) == ()


TOLERANCE = 0.04


@pytest.mark.parametrize("side_px", [100, 120, 150, 200, 300, 600])
def test_eyes_and_nose_are_found_to_a_few_hundredths_of_the_picture_at_any_size(
    detector: FaceDetector, side_px: int
) -> None:
    """The smallest face here is 50 px wide, which the network sees at 25 first."""
    (face,) = detector.detect(street_with((500, 60, drawn_face(side_px))))
    found = (np.asarray(face.landmarks_xy[:3]) - (500, 60)) / side_px
    assert np.abs(found - EYES_AND_NOSE).max() < TOLERANCE


def test_one_look_alone_would_not_be_as_exact(detector: FaceDetector) -> None:
    """The reason for the second look's cost."""
    street = street_with((500, 60, drawn_face(120)))
    points, _ = detector._look(np.asarray(cv2.resize(street, (640, 384)), np.uint8))
    found = (points[0, 2:5] * (2, 720 / 384) - (500, 60)) / 120
    assert np.abs(found - EYES_AND_NOSE).max() > 1.5 * TOLERANCE


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param(1, id="the second look finds nothing"),
        pytest.param(2, id="the second look finds only a neighbour, off to the corner"),
    ],
)
def test_a_face_stays_where_it_was_first_seen_unless_the_second_look_sees_the_same(answers: int) -> None:
    """Drawn to a whole face beside a half-hidden one, two people would become one."""
    model = OneCell(answers=answers)
    (face,) = detector_of(model).detect(np.zeros((64, 64, 3), np.uint8))
    assert len(model.fed_hw) == 2
    assert face.box_xyxy == pytest.approx((12, 10, 28, 42), abs=1e-4)


def test_every_face_of_a_frame_is_found_once_in_its_place(detector: FaceDetector) -> None:
    faces = detector.detect(street_with((50, 80, drawn_face(300)), (700, 400, drawn_face(160, BINH))))
    centres = sorted(((f.box_xyxy[0] + f.box_xyxy[2]) / 2, (f.box_xyxy[1] + f.box_xyxy[3]) / 2) for f in faces)
    assert np.allclose(centres, [(200, 240), (780, 485)], atol=20)


def opencv_faces(image_bgr: NDArray[np.uint8], models_dir: Path) -> NDArray[np.float32]:
    """Rows of left, top, width, height, five landmarks and score."""
    height, width = image_bgr.shape[:2]
    reference = cv2.FaceDetectorYN.create(str(models_dir / "face_detector.onnx"), "", (width, height), 0.5, 0.3)
    found = reference.detect(image_bgr)[1]
    return np.zeros((0, 15), np.float32) if found is None else np.asarray(found, np.float32)


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(drawn_face(160), id="one face in a small picture"),
        pytest.param(
            street_with((10, 20, drawn_face(300)), (330, 100, drawn_face(260, BINH)), width_px=640, height_px=384),
            id="two faces in a frame",
        ),
        pytest.param(street_with(width_px=320, height_px=192), id="no face"),
    ],
)
def test_the_first_look_sees_what_opencv_sees(
    detector: FaceDetector, models_dir: Path, picture: NDArray[np.uint8]
) -> None:
    """Live, on the same weights; an empty answer has the same shape."""
    points, scores = detector._look(picture)
    sizes = points[:, 1] - points[:, 0]
    rows = np.hstack([points[:, 0], sizes, points[:, 2:].reshape(-1, 10), scores[:, None]])
    np.testing.assert_allclose(rows, opencv_faces(picture, models_dir), atol=0.01)
