"""One frame through the real analyser, whole and stage by stage, and how its cost grows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import cv2

from bench.speed.clock import Work, interleaved_ms, median_ms
from bench.speed.peers.matpho_search import snapshot_of
from bench.speed.pictures import FULL_HD, HD, WH, Image, Pictures, jpeg
from bench.speed.search import random_units
from chalicelib.domain.city import CameraProfile
from chalicelib.domain.frames import FrameRef, frame_key, parse_frame_key
from chalicelib.domain.kinds import SCENE_KINDS
from chalicelib.vision.camera_health import assess_health
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.face_finder import FaceFinder
from chalicelib.vision.face_space import read_face_space
from chalicelib.vision.frame_pixels import FramePixels, pixels_of_file, pixels_of_image
from chalicelib.vision.images import decode_image
from chalicelib.vision.observe import Analyser, FaceSearch
from chalicelib.vision.scenes import load_scene_classifier
from chalicelib.vision.sessions import load_model
from chalicelib.vision.vehicle_count import FAINT
from chalicelib.vision.vehicles import VehicleDetector

NOW_UTC = datetime(2026, 11, 22, tzinfo=UTC)
EVERYTHING = CameraProfile("everything", scenes=tuple(SCENE_KINDS), vehicles=True, faces=True)
STREET = replace(EVERYTHING, id="street", faces=False)
GROWTH_WH: tuple[WH, ...] = ((640, 360), HD, FULL_HD, (2560, 1440), (3840, 2160))
GROWTH_FACES = (0, 1, 2, 4, 8, 16)
LISTED = 10_000
_THRESHOLD = 0.9


def load_analyser(models: Path) -> Analyser:
    """As the function has it, with one thread for OpenCV."""
    cv2.setNumThreads(1)
    faces = FaceFinder(
        FaceDetector(load_model(models, "face_detector")), FaceEmbedder(load_model(models, "face_embedder"))
    )
    scenes = load_scene_classifier(load_model(models, "scene_encoder"))
    return Analyser(scenes, VehicleDetector(load_model(models, "vehicle_detector")), lambda: faces)


def time_stages(analyser: Analyser, pictures: Pictures, *, rounds: int) -> dict[str, Any]:
    """Milliseconds by stage at two sizes, for a street frame and for one of a camera designated for faces."""
    told: dict[str, Any] = {}
    for wh in (HD, FULL_HD):
        works = _stages(analyser, pictures, wh)
        told[_name(wh)] = {name: round(ms, 2) for name, ms in interleaved_ms(works, rounds=rounds).items()}
    return told


def time_growth(analyser: Analyser, pictures: Pictures, *, rounds: int) -> dict[str, Any]:
    """Milliseconds of a street frame by its size, and of the face path by the number of faces at full HD."""
    return {
        "frame_wh": {_name(wh): _time_street(analyser, pictures, wh, rounds) for wh in GROWTH_WH},
        "faces": {str(count): _time_faces(analyser, pictures, count, rounds) for count in GROWTH_FACES},
    }


def observing(analyser: Analyser, data: bytes, profile: CameraProfile, search: FaceSearch | None = None) -> Work:
    """A whole look at a frame."""
    frame = frame_of(data)
    return lambda: analyser.observe(frame, data, profile=profile, previous_fingerprint=None, search=search)


def frame_of(data: bytes, *, number: int = 0, camera_id: str = "cam-1") -> FrameRef:
    at_utc = NOW_UTC + timedelta(milliseconds=number)
    return parse_frame_key(frame_key(camera_id, at_utc, number), len(data))


def face_search(*, listed: int) -> FaceSearch:
    """A search of so many listed people, none of whom is in the picture."""
    snapshot = replace(snapshot_of(random_units(listed, seed=3)), embedder_digest=read_face_space().digest)
    return FaceSearch(snapshot, _THRESHOLD, snapshot.searchable_ids(NOW_UTC))


def _stages(analyser: Analyser, pictures: Pictures, wh: WH) -> dict[str, Work]:
    street, crowd = pictures.frame(wh), pictures.frame(wh, faces=4)
    data, crowd_data = jpeg(street), jpeg(crowd)
    frame, crowd_frame = pixels_of_file(data), pixels_of_file(crowd_data)
    small = frame.small_bgr
    search = face_search(listed=LISTED)
    return {
        "decode, and make small": lambda: pixels_of_file(data).small_bgr,
        "camera health": lambda: assess_health(frame),
        "scenes": lambda: analyser.scenes.judge(analyser.scenes.look_at(small), SCENE_KINDS),
        "scenes, where water or fire may be": lambda: _judging_both_ways(analyser, small),
        "vehicles": lambda: analyser.vehicles.find(small, from_score=FAINT, in_wh=wh),
        "faces, none there": _looking(analyser, frame, search),
        "decode whole, where a face is": lambda: decode_image(crowd_data),
        "faces, four there": _looking(analyser, crowd_frame, search),
        "whole, scenes and vehicles": observing(analyser, data, STREET),
        "whole, all jobs, no faces there": observing(analyser, data, EVERYTHING, search),
        "whole, all jobs, four faces": observing(analyser, crowd_data, EVERYTHING, search),
    }


def _judging_both_ways(analyser: Analyser, small_bgr: Image) -> None:
    views = analyser.scenes.look_at(small_bgr)
    views.squeezed()
    analyser.scenes.judge(views, SCENE_KINDS)


def _looking(analyser: Analyser, frame: FramePixels, search: FaceSearch) -> Work:
    look = partial(analyser.faces().look, at_utc=NOW_UTC, threshold=search.threshold)
    return lambda: look(frame, search.snapshot, allowed_entry_ids=search.entry_ids)


def _time_street(analyser: Analyser, pictures: Pictures, wh: WH, rounds: int) -> float:
    return round(median_ms(observing(analyser, jpeg(pictures.frame(wh)), STREET), rounds=rounds), 2)


def _time_faces(analyser: Analyser, pictures: Pictures, count: int, rounds: int) -> float:
    search = face_search(listed=LISTED)
    frame = pixels_of_image(pictures.frame(FULL_HD, faces=count))
    return round(median_ms(_looking(analyser, frame, search), rounds=rounds), 2)


def _name(wh: WH) -> str:
    return f"{wh[0]}x{wh[1]}"
