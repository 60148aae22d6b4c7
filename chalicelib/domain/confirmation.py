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
from chalicelib.domain.observations import BoxRel, Hint


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one frame said of one kind; `extent` is the share of the picture that it fills, 0 where nobody knows.

    `heat` says where it is (chalicelib.domain.heat), `excess` what the camera's normal took off the logit of its score,
    `degraded` that the camera saw poorly, `hints` what a face wears. One that `confirms` needs no other: several frames
    were judged together.
    """

    captured_at_utc: datetime
    sequence: int
    positive: bool
    score: float
    frame_key: str
    sha256: str
    extent: float = 0.0
    box_rel: BoxRel | None = None
    heat: str = ""
    excess: float = 0.0
    degraded: bool = False
    hints: tuple[Hint, ...] = ()
    confirms: bool = False

    @property
    def order(self) -> tuple[datetime, int]:
        return self.captured_at_utc, self.sequence


@dataclass(frozen=True, slots=True)
class Tracker:
    """What is remembered of one kind (and subject) on one camera.

    `version` counts the writes.
    """

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
    def is_active(self) -> bool:
        """Whether anything is going on, so that a quiet frame says something."""
        return bool(self.recent) or self.incident_id is not None

    @property
    def positives(self) -> tuple[Sighting, ...]:
        return tuple(sighting for sighting in self.recent if sighting.positive)


class Verdict(StrEnum):
    """What a sighting asks for."""

    WAIT = "wait"
    OPEN = "open"
    GROW = "grow"
    END = "end"


def step(tracker: Tracker, sighting: Sighting, policy: KindPolicy) -> tuple[Tracker, Verdict]:
    """Take one sighting in; returns the very same tracker when there is nothing to remember.

    While an incident is open only positives are remembered: a negative matters by its time alone.
    """
    if _is_known(tracker, sighting):
        return tracker, Verdict.WAIT
    if tracker.incident_id is not None and not sighting.positive:
        quiet = is_quiet(tracker, policy, seen_until_utc=sighting.captured_at_utc)
        return tracker, Verdict.END if quiet else Verdict.WAIT
    noted = _note(tracker, sighting, policy)
    if noted.incident_id is not None:
        return noted, Verdict.WAIT if noted is tracker else Verdict.GROW
    if not noted.positives:
        return close(noted, through_utc=noted.recent[-1].captured_at_utc), Verdict.WAIT
    return noted, Verdict.OPEN if _is_confirmed(noted, policy) else Verdict.WAIT


def is_quiet(tracker: Tracker, policy: KindPolicy, *, seen_until_utc: datetime) -> bool:
    """Whether the camera went on seeing for the whole hold time without another positive."""
    last = tracker.last_positive_utc
    return last is not None and (seen_until_utc - last).total_seconds() >= policy.hold_s


def close(tracker: Tracker, *, through_utc: datetime) -> Tracker:
    """Start afresh; frames captured up to `through_utc` are history from now on."""
    return Tracker(
        tracker.camera_id,
        tracker.kind,
        tracker.subject,
        closed_through_utc=through_utc,
        version=tracker.version,
    )


def release(tracker: Tracker, *, ended_utc: datetime) -> Tracker:
    """Let go of an incident that people ended: what was captured after it counts anew."""
    fresh = tuple(one for one in tracker.recent if one.captured_at_utc > ended_utc)
    return replace(close(tracker, through_utc=ended_utc), recent=fresh, last_positive_utc=_newest_positive(fresh))


def _newest_positive(sightings: tuple[Sighting, ...]) -> datetime | None:
    return max((one.captured_at_utc for one in sightings if one.positive), default=None)


def _is_known(tracker: Tracker, sighting: Sighting) -> bool:
    if tracker.closed_through_utc is not None and sighting.captured_at_utc <= tracker.closed_through_utc:
        return True
    return any(sighting.order == known.order for known in tracker.recent)


def _note(tracker: Tracker, sighting: Sighting, policy: KindPolicy) -> Tracker:
    """Put a new sighting in its place among the last `of_frames`; one too close to another counts with it.

    One older than all of them changes nothing either.
    """
    if any(_apart_s(sighting, one) < policy.apart_s for one in tracker.recent):
        return tracker
    recent = tuple(sorted((*tracker.recent, sighting), key=lambda one: one.order)[-policy.of_frames :])
    if sighting not in recent:
        return tracker
    return replace(tracker, recent=recent, last_positive_utc=_last_positive(tracker, sighting))


def _apart_s(one: Sighting, other: Sighting) -> float:
    return abs((one.captured_at_utc - other.captured_at_utc).total_seconds())


def _last_positive(tracker: Tracker, sighting: Sighting) -> datetime | None:
    if not sighting.positive:
        return tracker.last_positive_utc
    return max(sighting.captured_at_utc, tracker.last_positive_utc or sighting.captured_at_utc)


def _is_confirmed(tracker: Tracker, policy: KindPolicy) -> bool:
    newest = tracker.recent[-1].captured_at_utc
    fresh = [s for s in tracker.positives if (newest - s.captured_at_utc).total_seconds() <= policy.window_s]
    return len(fresh) >= policy.positives or any(one.confirms for one in fresh)
