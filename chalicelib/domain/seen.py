"""What frames do to an incident: it opens, grows, is seen by more cameras, is lost from sight, ends and comes back."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.city import CityPack
from chalicelib.domain.confirmation import Sighting
from chalicelib.domain.deadlines import area_of, hasten, set_clock
from chalicelib.domain.doubts import doubts
from chalicelib.domain.incidents import (
    Change,
    EventType,
    Evidence,
    Handling,
    Incident,
    Place,
    Provenance,
    act,
    change,
)
from chalicelib.domain.jurisdiction import whole_city
from chalicelib.domain.lifecycle import Action, Status
from chalicelib.domain.routing import merge, route
from chalicelib.domain.severity import SEVERITIES, risen, worst

EVIDENCE_KEPT = 12


def open_incident(
    pack: CityPack,
    *,
    camera_id: str,
    kind: str,
    subject: str,
    label: str,
    sightings: Sequence[Sighting],
    place: Place,
    exercise: bool,
    provenance: Provenance,
    at_utc: datetime,
) -> Change:
    """Open an incident on the positive sightings that confirmed it; its id follows from the first of them."""
    first, last, policy = sightings[0], sightings[-1], pack.kind(kind)
    extent, cast = max(sighting.extent for sighting in sightings), doubts(kind, sightings)
    severity = risen(
        policy, SEVERITIES[0], seen_for_s=_seconds(first, last), cameras=1, extent=extent, doubtful=bool(cast)
    )
    incident = Incident(
        id=_incident_id(camera_id, kind, subject, first),
        kind=kind,
        subject=subject,
        label=label,
        camera_ids=(camera_id,),
        seen_by=(camera_id,),
        place=place,
        severity=severity,
        extent=extent,
        status=Status.AWAITING_CONFIRMATION if policy.held_for_review else Status.OPEN,
        routed=route(
            pack, kind=kind, area=pack.area(place.area_id), severity=severity, at_utc=at_utc, exercise=exercise
        ),
        evidence=_evidence(sightings),
        provenance=provenance,
        first_seen_utc=first.captured_at_utc,
        last_seen_utc=last.captured_at_utc,
        opened_at_utc=at_utc,
        changed_at_utc=at_utc,
        due_utc=None,
        exercise=exercise,
        doubts=cast,
    )
    return change(set_clock(incident, pack, from_utc=at_utc), EventType.OPENED, at_utc)


def open_parent(pack: CityPack, children: Sequence[Incident], *, at_utc: datetime) -> Change:
    """Open one incident for the whole city over many of one kind; its id follows from the newest of them."""
    newest, city = children[-1], whole_city(pack)
    severity = worst(one.severity for one in children)
    parent = replace(
        newest,
        id=f"{newest.id}-city",
        camera_ids=(),
        seen_by=tuple(one.id for one in children),
        children=tuple(one.id for one in children),
        place=replace(newest.place, area_id=city.id, area_name=city.name),
        severity=severity,
        status=Status.OPEN,
        routed=route(pack, kind=newest.kind, area=city, severity=severity, at_utc=at_utc, exercise=newest.exercise),
        evidence=tuple(first for one in children for first in one.evidence[:1])[-EVIDENCE_KEPT:],
        first_seen_utc=min(one.first_seen_utc for one in children),
        last_seen_utc=max(one.last_seen_utc for one in children),
        opened_at_utc=at_utc,
        version=0,
        parent_id=None,
        handling=Handling(),
        last_told=None,
    )
    return change(set_clock(parent, pack, from_utc=at_utc), EventType.OPENED, at_utc)


def grow(incident: Incident, sightings: Sequence[Sighting], pack: CityPack, *, at_utc: datetime) -> Change:
    """Tell that an incident goes on, with the newest of a camera's last sightings; it may have become worse."""
    seen = _saw(act(incident, Action.GROW), sightings)
    return change(_worsen(seen, incident, pack, at_utc), EventType.UPDATED, at_utc)


def join(
    incident: Incident, camera_id: str, sightings: Sequence[Sighting], pack: CityPack, *, at_utc: datetime
) -> Change:
    """One more camera sees the same incident, or one sees it again."""
    seen = _by(_saw(act(incident, Action.JOIN), sightings), camera_id)
    return change(_worsen(seen, incident, pack, at_utc), EventType.JOINED, at_utc)


def under(opened: Change, parent_id: str) -> Change:
    """An opening under the incident for the whole city."""
    child = replace(opened.incident, parent_id=parent_id)
    return Change(child, replace(opened.event, incident=child))


def group(incident: Incident, parent_id: str, *, at_utc: datetime) -> Change:
    """Put an incident under the one for the whole city."""
    return change(replace(act(incident, Action.JOIN), parent_id=parent_id), EventType.GROUPED, at_utc)


def adopt(parent: Incident, child: Incident, pack: CityPack, *, at_utc: datetime) -> Change:
    """One more of the incidents that the one for the whole city stands for."""
    wider = replace(
        act(parent, Action.JOIN),
        children=(*parent.children, child.id),
        seen_by=(*parent.seen_by, child.id),
        last_seen_utc=max(parent.last_seen_utc, child.last_seen_utc),
    )
    return change(_worsen(wider, parent, pack, at_utc), EventType.JOINED, at_utc)


def lose(incident: Incident, seer: str, *, last_seen_utc: datetime, at_utc: datetime) -> Change:
    """A camera (or a child) sees it no more. The last one ends it, but never a candidate: that waits for people."""
    left = tuple(one for one in incident.seen_by if one != seer)
    after = replace(incident, seen_by=left, last_seen_utc=max(incident.last_seen_utc, last_seen_utc))
    if left or after.status is Status.AWAITING_CONFIRMATION:
        return change(act(after, Action.LEAVE), EventType.LEFT, at_utc)
    handling = replace(after.handling, ended_at_utc=at_utc)
    return change(replace(act(after, Action.END), handling=handling, due_utc=None), EventType.RESOLVED, at_utc)


def come_back(
    incident: Incident, camera_id: str, sightings: Sequence[Sighting], pack: CityPack, *, at_utc: datetime
) -> Change:
    """What was over is seen again: the same incident, for somebody to acknowledge anew."""
    seen = _by(_saw(act(incident, Action.RETURN), sightings), camera_id)
    fresh = replace(_worsen(seen, incident, pack, at_utc), handling=Handling())
    return change(set_clock(fresh, pack, from_utc=at_utc), EventType.REOPENED, at_utc)


def would_worsen(incident: Incident, sightings: Sequence[Sighting], pack: CityPack) -> bool:
    """Whether a camera's last sightings make an incident worse, which is news at once."""
    return _severity(_saw(incident, sightings), pack) != incident.severity


def _saw(incident: Incident, sightings: Sequence[Sighting]) -> Incident:
    """With the newest of them as evidence: the first frames stay, the last place is the newest's.

    A doubt that they give no cause for is gone for good.
    """
    newest, still_cast = max(sightings, key=lambda one: one.order), doubts(incident.kind, sightings)
    return replace(
        incident,
        evidence=(*incident.evidence[: EVIDENCE_KEPT - 1], *_evidence((newest,))),
        last_seen_utc=max(incident.last_seen_utc, newest.captured_at_utc),
        extent=max(incident.extent, *(one.extent for one in sightings), 0.0),
        doubts=tuple(doubt for doubt in incident.doubts if doubt in still_cast),
    )


def _by(incident: Incident, camera_id: str) -> Incident:
    return replace(
        incident,
        camera_ids=_with(incident.camera_ids, camera_id),
        seen_by=_with(incident.seen_by, camera_id),
    )


def _with(ids: tuple[str, ...], one: str) -> tuple[str, ...]:
    return ids if one in ids else (*ids, one)


def _severity(incident: Incident, pack: CityPack) -> str:
    return risen(
        pack.kind(incident.kind),
        incident.severity,
        seen_for_s=(incident.last_seen_utc - incident.first_seen_utc).total_seconds(),
        cameras=max(len(incident.camera_ids), len(incident.children)),
        extent=incident.extent,
        doubtful=bool(incident.doubts),
    )


def _worsen(after: Incident, before: Incident, pack: CityPack, at_utc: datetime) -> Incident:
    """As severe as it has become, with the units that such a severity concerns and a deadline that is no later."""
    severity = _severity(after, pack)
    if severity == before.severity:
        return after
    area = area_of(after, pack)
    routed = route(pack, kind=after.kind, area=area, severity=severity, at_utc=at_utc, exercise=after.exercise)
    worse = replace(after, severity=severity, routed=merge(pack, before.routed, routed))
    return hasten(worse, before, pack, at_utc=at_utc)


def _seconds(first: Sighting, last: Sighting) -> float:
    return (last.captured_at_utc - first.captured_at_utc).total_seconds()


def _evidence(sightings: Sequence[Sighting]) -> tuple[Evidence, ...]:
    """The frames among them: a camera's silence has none."""
    return tuple(
        Evidence(
            one.frame_key,
            one.sha256,
            one.captured_at_utc,
            one.score,
            one.excess,
            one.heat,
            one.hints,
            box_rel=one.box_rel,
        )
        for one in sightings
        if one.frame_key
    )


def _incident_id(camera_id: str, kind: str, subject: str, first: Sighting) -> str:
    seed = "\n".join((camera_id, kind, subject, first.captured_at_utc.isoformat(), str(first.sequence)))
    return f"{first.captured_at_utc:%Y%m%d}-{hashlib.sha256(seed.encode()).hexdigest()[:12]}"
