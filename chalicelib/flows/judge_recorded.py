"""Hold what recorded frames showed against a city pack: the incidents that they would have been, told to nobody.

The live rules run on stores in memory, frames in the order of their capture, so that nothing recorded touches what goes
on now. The cost: a whole run is held in memory, some kilobytes a frame.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.cameras import CameraState, next_heartbeat
from chalicelib.domain.city import Camera, CameraProfile, CityPack
from chalicelib.domain.incidents import Incident
from chalicelib.domain.judgement import Judgement
from chalicelib.domain.observations import Observation
from chalicelib.domain.recorded import RecordedBatch
from chalicelib.domain.signals import read_signals
from chalicelib.domain.stopped import remember
from chalicelib.domain.street_signals import with_street
from chalicelib.flows.follow_sightings import FollowSightings, Sight
from chalicelib.store.fakes import FakeCameraStore, FakeIncidentStore
from chalicelib.store.ports import CameraStore, Clock


def judge_recorded(batches: Iterable[RecordedBatch], pack: CityPack) -> tuple[Incident, ...]:
    """The incidents under this pack, the first seen first; frames of cameras it doesn't know are passed over."""
    return judge(batches, pack).incidents


def judge(batches: Iterable[RecordedBatch], pack: CityPack) -> Judgement:
    """As judge_recorded, with everything that happened to the incidents."""
    cameras = FakeCameraStore()
    store = FakeIncidentStore(cameras)
    seen = {frame.key: (frame.observation, batch) for batch in batches for frame in batch.frames if frame.observation}
    for observation, batch in sorted(seen.values(), key=lambda one: one[0].frame.order):
        camera = pack.camera(observation.frame.camera_id)
        if camera is not None:
            state = cameras.load(camera.id)
            sight = _sight(observation, batch, pack, camera, state)
            follow = FollowSightings(cameras, store, _standing_at(observation.frame.captured_at_utc))
            follow(sight, state.trackers)
            _beat(cameras, sight, state)
    incidents = tuple(sorted(store.incidents.values(), key=lambda one: (one.first_seen_utc, one.id)))
    return Judgement(incidents, tuple(event for one in incidents for event in store.timeline(one.id)))


def _sight(observation: Observation, batch: RecordedBatch, pack: CityPack, camera: Camera, state: CameraState) -> Sight:
    profile = pack.profile(camera)
    seen = _asked_for(observation, profile)
    scenes = read_signals(seen, pack=pack, profile=profile, defaults=batch.thresholds, frozen=False, excess={})
    local = pack.local_time(observation.frame.captured_at_utc)
    return Sight(camera, pack, seen, with_street(scenes, seen, profile, places=state.places, local=local))


def _beat(cameras: CameraStore, sight: Sight, state: CameraState) -> None:
    """Which vehicles stay where they are is only known from minute to minute."""
    heartbeat = next_heartbeat(state.heartbeat, sight.observation)
    if heartbeat is not None:
        places = remember(state.places, sight.observation, sight.pack.profile(sight.camera))
        cameras.beat(replace(heartbeat, places=places))


def _asked_for(observation: Observation, profile: CameraProfile) -> Observation:
    """What the profile looks for: the frame may have been looked at with more in mind."""
    scores = {kind: score for kind, score in observation.scene_scores.items() if kind in profile.scenes}
    return replace(
        observation,
        scene_scores=scores,
        detections=observation.detections if profile.vehicles else (),
        traffic=observation.traffic if profile.vehicles else None,
        faces=observation.faces if profile.faces else None,
    )


def _standing_at(at_utc: datetime) -> Clock:
    return lambda: at_utc
