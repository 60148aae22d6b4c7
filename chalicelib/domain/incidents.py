"""One real event over time, and the numbered changes that are its timeline and its outbox.

Every function here takes an incident and returns a `Change`: the incident as it became and the event that says so. The
store writes both in one transaction, so neither exists without the other.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.confirmation import Sighting

EVIDENCE_KEPT = 12


class Status(StrEnum):
    AWAITING_CONFIRMATION = "awaiting_confirmation"
    OPEN = "open"
    RESOLVED = "resolved"


class EventType(StrEnum):
    OPENED = "opened"
    UPDATED = "updated"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is and whose that is: an area as in force then, and WGS 84 degrees."""

    area_id: str
    area_name: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Routed:
    """The units it was sent to, and in plain words why."""

    units: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A frame that shows it: enough to fetch the very bytes and judge them again."""

    frame_key: str
    sha256: str
    captured_at_utc: datetime
    score: float


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the decision rests on: the digests of the models that ran and the version of the city pack."""

    model_digests: Mapping[str, str]
    config_version: str


@dataclass(frozen=True, slots=True)
class Incident:
    """One real event. `version` is the number of its last timeline event."""

    id: str
    kind: str
    subject: str
    label: str
    camera_ids: tuple[str, ...]
    place: Place
    severity: str
    status: Status
    routed: Routed
    evidence: tuple[Evidence, ...]
    provenance: Provenance
    first_seen_utc: datetime
    last_seen_utc: datetime
    changed_at_utc: datetime
    version: int


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """Change number `number` of an incident, with the incident as it became."""

    number: int
    type: EventType
    at_utc: datetime
    incident: Incident

    @property
    def id(self) -> str:
        """The same wherever and however often the event is told."""
        return f"{self.incident.id}/{self.number}"


@dataclass(frozen=True, slots=True)
class Change:
    """An incident as it became and the event that says so."""

    incident: Incident
    event: TimelineEvent


def open_incident(
    *,
    camera_id: str,
    kind: str,
    subject: str,
    label: str,
    sightings: tuple[Sighting, ...],
    place: Place,
    severity: str,
    routed: Routed,
    held_for_review: bool,
    provenance: Provenance,
    at_utc: datetime,
) -> Change:
    """Open an incident on the positive sightings that confirmed it; its id follows from the first of them."""
    first, last = sightings[0], sightings[-1]
    incident = Incident(
        id=_incident_id(camera_id, kind, subject, first),
        kind=kind,
        subject=subject,
        label=label,
        camera_ids=(camera_id,),
        place=place,
        severity=severity,
        status=Status.AWAITING_CONFIRMATION if held_for_review else Status.OPEN,
        routed=routed,
        evidence=tuple(map(_evidence, sightings)),
        provenance=provenance,
        first_seen_utc=first.captured_at_utc,
        last_seen_utc=last.captured_at_utc,
        changed_at_utc=at_utc,
        version=0,
    )
    return _change(incident, EventType.OPENED, at_utc)


def grow(incident: Incident, sighting: Sighting, *, at_utc: datetime) -> Change:
    """Tell that an incident goes on, with the newest frame that shows it."""
    kept = (*incident.evidence[: EVIDENCE_KEPT - 1], _evidence(sighting))
    last = max(incident.last_seen_utc, sighting.captured_at_utc)
    return _change(replace(incident, evidence=kept, last_seen_utc=last), EventType.UPDATED, at_utc)


def resolve(incident: Incident, *, last_seen_utc: datetime, at_utc: datetime) -> Change | None:
    """End an incident that has gone quiet; None for a candidate, which waits for people however quiet it gets."""
    if incident.status is Status.AWAITING_CONFIRMATION:
        return None
    ended = replace(incident, status=Status.RESOLVED, last_seen_utc=max(incident.last_seen_utc, last_seen_utc))
    return _change(ended, EventType.RESOLVED, at_utc)


def _change(incident: Incident, event_type: EventType, at_utc: datetime) -> Change:
    after = replace(incident, version=incident.version + 1, changed_at_utc=at_utc)
    return Change(after, TimelineEvent(after.version, event_type, at_utc, after))


def _evidence(sighting: Sighting) -> Evidence:
    return Evidence(sighting.frame_key, sighting.sha256, sighting.captured_at_utc, sighting.score)


def _incident_id(camera_id: str, kind: str, subject: str, first: Sighting) -> str:
    seed = "\n".join((camera_id, kind, subject, first.captured_at_utc.isoformat(), str(first.sequence)))
    return f"{first.captured_at_utc:%Y%m%d}-{hashlib.sha256(seed.encode()).hexdigest()[:12]}"
