"""Made-up trackers, incidents and alerts of one afternoon."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chalicelib.domain.alerts.model import Alert, alert_of
from chalicelib.domain.cameras import Heartbeat
from chalicelib.domain.confirmation import Sighting, Tracker
from chalicelib.domain.incidents import Change, Provenance
from chalicelib.domain.openings import Opening
from chalicelib.domain.seen import grow, open_incident
from chalicelib.domain.traffic import TrafficStep
from tests.unit.happenings import NEW_TOWN, PACK

NOON = datetime(2026, 3, 1, 5, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def heartbeat(seconds: float = 0, *, camera_id: str = "cam-1") -> Heartbeat:
    return Heartbeat(camera_id, at(seconds), fingerprint=b"\xff\x00\xfe", still_since_utc=NOON)


def step(seconds: float, *, camera_id: str = "cam-1") -> TrafficStep:
    return TrafficStep(camera_id, at(seconds), samples=2, occupancy_sum=0.5, counts={"car": 3})


def sighting(seconds: float = 0) -> Sighting:
    return Sighting(at(seconds), 1, positive=True, score=0.1 + 0.2, frame_key=f"frames/{seconds}.jpg", sha256="ab" * 32)


def tracker(kind: str = "flood", *, camera_id: str = "cam-1", subject: str = "") -> Tracker:
    return Tracker(camera_id, kind, subject, recent=(sighting(),), last_positive_utc=NOON)


def opening(seconds: float = 0, *, camera_id: str = "cam-1", kind: str = "flood") -> Change:
    """The opening of an incident first seen and decided at one instant."""
    return open_incident(
        PACK,
        camera_id=camera_id,
        kind=kind,
        subject="",
        label="ngập",
        sightings=(sighting(seconds),),
        place=NEW_TOWN,
        exercise=False,
        provenance=Provenance({"scenes": "cd" * 32}, "2026-03-01"),
        at_utc=at(seconds),
    )


def growing(change: Change, seconds: float) -> Change:
    return grow(change.incident, (sighting(seconds),), PACK, at_utc=at(seconds))


def recent(change: Change) -> Opening:
    one = change.incident
    return Opening(one.id, one.camera_ids[0], one.subject, one.place.latitude, one.place.longitude, one.opened_at_utc)


def tracking(change: Change) -> Tracker:
    """A tracker never written before, following the incident of a change."""
    return replace(tracker(camera_id=change.incident.camera_ids[0]), incident_id=change.incident.id)


def alert(number: int = 1, *, units: tuple[str, ...] = ("services",), exercise: bool = False) -> Alert:
    """An alert of one incident that went to some units."""
    first = alert_of(opening().event, PACK)
    return replace(first, id=f"{first.incident}/{number}", sequence=number, units=units, exercise=exercise)
