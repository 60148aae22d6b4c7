"""What is remembered of a camera between frames: that it was heard of, and what is going on in its view."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.confirmation import Tracker
from chalicelib.domain.observations import Observation

BEAT_EVERY = timedelta(minutes=1)
FROZEN = "frozen"
"""The fault whose score says that a frame equals the last one remembered; only time makes it a fault."""

FAULT_THRESHOLD = 0.5

FROZEN_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A camera's last known frame, and since when its picture has been one and the same."""

    camera_id: str
    captured_at_utc: datetime
    fingerprint: bytes
    still_since_utc: datetime


@dataclass(frozen=True, slots=True)
class CameraState:
    """All that is remembered of one camera."""

    heartbeat: Heartbeat | None = None
    trackers: tuple[Tracker, ...] = ()

    @property
    def fingerprint(self) -> bytes | None:
        return self.heartbeat.fingerprint if self.heartbeat else None


def next_heartbeat(last: Heartbeat | None, observation: Observation) -> Heartbeat | None:
    """The heartbeat a frame should write: at most one a minute and never backwards, else None."""
    frame = observation.frame
    if last is not None and frame.captured_at_utc - last.captured_at_utc < BEAT_EVERY:
        return None
    still_since = last.still_since_utc if last and _same_picture(observation) else frame.captured_at_utc
    return Heartbeat(frame.camera_id, frame.captured_at_utc, observation.health.fingerprint, still_since)


def is_frozen(last: Heartbeat | None, observation: Observation) -> bool:
    """Whether the picture has been one and the same for longer than any live street stays so."""
    if last is None or not _same_picture(observation):
        return False
    return observation.frame.captured_at_utc - last.still_since_utc >= FROZEN_AFTER


def _same_picture(observation: Observation) -> bool:
    return observation.health.faults.get(FROZEN, 0.0) >= FAULT_THRESHOLD
