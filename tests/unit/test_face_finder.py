"""Looking for listed people: who is found, who is refused, and that of everybody else nothing remains."""

import gc
import logging
import pickle
import struct
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from chalicelib.domain.observations import FaceReading
from chalicelib.domain.watchlists import EntryValidity
from chalicelib.errors import Misconfigured
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.face_finder import FaceFinder
from chalicelib.vision.frame_pixels import FramePixels, pixels_of_file, pixels_of_image
from chalicelib.vision.sessions import load_model
from chalicelib.vision.watchlist import WatchlistSnapshot
from tests.data.drawn_faces import AN, BINH, Person, drawn_face, street_with

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
DAY = timedelta(days=1)
BOTH = street_with((60, 100, drawn_face(420, AN)), (700, 100, drawn_face(420, BINH)))


class CountingEmbedder(FaceEmbedder):
    """The real one; keeps what it made, which the code under test mustn't."""

    def __init__(self, model: Any) -> None:
        super().__init__(model)
        self.made: list[NDArray[np.float32]] = []

    def embed(self, image_bgr: NDArray[np.uint8], faces: Any) -> NDArray[np.float32]:
        templates = super().embed(image_bgr, faces)
        self.made.extend(templates.copy())
        return templates

    def embed_thoroughly(self, image_bgr: NDArray[np.uint8], looks: Any) -> NDArray[np.float32]:
        template = super().embed_thoroughly(image_bgr, looks)
        self.made.extend(template.copy())
        return template


@pytest.fixture(scope="module")
def detector(models_dir: Path) -> FaceDetector:
    return FaceDetector(load_model(models_dir, "face_detector"))


@pytest.fixture
def embedder(models_dir: Path) -> CountingEmbedder:
    return CountingEmbedder(load_model(models_dir, "face_embedder"))


@pytest.fixture
def finder(detector: FaceDetector, embedder: CountingEmbedder) -> FaceFinder:
    return FaceFinder(detector, embedder)


def entry(entry_id: str, **changes: Any) -> EntryValidity:
    terms: dict[str, Any] = {"valid_from_utc": NOW - DAY, "valid_until_utc": NOW + DAY}
    return EntryValidity(entry_id, "missing", "requester", "approver", **(terms | changes))


@pytest.fixture
def enrolled_an(detector: FaceDetector, models_dir: Path) -> NDArray[np.float32]:
    return template_of(AN, detector, FaceEmbedder(load_model(models_dir, "face_embedder")))


def template_of(who: Person, detector: FaceDetector, embedder: FaceEmbedder) -> NDArray[np.float32]:
    portrait = drawn_face(300, who)
    return embedder.embed(portrait, detector.detect(portrait)[:1])


def listing(embedder: FaceEmbedder, *enrolled: tuple[EntryValidity, NDArray[np.float32]]) -> WatchlistSnapshot:
    return WatchlistSnapshot.build("v1", embedder.digest, enrolled)


def look(finder: FaceFinder, image_bgr: NDArray[np.uint8], listed: WatchlistSnapshot, **options: Any) -> FaceReading:
    when_and_how: dict[str, Any] = {"at_utc": NOW, "threshold": 0.8}
    return finder.look(pixels_of_image(image_bgr), listed, **(when_and_how | options))


def test_only_the_listed_person_becomes_a_candidate_where_they_stand(
    finder: FaceFinder, embedder: CountingEmbedder, enrolled_an: NDArray[np.float32]
) -> None:
    reading = look(finder, BOTH, listing(embedder, (entry("an"), enrolled_an)))
    (candidate,) = reading.candidates
    assert (reading.seen, reading.refused, candidate.entry_id) == (2, {}, "an")
    assert 60 < candidate.box_xyxy[0] < candidate.box_xyxy[2] < 480


class Changeable(FaceEmbedder):
    """Says of every face at a glance and after a thorough look what it is told to."""

    glance: NDArray[np.float32]
    thorough: NDArray[np.float32]
    looks: int = 0

    def embed(self, image_bgr: NDArray[np.uint8], faces: Any) -> NDArray[np.float32]:
        return np.repeat(self.glance, len(faces), axis=0)

    def embed_thoroughly(self, image_bgr: NDArray[np.uint8], looks: Any) -> NDArray[np.float32]:
        self.looks += 1
        return self.thorough


@pytest.mark.parametrize(
    ("cosines", "found", "looks"),
    [
        pytest.param((0.74, 0.81), ["an"], 1, id="a glance a little below the threshold is followed up"),
        pytest.param((0.72, 0.99), [], 0, id="one far below is not"),
        pytest.param((0.95, 0.79), [], 1, id="the thorough look decides, however alike at a glance"),
    ],
)
def test_who_resembles_somebody_is_looked_at_again_and_that_look_decides(
    detector: FaceDetector, models_dir: Path, cosines: tuple[float, float], found: list[str], looks: int
) -> None:
    embedder = Changeable(load_model(models_dir, "face_embedder"))
    embedder.glance, embedder.thorough = (row_at(cosine) for cosine in cosines)
    listed = listing(embedder, (entry("an"), row_at(1.0)))
    reading = look(FaceFinder(detector, embedder), street_with((60, 100, drawn_face(420, AN))), listed, threshold=0.8)
    assert ([one.entry_id for one in reading.candidates], embedder.looks) == (found, looks)


def row_at(cosine: float) -> NDArray[np.float32]:
    """A unit row `(1, 128)` at this cosine to the first axis."""
    row = np.zeros((1, 128), np.float32)
    row[0, :2] = cosine, np.sqrt(1 - cosine**2)
    return row


def test_poor_faces_are_counted_by_reason_and_never_embedded(
    finder: FaceFinder, embedder: CountingEmbedder, enrolled_an: NDArray[np.float32]
) -> None:
    listed = listing(embedder, (entry("an"), enrolled_an))
    smeared = street_with((60, 100, np.asarray(cv2.GaussianBlur(drawn_face(420), (0, 0), 14), np.uint8)))
    assert look(finder, smeared, listed) == FaceReading(1, {"blurred": 1}, ())
    assert embedder.made == []


def test_an_empty_street_gives_an_empty_reading(
    finder: FaceFinder, embedder: CountingEmbedder, enrolled_an: NDArray[np.float32]
) -> None:
    listed = listing(embedder, (entry("an"), enrolled_an))
    assert look(finder, street_with(), listed) == FaceReading(0, {}, ())


def test_a_street_without_faces_is_never_read_whole(finder: FaceFinder, embedder: CountingEmbedder) -> None:
    def read_whole() -> NDArray[np.uint8]:
        raise AssertionError("all pixels were asked for")

    frame = FramePixels(street_with(), 2, (2560, 1440), read_whole)
    assert finder.look(frame, listing(embedder), at_utc=NOW, threshold=0.8).seen == 0


def test_a_face_found_in_few_pixels_is_read_in_all_of_them(
    finder: FaceFinder, embedder: CountingEmbedder, enrolled_an: NDArray[np.float32]
) -> None:
    whole = np.asarray(cv2.resize(BOTH, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)
    frame = pixels_of_file(bytes(cv2.imencode(".jpg", whole)[1]))
    assert frame.reduction > 1
    reading = finder.look(frame, listing(embedder, (entry("an"), enrolled_an)), at_utc=NOW, threshold=0.8)
    (candidate,) = reading.candidates
    assert (reading.seen, candidate.entry_id) == (2, "an")
    assert 120 < candidate.box_xyxy[0] < candidate.box_xyxy[2] < 960


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"at_utc": NOW + DAY}, id="the entry has expired"),
        pytest.param({"allowed_entry_ids": frozenset({"someone else"})}, id="the authorisation is for others"),
    ],
)
def test_where_nobody_may_be_searched_for_no_template_is_made(
    finder: FaceFinder, embedder: CountingEmbedder, enrolled_an: NDArray[np.float32], options: dict[str, Any]
) -> None:
    assert look(finder, BOTH, listing(embedder, (entry("an"), enrolled_an)), **options) == FaceReading(2, {}, ())
    assert embedder.made == []


def test_a_list_of_another_embedder_stops_everything(finder: FaceFinder) -> None:
    with pytest.raises(Misconfigured, match="enrolled with embedder"):
        look(finder, BOTH, WatchlistSnapshot.build("v1", "another", []))


def test_the_evidence_names_both_files_that_ran(
    finder: FaceFinder, detector: FaceDetector, embedder: CountingEmbedder
) -> None:
    assert finder.digests == {"face_detector": detector.digest, "face_embedder": embedder.file_digest}


def test_no_template_of_a_frame_outlives_the_look(
    finder: FaceFinder,
    embedder: CountingEmbedder,
    enrolled_an: NDArray[np.float32],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Invariant 5: neither reading, objects, log records nor any array still alive holds a template of the frame."""
    listed = listing(embedder, (entry("an"), enrolled_an))
    with caplog.at_level(logging.DEBUG):
        reading = look(finder, BOTH, listed)
    made, embedder.made = embedder.made, []
    kept = [pickle.dumps(reading), listed.to_bytes(), repr(vars(finder)).encode(), caplog.text.encode()]
    kept += [array.tobytes() for array in arrays_alive() if all(array is not template for template in made)]
    assert len(made) == 3, "two at a glance, and one who resembles somebody"
    assert not any(is_traced(template, kept) for template in made)


@pytest.mark.parametrize(
    "keep",
    [
        pytest.param(lambda template: pickle.dumps(tuple(template.tolist())), id="as numbers in a pickled value"),
        pytest.param(lambda template: repr(template.tolist()).encode(), id="written out in a log"),
        pytest.param(lambda template: np.stack([template, template]).tobytes(), id="as a row of an array"),
    ],
)
def test_that_proof_would_notice_a_template_kept(keep: Callable[[NDArray[np.float32]], bytes]) -> None:
    template = np.random.default_rng(5).normal(size=128).astype(np.float32)
    assert is_traced(template, [b"nothing here", keep(template)])
    assert not is_traced(template, [keep(template + 1)])


def test_that_proof_would_see_an_array_in_any_object() -> None:
    hidden = {"deep": [np.arange(128, dtype=np.float32)]}
    assert any(array is hidden["deep"][0] for array in arrays_alive())


def is_traced(template: NDArray[np.float32], memories: Iterable[bytes]) -> bool:
    """Whether its first number occurs as float32 beside the second, as a pickled float, or written out."""
    first = float(template[0])
    traces = (template[:2].tobytes(), struct.pack(">d", first), repr(first).encode())
    return any(trace in memory for memory in memories for trace in traces)


def arrays_alive() -> list[NDArray[Any]]:
    """Arrays that a container the collector knows of refers to; plain arrays themselves it doesn't track."""
    gc.collect()
    referred = (referent for container in gc.get_objects() for referent in gc.get_referents(container))
    unique = {id(thing): thing for thing in referred if type(thing) is np.ndarray}
    return [array for array in unique.values() if array.dtype == np.float32 and array.nbytes < 2**20]
