"""What is remembered of a camera between frames: that it was heard of, and what is going on in its view."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.confirmation import Tracker

BEAT_EVERY = timedelta(minutes=1)
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


def next_heartbeat(
    last: Heartbeat | None, *, camera_id: str, captured_at_utc: datetime, fingerprint: bytes, same_picture: bool
) -> Heartbeat | None:
    """The heartbeat a frame should write: at most one a minute and never backwards, else None."""
    if last is not None and captured_at_utc - last.captured_at_utc < BEAT_EVERY:
        return None
    still_since = last.still_since_utc if last and same_picture else captured_at_utc
    return Heartbeat(camera_id, captured_at_utc, fingerprint, still_since)


def is_frozen(last: Heartbeat | None, *, captured_at_utc: datetime, same_picture: bool) -> bool:
    """Whether a picture equal to the last one has been equal for longer than any live street stays so."""
    return last is not None and same_picture and captured_at_utc - last.still_since_utc >= FROZEN_AFTER
