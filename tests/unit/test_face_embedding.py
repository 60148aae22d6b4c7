"""A face becomes the same template wherever and however large it stands, and just the one that OpenCV makes."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import Misconfigured
from chalicelib.vision.face_alignment import REFERENCE_XY, align_face, similarity_to_reference
from chalicelib.vision.face_detection import Face, FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.face_space import FaceSpace, read_face_space, write_face_space
from chalicelib.vision.sessions import load_model
from tests.data.drawn_faces import AN, BINH, drawn_face, street_with


@pytest.fixture(scope="module")
def detector(models_dir: Path) -> FaceDetector:
    return FaceDetector(load_model(models_dir, "face_detector"))


@pytest.fixture(scope="module")
def embedder(models_dir: Path) -> FaceEmbedder:
    return FaceEmbedder(load_model(models_dir, "face_embedder"))


@given(
    scale=st.floats(0.05, 20), degrees=st.floats(-180, 180), shift_x=st.floats(-2e3, 2e3), shift_y=st.floats(-2e3, 2e3)
)
def test_any_turn_scale_and_shift_of_a_face_is_undone_exactly(
    scale: float, degrees: float, shift_x: float, shift_y: float
) -> None:
    angle = np.radians(degrees)
    turn = scale * np.asarray([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = REFERENCE_XY @ turn.T + (shift_x, shift_y)
    transform = similarity_to_reference(moved)
    np.testing.assert_allclose(moved @ transform[:, :2].T + transform[:, 2], REFERENCE_XY, atol=1e-6)


def test_alignment_never_stretches_or_mirrors() -> None:
    """A face seen askew keeps its own shape: one turn and scale for both axes, and no mirror image."""
    askew = REFERENCE_XY * (0.6, 1.0)
    (a, b), (c, d) = similarity_to_reference(askew)[:, :2]
    assert (a, b) == pytest.approx((d, -c))
    assert a * d - b * c > 0


def test_beyond_the_frame_an_aligned_face_is_black() -> None:
    face = Face((0, 0, 1, 1), tuple((x - 60, y) for x, y in REFERENCE_XY.tolist()), 0.9)
    aligned = align_face(np.full((112, 112, 3), 200, np.uint8), face)
    assert aligned[:, :59].max() == 0
    assert aligned[:, 62:].min() == 200


def test_templates_are_unit_rows_in_the_order_of_the_faces(detector: FaceDetector, embedder: FaceEmbedder) -> None:
    street = street_with((50, 80, drawn_face(300, AN)), (700, 300, drawn_face(300, BINH)))
    first, second = detector.detect(street)
    faces = [first, second, second, first, second]  # more than go through the network at once
    together = embedder.embed(street, faces)
    assert together.shape == (5, 128)
    assert together.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(together, [embedder.embed(street, [face])[0] for face in faces], atol=1e-4)


def test_no_faces_give_no_rows_of_the_usual_width(embedder: FaceEmbedder) -> None:
    assert embedder.embed(street_with(), ()).shape == (0, 128)


def test_one_face_small_and_large_is_nearer_than_two_faces(detector: FaceDetector, embedder: FaceEmbedder) -> None:
    street = street_with((40, 80, drawn_face(400)), (500, 80, drawn_face(160)), (700, 80, drawn_face(400, BINH)))
    left_to_right = sorted(detector.detect(street), key=lambda face: face.box_xyxy[0])
    large, small, other = embedder.embed(street, left_to_right)
    assert large @ small > 0.8 > large @ other


@pytest.mark.parametrize("side_px", [160, 400])
def test_templates_are_those_of_faces_as_opencv_aligns_them(
    detector: FaceDetector, embedder: FaceEmbedder, models_dir: Path, side_px: int
) -> None:
    """Live: turning, scaling and cutting must all agree; the network itself is compared by recorded parity."""
    picture = drawn_face(side_px)
    (face,) = detector.detect(picture)
    left, top, right, bottom = face.box_xyxy
    row = np.asarray([[left, top, right - left, bottom - top, *np.ravel(face.landmarks_xy), face.score]], np.float32)
    reference = cv2.FaceRecognizerSF.create(str(models_dir / "face_embedder.onnx"), "")
    aligned = np.asarray(reference.alignCrop(picture, row), np.uint8)
    model = load_model(models_dir, "face_embedder")
    expected = read_face_space().templates(model.run(model.blob(aligned))[0])[0]
    assert embedder.embed(picture, [face])[0] @ expected > 0.997


def test_a_template_belongs_to_weights_and_centre_not_to_their_conversion(
    embedder: FaceEmbedder, models_dir: Path
) -> None:
    """Else a newer converter would make a whole watchlist worthless; another centre must."""
    model, space = load_model(models_dir, "face_embedder"), read_face_space()
    moved = FaceSpace(space.weights_digest, space.centre + 0.01, space.axes, space.spread)
    assert embedder.digest == space.digest != embedder.file_digest
    assert FaceEmbedder(model, moved).digest != embedder.digest


def test_the_face_space_of_another_network_is_refused(models_dir: Path) -> None:
    space = read_face_space()
    strange = FaceSpace("another", space.centre, space.axes, space.spread)
    with pytest.raises(Misconfigured, match="another embedder"):
        FaceEmbedder(load_model(models_dir, "face_embedder"), strange)


SWAPPED = np.asarray([[0, 1], [1, 0]], np.float32)


def test_templates_are_unit_relative_to_the_average_face_and_along_the_axes() -> None:
    space = FaceSpace("w", np.asarray([0.5, 0.0], np.float32), SWAPPED, np.ones(2, np.float32))
    templates = space.templates(np.asarray([[3, 0], [0, 2]], np.float32))
    assert templates[0].tolist() == [0, 1]
    assert templates[1].tolist() == pytest.approx([0.8944, -0.4472], abs=1e-4)


def test_a_face_space_survives_its_file(tmp_path: Path) -> None:
    space = FaceSpace("w", np.asarray([0.25, 1.0], np.float32), SWAPPED, np.asarray([2.0, 1.0], np.float32))
    write_face_space(tmp_path / "space.npz", space)
    read = read_face_space(tmp_path / "space.npz")
    assert read.digest == space.digest
    np.testing.assert_array_equal(read.spread, space.spread)


def test_other_axes_make_other_templates() -> None:
    centre, spread = np.zeros(2, np.float32), np.ones(2, np.float32)
    as_they_are = FaceSpace("w", centre, np.eye(2, dtype=np.float32), spread)
    assert FaceSpace("w", centre, SWAPPED, spread).digest != as_they_are.digest


def test_a_file_that_is_no_face_space_is_refused(tmp_path: Path) -> None:
    (tmp_path / "space.npz").write_bytes(b"no zip")
    with pytest.raises(Misconfigured, match="face space"):
        read_face_space(tmp_path / "space.npz")
