"""The K-of-N rule: repeated positives become an incident, lasting quiet ends it, however frames arrive.

Frames come twice, late and in any order, because queues deliver so. A tracker therefore keeps the last few sightings
sorted by capture time and knows each by its frame: a repeat changes nothing, a late one falls into its place, and what
was captured before the last incident ended is history. The cost is one small record a kind and camera while something
is going on; a quiet camera has none.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.city import KindPolicy


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one frame said of one kind."""

    captured_at_utc: datetime
    sequence: int
    positive: bool
    score: float
    frame_key: str
    sha256: str

    @property
    def order(self) -> tuple[datetime, int]:
        return self.captured_at_utc, self.sequence


@dataclass(frozen=True, slots=True)
class Tracker:
    """What is remembered of one kind (and subject) on one camera. `version` counts its writes."""

    camera_id: str
    kind: str
    subject: str = ""
    recent: tuple[Sighting, ...] = ()
    incident_id: str | None = None
    last_positive_utc: datetime | None = None
    closed_through_utc: datetime | None = None
    version: int = 0

    @property
    def id(self) -> str:
        return f"{self.kind}#{self.subject}"

    @property
    def positives(self) -> tuple[Sighting, ...]:
        return tuple(sighting for sighting in self.recent if sighting.positive)


class Verdict(StrEnum):
    """What a tracker asks for after a sighting."""

    WAIT = "wait"
    OPEN = "open"
    GROW = "grow"
    END = "end"


def note(tracker: Tracker, sighting: Sighting, policy: KindPolicy) -> Tracker:
    """Put a sighting in its place; returns the same tracker when it says nothing new (a repeat, or history)."""
    if _is_history(tracker, sighting) or sighting.order in {known.order for known in tracker.recent}:
        return tracker
    recent = tuple(sorted((*tracker.recent, sighting), key=lambda one: one.order)[-policy.of_frames :])
    if sighting not in recent:
        return tracker
    return replace(tracker, recent=recent, last_positive_utc=_last_positive(tracker, sighting))


def judge(tracker: Tracker, policy: KindPolicy) -> Verdict:
    """What to do about a tracker that just changed."""
    if tracker.incident_id is None:
        return Verdict.OPEN if _confirmed(tracker, policy) else Verdict.WAIT
    newest = tracker.recent[-1]
    if newest.positive:
        return Verdict.GROW
    return Verdict.END if is_quiet(tracker, policy, seen_until_utc=newest.captured_at_utc) else Verdict.WAIT


def is_quiet(tracker: Tracker, policy: KindPolicy, *, seen_until_utc: datetime) -> bool:
    """Whether the camera went on seeing for the whole hold time without another positive."""
    last = tracker.last_positive_utc
    return last is not None and (seen_until_utc - last).total_seconds() >= policy.hold_s


def close(tracker: Tracker, *, through_utc: datetime) -> Tracker:
    """Forget the incident that ended; frames captured up to `through_utc` are history from now on."""
    return replace(tracker, recent=(), incident_id=None, last_positive_utc=None, closed_through_utc=through_utc)


def _is_history(tracker: Tracker, sighting: Sighting) -> bool:
    return tracker.closed_through_utc is not None and sighting.captured_at_utc <= tracker.closed_through_utc


def _last_positive(tracker: Tracker, sighting: Sighting) -> datetime | None:
    if not sighting.positive:
        return tracker.last_positive_utc
    return max(sighting.captured_at_utc, tracker.last_positive_utc or sighting.captured_at_utc)


def _confirmed(tracker: Tracker, policy: KindPolicy) -> bool:
    newest = tracker.recent[-1].captured_at_utc
    fresh = [s for s in tracker.positives if (newest - s.captured_at_utc).total_seconds() <= policy.window_s]
    return len(fresh) >= policy.positives
