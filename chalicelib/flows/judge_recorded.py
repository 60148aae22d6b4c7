"""Hold what recorded frames showed against a city pack: the incidents that they would have been, told to nobody.

The live rules run on stores in memory, frames in the order of their capture, so that nothing recorded touches what goes
on now. The cost: a whole run is held in memory, some kilobytes a frame.
"""

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.city import CityPack
from chalicelib.domain.incidents import Incident
from chalicelib.domain.observations import Observation
from chalicelib.domain.recorded import RecordedBatch
from chalicelib.domain.signals import read_signals
from chalicelib.flows.follow_sightings import FollowSightings, Sight
from chalicelib.store.fakes import FakeCameraStore, FakeIncidentStore
from chalicelib.store.ports import Clock


def judge_recorded(batches: Iterable[RecordedBatch], pack: CityPack) -> tuple[Incident, ...]:
    """The incidents under this pack, the first seen first; frames of cameras it doesn't know are passed over."""
    cameras = FakeCameraStore()
    incidents = FakeIncidentStore(cameras)
    seen = {frame.key: (frame.observation, batch) for batch in batches for frame in batch.frames if frame.observation}
    for observation, batch in sorted(seen.values(), key=lambda one: one[0].frame.order):
        sight = _sight(observation, batch, pack)
        if sight is not None:
            follow = FollowSightings(cameras, incidents, _standing_at(observation.frame.captured_at_utc))
            follow(sight, cameras.load(sight.camera.id).trackers)
    return tuple(sorted(incidents.incidents.values(), key=lambda one: (one.first_seen_utc, one.id)))


def _sight(observation: Observation, batch: RecordedBatch, pack: CityPack) -> Sight | None:
    camera = pack.camera(observation.frame.camera_id)
    if camera is None:
        return None
    reading = read_signals(
        observation, pack=pack, profile=pack.profile(camera), defaults=batch.thresholds, frozen=False
    )
    return Sight(camera, pack, observation, reading)


def _standing_at(at_utc: datetime) -> Clock:
    return lambda: at_utc
