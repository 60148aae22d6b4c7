"""Recorded frames held against two city packs: looked at once where both packs show the models the same of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import track

from chalicelib.domain.city import CameraProfile, CityPack
from chalicelib.domain.frames import FrameRef, frame_key, parse_frame_key
from chalicelib.domain.judgement import Judgement, Pair, compare
from chalicelib.domain.observations import Observation
from chalicelib.domain.recorded import RecordedBatch, RecordedFrame
from chalicelib.errors import FrameRejected
from chalicelib.flows.analyse_frame import Analyser
from chalicelib.flows.judge_recorded import judge
from chalicelib.vision import observe
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.face_finder import FaceFinder
from chalicelib.vision.scenes import load_scene_classifier
from chalicelib.vision.sessions import load_model
from chalicelib.vision.vehicles import VehicleDetector
from local.pictures import Picture
from local.replay import with_temporary_cameras


@dataclass(frozen=True, slots=True)
class DryRun:
    """What both packs make of the same frames; `looked` counts frames by outcome."""

    looked: Mapping[str, int]
    today: Judgement
    proposed: Judgement

    @property
    def pairs(self) -> tuple[Pair, ...]:
        return compare(self.today, self.proposed)


def dry_run(
    pictures: Iterable[Picture],
    today: CityPack,
    proposed: CityPack,
    analyser: Analyser,
    *,
    start_utc: datetime,
    spacing_s: float,
) -> DryRun:
    """Look at the pictures and judge them by both packs; cameras that neither knows are added to both."""
    pictures = tuple(pictures)
    strangers = {
        one.camera_id for one in pictures if not (today.camera(one.camera_id) or proposed.camera(one.camera_id))
    }
    packs = [with_temporary_cameras(pack, strangers, faces=False) for pack in (today, proposed)]
    shown = track(pictures, "looking", console=Console(stderr=True), transient=True)
    frames = [_look(picture, packs, analyser, _frame_of(picture, start_utc, spacing_s)) for picture in shown]
    batches = [RecordedBatch("dry-run", analyser.thresholds, seen) for seen in zip(*frames, strict=True)]
    judged = [judge([batch], pack) for batch, pack in zip(batches, packs, strict=True)]
    return DryRun(Counter(one.rejected or "looked at" for one, _ in frames), *judged)


def load_analyser(models: Path) -> Analyser:
    return observe.Analyser(
        load_scene_classifier(load_model(models, "scene_encoder")),
        VehicleDetector(load_model(models, "vehicle_detector")),
        lambda: FaceFinder(
            FaceDetector(load_model(models, "face_detector")), FaceEmbedder(load_model(models, "face_embedder"))
        ),
    )


def _frame_of(picture: Picture, start_utc: datetime, spacing_s: float) -> FrameRef:
    size_bytes = picture.path.stat().st_size
    try:
        return parse_frame_key("/".join(("frames", picture.camera_id, *picture.path.parts[-4:])), size_bytes)
    except FrameRejected:
        at_utc = start_utc + timedelta(seconds=picture.number * spacing_s)
        key = frame_key(picture.camera_id, at_utc, picture.number, picture.extension)
        return parse_frame_key(key, size_bytes)


def _look(
    picture: Picture, packs: list[CityPack], analyser: Analyser, frame: FrameRef
) -> tuple[RecordedFrame, RecordedFrame]:
    """What each of the two packs gets to judge; one that doesn't know the camera passes it over."""
    profiles = [pack.profile(camera) for pack in packs if (camera := pack.camera(picture.camera_id))]
    data = picture.path.read_bytes()
    if len({(one.masks, one.road_zone_rel, one.road_zones) for one in profiles}) == 1:
        seen = _observe(analyser, frame, data, _joint(profiles))
        return seen, seen
    today, proposed = profiles
    return _observe(analyser, frame, data, today), _observe(analyser, frame, data, proposed)


def _joint(profiles: Sequence[CameraProfile]) -> CameraProfile:
    """Everything that any of them looks for, in what all of them show."""
    scenes = dict.fromkeys(kind for one in profiles for kind in one.scenes)
    return replace(profiles[0], scenes=tuple(scenes), vehicles=any(one.vehicles for one in profiles))


def _observe(analyser: Analyser, frame: FrameRef, data: bytes, profile: CameraProfile) -> RecordedFrame:
    try:
        seen: Observation = analyser.observe(frame, data, profile=profile, previous_fingerprint=None, search=None)
    except FrameRejected as rejected:
        return RecordedFrame(frame.key, rejected=rejected.reason)
    return RecordedFrame(frame.key, seen)
