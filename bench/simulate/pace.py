"""What a frame takes of a function here, for the projection: measured with the models, not assumed."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import process_time
from typing import NoReturn

import cv2
import numpy as np

from chalicelib.domain.city import CameraProfile, CityPack
from chalicelib.domain.frames import FrameRef
from chalicelib.vision.observe import Analyser
from chalicelib.vision.scenes import load_scene_classifier
from chalicelib.vision.sessions import load_model
from chalicelib.vision.vehicles import VehicleDetector
from local.drawn_street import draw_street, to_jpeg

WH = (1280, 720)
WARM, TIMED = 2, 9
WAITS_S = 0.02
"""For the frame's bytes and its camera's state, at 10 ms each, as bench.cost has it."""


def measure_frame_s(pack: CityPack, models_dir: Path) -> float:
    """Seconds that a frame of the commonest profile takes, its waits included; raises Misconfigured without models."""
    analyser = Analyser(
        load_scene_classifier(load_model(models_dir, "scene_encoder")),
        VehicleDetector(load_model(models_dir, "vehicle_detector")),
        _nobody_looks_for_faces,
    )
    street = np.asarray(cv2.resize(draw_street(None, seed=1).image_bgr, WH, interpolation=cv2.INTER_CUBIC), np.uint8)
    data = to_jpeg(street)
    profile = _commonest(pack)
    return median([_seconds(analyser, data, profile) for _ in range(WARM + TIMED)][WARM:]) + WAITS_S


def _seconds(analyser: Analyser, data: bytes, profile: CameraProfile) -> float:
    frame = FrameRef("pace", datetime.now(UTC), 0, "pace", len(data))
    began_s = process_time()
    analyser.observe(frame, data, profile=profile, previous_fingerprint=None, search=None)
    return process_time() - began_s


def _commonest(pack: CityPack) -> CameraProfile:
    ((profile_id, _),) = Counter(one.profile for one in pack.cameras).most_common(1)
    return next(one for one in pack.profiles if one.id == profile_id)


def _nobody_looks_for_faces() -> NoReturn:
    raise AssertionError("no frame here is searched for faces")
