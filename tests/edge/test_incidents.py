"""What the gateway leaves away must not be what an incident is found by: the real models on the real clips."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from chalicelib.domain.frames import FrameRef, frame_key
from chalicelib.domain.kinds import CAMERA_FAULT
from chalicelib.domain.recorded import RecordedBatch, RecordedFrame
from chalicelib.flows.judge_recorded import judge_recorded
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.face_finder import FaceFinder
from chalicelib.vision.observe import Analyser
from chalicelib.vision.scenes import load_scene_classifier
from chalicelib.vision.sessions import load_model
from chalicelib.vision.vehicles import VehicleDetector
from city.reading import read_pack
from edge.matpho_edge.config import Cadence, Jpeg, Sensitivity, VideoSource
from edge.matpho_edge.frames import Picture
from edge.matpho_edge.gate import Gate
from edge.matpho_edge.pictures import jpeg_of
from edge.matpho_edge.streams import Recording
from tests.edge.cloud import START
from tests.unit.chain import TESTVILLE

CAMERA_ID = "tv-1"


@pytest.fixture(scope="module")
def analyser(models_dir: Path) -> Analyser:
    return Analyser(
        load_scene_classifier(load_model(models_dir, "scene_encoder")),
        VehicleDetector(load_model(models_dir, "vehicle_detector")),
        lambda: FaceFinder(
            FaceDetector(load_model(models_dir, "face_detector")), FaceEmbedder(load_model(models_dir, "face_embedder"))
        ),
    )


def kinds_found(pictures: Iterable[Picture], analyser: Analyser) -> list[str]:
    """The kinds of the incidents that these pictures open; a fault is the camera's, and of each picture by itself."""
    pack = read_pack(TESTVILLE)
    camera = pack.camera(CAMERA_ID)
    assert camera is not None
    frames = []
    for picture in pictures:
        data = jpeg_of(picture, Jpeg())
        key = frame_key(CAMERA_ID, picture.captured_at_utc, 1)
        frame = FrameRef(CAMERA_ID, picture.captured_at_utc, 1, key, len(data))
        seen = analyser.observe(frame, data, profile=pack.profile(camera), previous_fingerprint=None, search=None)
        frames.append(RecordedFrame(key, seen))
    batch = RecordedBatch("clip", analyser.thresholds, tuple(frames))
    kinds = [incident.kind for incident in judge_recorded([batch], pack)]
    return [kind for kind in kinds if kind != CAMERA_FAULT]


def test_the_frames_that_pass_open_the_incidents_that_all_looks_open(dev_data: Path, analyser: Analyser) -> None:
    found = {}
    for clip in sorted((dev_data / "video").glob("*.mp4")):
        source = VideoSource(kind="video", path=clip, starts_at=START)
        looks = list(Recording(source, Cadence().look_every_s, lambda _: False).pictures())
        gate = Gate(Cadence(), Sensitivity())
        passed = [look for look in looks if gate.judge(look.image_bgr, look.captured_at_utc) is not None]
        found[clip.name] = kinds_found(looks, analyser)
        assert kinds_found(passed, analyser) == found[clip.name]
        assert len(passed) < len(looks)
    assert ["fire_smoke"] in found.values()
