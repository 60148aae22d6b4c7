"""What is remembered of a camera between frames: that it was heard of, and what is going on in its view."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.confirmation import Tracker
from chalicelib.domain.observations import Observation
from chalicelib.domain.scene_reference import NOTHING_YET, SceneReference
from chalicelib.domain.stopped import Place
from chalicelib.domain.traffic import TrafficStep, add_sample

BEAT_EVERY = timedelta(minutes=1)
FROZEN = "frozen"
"""The fault whose score says that a frame equals the last one remembered; only time makes it a fault."""

FAULT_THRESHOLD = 0.5
OTHER_VIEW = frozenset({"moved", "tampered"})
"""The faults of a camera that sees well, but another street."""

FROZEN_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A camera's last known frame, since when its picture has been the same, its traffic of late and its normal.

    `places` are those of vehicles on the road, where stopped ones are looked for.
    """

    camera_id: str
    captured_at_utc: datetime
    fingerprint: bytes
    still_since_utc: datetime
    traffic: TrafficStep | None = None
    normal: SceneReference = NOTHING_YET
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class CameraState:
    """All that is remembered of one camera."""

    heartbeat: Heartbeat | None = None
    trackers: tuple[Tracker, ...] = ()

    @property
    def fingerprint(self) -> bytes | None:
        return self.heartbeat.fingerprint if self.heartbeat else None

    @property
    def places(self) -> tuple[Place, ...]:
        return self.heartbeat.places if self.heartbeat else ()

    @property
    def normal(self) -> SceneReference:
        return self.heartbeat.normal if self.heartbeat else NOTHING_YET


def next_heartbeat(last: Heartbeat | None, observation: Observation) -> Heartbeat | None:
    """The heartbeat a frame should write: at most one a minute and never backwards, else None."""
    frame = observation.frame
    if last is not None and frame.captured_at_utc - last.captured_at_utc < BEAT_EVERY:
        return None
    still_since = last.still_since_utc if last and _same_picture(observation) else frame.captured_at_utc
    return Heartbeat(
        frame.camera_id,
        frame.captured_at_utc,
        observation.health.fingerprint,
        still_since,
        _traffic(last, observation),
        _normal(last, observation),
    )


def finished_traffic(last: Heartbeat | None, heartbeat: Heartbeat) -> TrafficStep | None:
    """The five minutes that a heartbeat leaves behind, which must be written down before they are forgotten."""
    before = last.traffic if last else None
    if before is None or heartbeat.traffic is None or before.start_utc == heartbeat.traffic.start_utc:
        return None
    return before


def is_frozen(last: Heartbeat | None, observation: Observation) -> bool:
    """Whether the picture has been one and the same for longer than any live street stays so."""
    if last is None or not _same_picture(observation):
        return False
    return observation.frame.captured_at_utc - last.still_since_utc >= FROZEN_AFTER


def _same_picture(observation: Observation) -> bool:
    return observation.health.faults.get(FROZEN, 0.0) >= FAULT_THRESHOLD


def _normal(last: Heartbeat | None, observation: Observation) -> SceneReference:
    """What is normal on one street isn't on another."""
    looks_elsewhere = any(observation.health.faults.get(fault, 0.0) >= FAULT_THRESHOLD for fault in OTHER_VIEW)
    return NOTHING_YET if last is None or looks_elsewhere else last.normal


def _traffic(last: Heartbeat | None, observation: Observation) -> TrafficStep | None:
    """A frame without a reading, as through a covered lens, leaves the step as it is."""
    before, frame = last.traffic if last else None, observation.frame
    if observation.traffic is None:
        return before
    return add_sample(before, observation.traffic, camera_id=frame.camera_id, at_utc=frame.captured_at_utc)
