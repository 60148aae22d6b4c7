"""How a stretch of time went: what happened, how soon people answered and were done, and what was none.

Exercises count nowhere, nor does an incident that stands for many: those are counted. A candidate counts once it was
confirmed or has ended; while it waits for people nothing tells of it, not even a number.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from chalicelib.domain.incidents import Incident, Reason
from chalicelib.domain.lifecycle import Status


@dataclass(frozen=True, slots=True)
class Spread:
    """How long `count` of them took: the one in the middle, and the one that nine of ten don't exceed."""

    count: int
    median_s: float
    p90_s: float


@dataclass(frozen=True, slots=True)
class Dismissed:
    """Incidents that a camera saw and people dismissed for a reason."""

    camera_id: str
    reason: Reason
    incidents: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of incidents; one that several units were told of counts at each. A spread is None when there is nothing.

    `unanswered` climbed their chain of escalation and were acknowledged by nobody.
    """

    incidents: int
    by_kind: Mapping[str, int]
    by_area: Mapping[str, int]
    by_unit: Mapping[str, int]
    to_acknowledge: Spread | None
    to_resolve: Spread | None
    unanswered: int
    dismissed: tuple[Dismissed, ...]


def statistics(incidents: Iterable[Incident], *, from_utc: datetime, until_utc: datetime) -> Statistics:
    """Count the incidents that were opened in [from, until), as they are now."""
    counted = [one for one in incidents if from_utc <= one.opened_at_utc < until_utc and _counts(one)]
    return Statistics(
        incidents=len(counted),
        by_kind=_most_first(one.kind for one in counted),
        by_area=_most_first(one.place.area_id for one in counted),
        by_unit=_most_first(unit for one in counted for unit in one.routed.units),
        to_acknowledge=_spread([_after(one, one.handling.acknowledged_at_utc) for one in counted]),
        to_resolve=_spread([_after(one, one.handling.ended_at_utc) for one in counted if _is_resolved(one)]),
        unanswered=sum(map(_is_unanswered, counted)),
        dismissed=_dismissed(counted),
    )


def _counts(incident: Incident) -> bool:
    waits = incident.status is Status.AWAITING_CONFIRMATION
    return not (incident.exercise or incident.children or waits)


def _is_resolved(incident: Incident) -> bool:
    return incident.status is Status.RESOLVED


def _is_unanswered(incident: Incident) -> bool:
    handling = incident.handling
    climbed = handling.level > 0 and handling.acknowledged_at_utc is None
    return climbed and incident.status is not Status.DISMISSED


def _after(incident: Incident, at_utc: datetime | None) -> timedelta | None:
    """How long after the units could know: from the last confirmation, where people had to confirm it."""
    known = max((review.at_utc for review in incident.handling.reviews), default=incident.opened_at_utc)
    return None if at_utc is None else max(at_utc - known, timedelta())


def _spread(durations: Iterable[timedelta | None]) -> Spread | None:
    """By the nearest rank, so that what is told did happen."""
    seconds = sorted(one.total_seconds() for one in durations if one is not None)
    if not seconds:
        return None
    return Spread(len(seconds), median(seconds), seconds[math.ceil(0.9 * len(seconds)) - 1])


def _dismissed(incidents: Sequence[Incident]) -> tuple[Dismissed, ...]:
    counts = Counter(
        (camera_id, one.handling.dismissed_because)
        for one in incidents
        for camera_id in one.camera_ids
        if one.status is Status.DISMISSED
    )
    return tuple(Dismissed(camera, reason, many) for (camera, reason), many in counts.most_common() if reason)


def _most_first(names: Iterable[str]) -> Mapping[str, int]:
    return dict(Counter(names).most_common())
