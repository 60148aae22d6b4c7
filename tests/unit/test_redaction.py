"""Nobody can be known in a redacted picture: the detector and the embedder are asked."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from chalicelib.domain.thresholds import parse_impostor_curve
from chalicelib.errors import FrameRejected
from chalicelib.vision.face_crops import SIDE_PX, FaceCropper
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.images import decode_image, shrink
from chalicelib.vision.redaction import CELLS, SHOWN_PX, Redactor, paint_over, smear
from chalicelib.vision.sessions import load_model
from chalicelib.vision.vehicles import VehicleDetector
from tests.data.drawn_faces import AN, BINH, drawn_face, street_with

CURVE = Path(__file__).parents[2] / "chalicelib" / "vision" / "heads" / "impostors_sface.json"
FLOOR = parse_impostor_curve(CURVE.read_bytes()).floor
PHOTOGRAPHS = 24


@pytest.fixture(scope="module")
def redactor(models_dir: Path) -> Redactor:
    return Redactor(
        load_model(models_dir, "face_detector"), VehicleDetector(load_model(models_dir, "vehicle_detector"))
    )


@pytest.fixture(scope="module")
def detector(models_dir: Path) -> FaceDetector:
    return FaceDetector(load_model(models_dir, "face_detector"))


@pytest.fixture(scope="module")
def embedder(models_dir: Path) -> FaceEmbedder:
    return FaceEmbedder(load_model(models_dir, "face_embedder"))


def photographs(dev_data: Path) -> Iterator[Path]:
    """Portraits, groups and streets, spread over the folders."""
    for folder in ("faces/lfw", "faces/group", "vehicles/images"):
        paths = sorted((dev_data / folder).rglob("*.jpg"))
        yield from paths[:: max(1, len(paths) // (PHOTOGRAPHS // 3))][: PHOTOGRAPHS // 3]


def jpeg(image: NDArray[np.uint8]) -> bytes:
    return cv2.imencode(".jpg", image)[1].tobytes()


def likeness(
    before: NDArray[np.uint8], after: NDArray[np.uint8], detector: FaceDetector, embedder: FaceEmbedder
) -> float:
    """How alike the two pictures' most alike faces are; -1 where one of them shows none."""
    faces = [detector.detect(image) for image in (before, after)]
    if not all(faces):
        return -1.0
    one, other = (embedder.embed(image, found) for image, found in zip((before, after), faces, strict=True))
    return float((one @ other.T).max())


def test_no_face_of_real_photographs_is_found_or_known_again(
    redactor: Redactor, detector: FaceDetector, embedder: FaceEmbedder, dev_data: Path
) -> None:
    """Not detected, or less like the original than a thousandth of strangers are like each other."""
    seen = 0
    for path in photographs(dev_data):
        before, _ = shrink(decode_image(path.read_bytes()), SHOWN_PX)
        after = decode_image(redactor.redact(path.read_bytes()).jpeg)
        seen += len(detector.detect(before))
        assert likeness(before, after, detector, embedder) < FLOOR, path.name
    assert seen >= PHOTOGRAPHS / 3


@pytest.mark.parametrize("side_px", [40, 90, 420], ids=lambda side: f"{side} px")
def test_drawn_faces_are_hidden_however_small(
    redactor: Redactor, detector: FaceDetector, embedder: FaceEmbedder, side_px: int
) -> None:
    street = street_with((60, 100, drawn_face(side_px, AN)), (700, 100, drawn_face(side_px, BINH)))
    after = decode_image(redactor.redact(jpeg(street)).jpeg)
    assert likeness(street, after, detector, embedder) < FLOOR
    assert not detector.detect(after)


def test_what_a_file_carries_beside_its_pixels_is_left_behind(redactor: Redactor) -> None:
    """EXIF tells place and camera, and may hold a small copy of the very picture."""
    secret = b"Exif\x00\x00 10.76N 106.66E thumbnail"
    plain = jpeg(street_with((60, 100, drawn_face(90, AN))))
    tagged = plain[:2] + b"\xff\xe1" + (len(secret) + 2).to_bytes(2, "big") + secret + plain[2:]
    assert secret in tagged
    assert secret not in redactor.redact(tagged).jpeg
    assert b"Exif" not in redactor.redact(tagged).jpeg


def test_what_is_shown_is_no_larger_than_people_need(redactor: Redactor) -> None:
    wide = np.full((500, 3000, 3), 90, np.uint8)
    redacted = redactor.redact(jpeg(wide))
    assert redacted.wh == (SHOWN_PX, 320)
    assert decode_image(redacted.jpeg).shape == (320, SHOWN_PX, 3)


def test_a_file_that_is_no_picture_is_refused(redactor: Redactor) -> None:
    with pytest.raises(FrameRejected):
        redactor.redact(b"no picture")


@pytest.mark.parametrize("hide", [smear, paint_over])
@pytest.mark.parametrize(
    "box",
    [
        pytest.param((-20.0, -20.0, 30.0, 30.0), id="over the edge"),
        pytest.param((500.0, 500.0, 600.0, 600.0), id="outside"),
        pytest.param((10.2, 10.2, 10.3, 10.3), id="nothing"),
    ],
)
def test_parts_are_hidden_as_far_as_they_lie_in_the_picture(hide: object, box: tuple[float, ...]) -> None:
    image = np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8)
    before = image.copy()
    assert callable(hide)
    hide(image, box)
    assert (image[40:, 40:] == before[40:, 40:]).all()
    assert (image == before).all() == (box[0] > 0)


def test_a_smeared_part_keeps_the_colours_of_a_few_cells_and_nothing_else() -> None:
    """Two parts whose sixteen cells are alike come out the same, whatever is inside of the cells."""
    one = np.random.default_rng(1).integers(0, 255, (200, 200, 3), np.uint8)
    cells = one.reshape(CELLS, 50, CELLS, 50, 3)
    other = cells[:, ::-1, :, ::-1].reshape(200, 200, 3).copy()
    assert (one != other).any()
    for part in (one, other):
        smear(part, (0.0, 0.0, 200.0, 200.0))
    assert (one == other).all()


def test_a_candidates_face_is_cropped_from_its_place_and_measured(models_dir: Path) -> None:
    cropper = FaceCropper(FaceDetector(load_model(models_dir, "face_detector")))
    street = street_with((60, 100, drawn_face(420, AN)), (700, 100, drawn_face(420, BINH)))
    height, width = street.shape[:2]
    box = (800 / width, 200 / height, 1000 / width, 420 / height)
    crop = cropper.crop(jpeg(street), box)
    assert decode_image(crop.jpeg).shape == (SIDE_PX, SIDE_PX, 3)
    assert crop.quality is not None
    assert crop.quality.eye_distance_px > 40
    nowhere = cropper.crop(jpeg(street), (0.0, 0.9, 0.05, 1.0))
    assert nowhere.quality is None


def test_a_portrait_is_cropped_to_its_face(models_dir: Path) -> None:
    cropper = FaceCropper(FaceDetector(load_model(models_dir, "face_detector")))
    crop = decode_image(cropper.crop_portrait(jpeg(street_with((60, 100, drawn_face(420, AN))))))
    assert max(crop.shape[:2]) <= SIDE_PX
    with pytest.raises(FrameRejected, match="no_face"):
        cropper.crop_portrait(jpeg(np.full((200, 200, 3), 90, np.uint8)))
