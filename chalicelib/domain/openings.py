"""What opened of late, of one kind: by it a new sighting finds the incident that it belongs to.

One record a kind is read before an incident opens and written with it, so that two cameras that see one fire at the
same instant can't both open it: the second finds the record moved on and looks again. It is read at openings alone, so
its cost is one item read and written an incident.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from math import cos, hypot, radians

from chalicelib.domain.city import KindPolicy
from chalicelib.domain.confirmation import Sighting
from chalicelib.domain.incidents import Incident
from chalicelib.domain.lifecycle import Status

KEPT = timedelta(days=2)
MOST_KEPT = 1_500
"""Of some 200 bytes each: a record of DynamoDB holds 400 kB."""

METRES_PER_DEGREE = 111_195
"""Along a meridian of the mean earth, 6,371 km."""


@dataclass(frozen=True, slots=True)
class Opening:
    """An incident that opened, by the camera that opened it."""

    incident_id: str
    camera_id: str
    subject: str
    latitude: float
    longitude: float
    at_utc: datetime
    exercise: bool = False


@dataclass(frozen=True, slots=True)
class Openings:
    """What opened of one kind, the oldest first, and the parent that stands for many of them if there is one."""

    kind: str
    recent: tuple[Opening, ...] = ()
    parent_id: str | None = None
    version: int = 0


class Kinship(StrEnum):
    """What a confirmed sighting is to an incident nearby."""

    SAME = "same"
    RETURNED = "returned"
    PAST = "past"
    STRANGER = "stranger"


def note(openings: Openings, opening: Opening, *, parent_id: str | None = None) -> Openings:
    """With one more, and without what is too old to matter."""
    fresh = [one for one in openings.recent if opening.at_utc - one.at_utc < KEPT]
    recent = (*fresh, opening)[-MOST_KEPT:]
    return replace(openings, recent=recent, parent_id=parent_id or openings.parent_id)


def nearby(openings: Openings, opening: Opening, policy: KindPolicy) -> Iterator[Opening]:
    """Those that may be the same event, the newest first: of the same camera, or within the kind's radius."""
    for one in reversed(openings.recent):
        alike = one.subject == opening.subject and one.exercise == opening.exercise
        if alike and (one.camera_id == opening.camera_id or _distance_m(one, opening) <= policy.join_radius_m):
            yield one


def burst(openings: Openings, opening: Opening, policy: KindPolicy) -> tuple[Opening, ...]:
    """Everything that opened with it in a burst all over the city, itself included; empty when it is no burst."""
    since = opening.at_utc - timedelta(seconds=policy.burst_window_s)
    alike = [one for one in openings.recent if one.at_utc >= since and one.exercise == opening.exercise]
    together = (*alike, opening)
    return together if policy.burst_count and len(together) >= policy.burst_count else ()


def kinship(incident: Incident, camera_id: str, sightings: tuple[Sighting, ...], policy: KindPolicy) -> Kinship:
    """What sightings of a camera nearby are to an incident; none of what ended longer than the cooldown ago."""
    first, last = sightings[0].captured_at_utc, sightings[-1].captured_at_utc
    if incident.is_live:
        apart_s = (first - incident.last_seen_utc).total_seconds()
        goes_on = bool(incident.seen_by) or camera_id in incident.camera_ids
        return Kinship.SAME if goes_on or apart_s <= policy.join_window_s else Kinship.STRANGER
    ended = incident.handling.ended_at_utc or incident.changed_at_utc
    if last <= ended:
        return Kinship.PAST
    if (last - ended).total_seconds() > policy.cooldown_s:
        return Kinship.STRANGER
    return Kinship.RETURNED if incident.status is Status.RESOLVED else Kinship.PAST


def _distance_m(one: Opening, other: Opening) -> float:
    """On the plane that touches the earth there: good to a metre over the kilometres of a city."""
    north = (one.latitude - other.latitude) * METRES_PER_DEGREE
    east = (one.longitude - other.longitude) * METRES_PER_DEGREE * cos(radians(one.latitude))
    return hypot(north, east)
