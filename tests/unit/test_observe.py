"""A frame is looked at with what its camera's profile asks for, and a blind camera's frame with nothing."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from chalicelib.domain.city import CameraProfile
from chalicelib.domain.frames import FrameRef, frame_key, parse_frame_key
from chalicelib.domain.observations import Detection, FaceCandidate, FaceReading
from chalicelib.errors import FrameRejected
from chalicelib.vision.camera_health import COVERED, FROZEN
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.face_finder import FaceFinder
from chalicelib.vision.frame_pixels import FramePixels
from chalicelib.vision.observe import Analyser, FaceSearch
from chalicelib.vision.scene_views import SceneViews
from chalicelib.vision.scenes import load_scene_classifier
from chalicelib.vision.sessions import load_model
from chalicelib.vision.vehicles import VehicleDetector
from chalicelib.vision.watchlist import WatchlistSnapshot

Image = NDArray[np.uint8]
AT_UTC = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
WIDTH, HEIGHT = 320, 180
EVERYTHING = CameraProfile("all", scenes=("flood", "garbage"), vehicles=True, faces=True)
SEARCH = FaceSearch(WatchlistSnapshot.build("v1", "e5", []), 0.5, frozenset())


@dataclass
class FakeSensors:
    """Stands for all three sensors and remembers which of them were asked what."""

    asked: list[str] = field(default_factory=list)
    digests: Mapping[str, str] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)

    def look_at(self, image_bgr: Image) -> SceneViews:
        large = np.zeros((26, 1952), np.float32)
        return SceneViews(large, lambda: large[0])

    def judge(self, views: SceneViews, kinds: Collection[str]) -> dict[str, float]:
        self.asked += [f"scene {kind}" for kind in kinds]
        return dict.fromkeys(kinds, 0.25)

    def heat(self, views: SceneViews, kinds: Collection[str]) -> dict[str, str]:
        return dict.fromkeys(kinds, "4" * 36)

    def find(
        self, image_bgr: Image, *, from_score: float, in_wh: tuple[int, int] | None = None
    ) -> tuple[Detection, ...]:
        self.asked.append("vehicles")
        return (Detection("bus", 0.9, (0, HEIGHT / 2, WIDTH, HEIGHT)), Detection("car", from_score, (0, 0, 20, 10)))

    def sure(self, finds: Sequence[Detection]) -> tuple[Detection, ...]:
        return tuple(find for find in finds if find.score > 0.5)

    def look(
        self,
        frame: FramePixels,
        snapshot: WatchlistSnapshot,
        *,
        at_utc: datetime,
        threshold: float,
        faintest: float | None,
        allowed_entry_ids: frozenset[str],
    ) -> FaceReading:
        self.asked.append(f"faces of {snapshot.version} at {at_utc:%H:%M} from {faintest or threshold}")
        return FaceReading(1, {}, (FaceCandidate("w1", 0.6, (1, 2, 3, 4)),))


def analyser(asked: list[str] | None = None) -> Analyser:
    log: list[str] = [] if asked is None else asked
    scenes, vehicles, faces = (FakeSensors(log, {name: f"sha-{name}"}) for name in ("scenes", "vehicles", "faces"))
    return Analyser(scenes, vehicles, lambda: faces)  # type: ignore[arg-type, return-value]


def picture(*, covered: bool = False) -> bytes:
    """Coloured blocks with hard edges, or nothing but one grey."""
    blocks = np.random.default_rng(4).integers(20, 235, (18, 32, 3), dtype=np.uint8)
    image = cv2.resize(blocks, (WIDTH, HEIGHT), interpolation=cv2.INTER_NEAREST)
    return bytes(cv2.imencode(".jpg", np.full_like(image, 90) if covered else image)[1])


def frame(data: bytes) -> FrameRef:
    return parse_frame_key(frame_key("cam-1", AT_UTC, 7), len(data))


@pytest.mark.parametrize(
    ("profile", "search", "asked", "digests"),
    [
        (CameraProfile("none"), SEARCH, [], set()),
        (CameraProfile("one scene", scenes=("flood",)), SEARCH, ["scene flood"], {"scenes"}),
        (CameraProfile("road", vehicles=True), SEARCH, ["vehicles"], {"vehicles"}),
        (CameraProfile("gate", faces=True), SEARCH, ["faces of v1 at 07:30 from 0.5"], {"faces"}),
        (CameraProfile("gate, no list", faces=True), None, [], set()),
        (
            EVERYTHING,
            SEARCH,
            ["vehicles", "scene flood", "scene garbage", "faces of v1 at 07:30 from 0.5"],
            {"scenes", "vehicles", "faces"},
        ),
    ],
    ids=lambda value: value.id if isinstance(value, CameraProfile) else "",
)
def test_only_what_the_profile_asks_for_runs_and_is_named(
    profile: CameraProfile, search: FaceSearch | None, asked: list[str], digests: set[str]
) -> None:
    log: list[str] = []
    data = picture()
    seen = analyser(log).observe(frame(data), data, profile=profile, previous_fingerprint=None, search=search)
    assert sorted(log) == sorted(asked)
    assert seen.model_digests == {name: f"sha-{name}" for name in digests}
    assert (seen.traffic is not None) == profile.vehicles
    assert (seen.faces is not None) == (profile.faces and search is not None)


def test_an_observation_says_what_was_looked_at() -> None:
    data = picture()
    seen = analyser().observe(frame(data), data, profile=EVERYTHING, previous_fingerprint=None, search=SEARCH)
    assert seen.frame == frame(data)
    assert seen.sha256 == hashlib.sha256(data).hexdigest()
    assert seen.image_wh == (WIDTH, HEIGHT)
    assert seen.scene_scores == {"flood": 0.25, "garbage": 0.25}
    assert seen.traffic is not None
    assert seen.traffic.counts == {"bus": 1}
    assert [one.label for one in seen.detections] == ["bus"]
    assert seen.traffic.vehicles > 0
    assert seen.traffic.occupancy == pytest.approx(0.5 / 0.65, abs=0.02)


def test_a_covered_lens_is_a_fault_and_nothing_else() -> None:
    """Otherwise a hand before the lens becomes a flood."""
    log: list[str] = []
    data = picture(covered=True)
    seen = analyser(log).observe(frame(data), data, profile=EVERYTHING, previous_fingerprint=None, search=SEARCH)
    assert seen.health.faults[COVERED] >= 0.5
    assert log == []
    assert (seen.scene_scores, seen.detections, seen.traffic, seen.faces, seen.model_digests) == (
        {},
        (),
        None,
        None,
        {},
    )


def test_the_picture_before_tells_a_frozen_camera() -> None:
    data = picture()
    looks = analyser()
    profile = CameraProfile("none")
    first = looks.observe(frame(data), data, profile=profile, previous_fingerprint=None, search=None)
    again = looks.observe(
        frame(data), data, profile=profile, previous_fingerprint=first.health.fingerprint, search=None
    )
    assert (first.health.faults[FROZEN], again.health.faults[FROZEN]) == (0, 1)


def test_what_is_no_picture_is_refused_before_any_model() -> None:
    log: list[str] = []
    data = picture()[:400]
    with pytest.raises(FrameRejected, match="truncated"):
        analyser(log).observe(frame(data), data, profile=EVERYTHING, previous_fingerprint=None, search=SEARCH)
    assert log == []


def test_face_models_stay_unloaded_until_somebody_is_searched_for() -> None:
    """Most cameras aren't designated, and their functions start without them."""
    loaded: list[str] = []
    scenes, vehicles, faces = (FakeSensors([], {}) for _ in range(3))
    looks = Analyser(scenes, vehicles, lambda: loaded.append("faces") or faces)  # type: ignore[arg-type, func-returns-value, return-value]
    data = picture()
    for search in (None, SEARCH):
        assert loaded == []
        looks.observe(frame(data), data, profile=EVERYTHING, previous_fingerprint=None, search=search)
    assert set(loaded) == {"faces"}


def test_the_real_sensors_fit_together(models_dir: Path) -> None:
    embedder = FaceEmbedder(load_model(models_dir, "face_embedder"))
    looks = Analyser(
        load_scene_classifier(load_model(models_dir, "scene_encoder")),
        VehicleDetector(load_model(models_dir, "vehicle_detector")),
        lambda: FaceFinder(FaceDetector(load_model(models_dir, "face_detector")), embedder),
    )
    search = FaceSearch(WatchlistSnapshot.build("v1", embedder.digest, []), 0.5, frozenset())
    data = picture()
    seen = looks.observe(frame(data), data, profile=EVERYTHING, previous_fingerprint=None, search=search)
    assert set(seen.scene_scores) == {"flood", "garbage"}
    assert all(0 <= score <= 1 for score in seen.scene_scores.values())
    assert seen.faces == FaceReading(0, {}, ())
    assert set(seen.model_digests) == {
        "scene_encoder",
        "scene_heads",
        "vehicle_detector",
        "face_detector",
        "face_embedder",
    }
    assert seen == looks.observe(frame(data), data, profile=EVERYTHING, previous_fingerprint=None, search=search)
