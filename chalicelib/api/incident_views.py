"""What people are shown of an incident: everything but pictures, faces and where the frames lie."""

from collections.abc import Iterable

from pydantic import BaseModel, Field

from chalicelib.api import scopes
from chalicelib.api.endpoints import Call
from chalicelib.api.fields import Instant, Page
from chalicelib.domain.city import CityPack
from chalicelib.domain.doubts import Doubt
from chalicelib.domain.identity import hints
from chalicelib.domain.incidents import EventType, Incident, Reason, TimelineEvent
from chalicelib.domain.judging import may_know, version_for
from chalicelib.domain.kinds import WATCHLIST_CANDIDATE
from chalicelib.domain.lifecycle import BY_PEOPLE, TRANSITIONS, Action, Status
from chalicelib.domain.observations import Hint
from chalicelib.domain.people import Actor
from chalicelib.domain.permissions import Permission, may

JUDGING = frozenset({Action.CONFIRM, Action.REJECT})
"""What those do who review candidates; all else is for those who handle incidents."""


class PlaceView(BaseModel):
    """Where it is, in WGS 84 degrees, and whose ground that was when it opened."""

    area_id: str
    area_name: str
    latitude: float
    longitude: float


class UnitTold(BaseModel):
    unit: str
    because: str


class EvidenceView(BaseModel):
    """A frame that shows it, by its digest."""

    sha256: str
    captured_at: Instant
    score: float


class CheckView(BaseModel):
    """A step of the kind's procedure, and who ticked it off when."""

    step: str
    name_vi: str
    name_en: str
    by: str | None
    at: Instant | None


class IncidentView(BaseModel):
    """One real event. `version` is the number of its last change: name it in a command."""

    id: str
    version: int
    kind: str
    label: str
    entry_id: str | None = Field(description="Of a candidate, whom it resembles; told to who may read the lists.")
    status: Status
    severity: str
    doubts: tuple[Doubt, ...] = Field(description="Why to look twice; none where nothing is in doubt.")
    hints: tuple[Hint, ...] = Field(description="Of a candidate, what lowers trust in it; told as `entry_id` is.")
    exercise: bool
    place: PlaceView
    camera_ids: tuple[str, ...]
    units: tuple[UnitTold, ...]
    first_seen_at: Instant
    last_seen_at: Instant
    opened_at: Instant
    changed_at: Instant
    due_at: Instant | None = Field(description="When it escalates, or the operations centre is reminded, or it lapses.")
    acknowledged_by: str | None
    acknowledged_at: Instant | None
    assignee: str | None
    ended_at: Instant | None
    dismissed_because: Reason | None
    escalation_level: int
    confirmations: int = Field(
        description="Of a candidate: by how many people. While it awaits them your own: nobody judges after another."
    )
    parent_id: str | None
    children: tuple[str, ...]
    evidence: tuple[EvidenceView, ...]
    checklist: tuple[CheckView, ...]
    actions: tuple[Action, ...] = Field(description="What you may do with it now.")

    @classmethod
    def of(cls, incident: Incident, actor: Actor, pack: CityPack) -> "IncidentView":
        handling, place, routed = incident.handling, incident.place, incident.routed
        told = zip(routed.units, routed.reasons, strict=True)
        return cls(
            id=incident.id,
            version=version_for(incident, actor.subject),
            kind=incident.kind,
            label=incident.label,
            entry_id=incident.subject if _is_told_who(incident, actor, pack) else None,
            status=incident.status,
            severity=incident.severity,
            doubts=incident.doubts,
            hints=hints(incident.evidence) if _is_told_who(incident, actor, pack) else (),
            exercise=incident.exercise,
            place=PlaceView.model_validate(place, from_attributes=True),
            camera_ids=incident.camera_ids,
            units=tuple(UnitTold(unit=unit, because=reason) for unit, reason in told),
            first_seen_at=incident.first_seen_utc,
            last_seen_at=incident.last_seen_utc,
            opened_at=incident.opened_at_utc,
            changed_at=incident.changed_at_utc,
            due_at=incident.due_utc,
            acknowledged_by=handling.acknowledged_by or None,
            acknowledged_at=handling.acknowledged_at_utc,
            assignee=handling.assignee or None,
            ended_at=handling.ended_at_utc,
            dismissed_because=handling.dismissed_because,
            escalation_level=handling.level,
            confirmations=sum(
                review.confirmed for review in handling.reviews if may_know(incident, actor.subject, review.by)
            ),
            parent_id=incident.parent_id,
            children=incident.children,
            evidence=tuple(
                EvidenceView(sha256=one.sha256, captured_at=one.captured_at_utc, score=one.score)
                for one in incident.evidence
            ),
            checklist=_checklist(incident, pack),
            actions=actions_of(incident, actor, pack),
        )


class IncidentPage(Page[IncidentView]):
    @classmethod
    def of(cls, incidents: Iterable[Incident], call: Call, pack: CityPack, *, following: str | None) -> "IncidentPage":
        return cls(items=tuple(IncidentView.of(one, call.actor, pack) for one in incidents), next=following)


class EventView(BaseModel):
    """Change number `number`; nobody's when cameras or the clock brought it."""

    number: int
    type: EventType
    at: Instant
    by: str | None
    text: str | None
    status: Status
    severity: str
    told: bool


class Timeline(BaseModel):
    incident_id: str
    items: tuple[EventView, ...]

    @classmethod
    def of(cls, incident: Incident, actor: Actor, events: Iterable[TimelineEvent]) -> "Timeline":
        """Without others' words on a candidate that still awaits them, and without the gap that they would leave."""
        known = [
            one for one in events if one.type is not EventType.REVIEWED or may_know(incident, actor.subject, one.by)
        ]
        return cls(incident_id=incident.id, items=tuple(_event(one, number) for number, one in enumerate(known, 1)))


def actions_of(incident: Incident, actor: Actor, pack: CityPack) -> tuple[Action, ...]:
    """What somebody may do with an incident in its present status, in the order of the life cycle."""
    scope = scopes.of_incident(pack, incident)
    handles = may(actor, Permission.INCIDENT_COMMAND, scope)
    has_spoken = any(review.by == actor.subject for review in incident.handling.reviews)
    judges = may(actor, Permission.CANDIDATE_REVIEW, scope) and not has_spoken
    possible = [one for one in Action if one in BY_PEOPLE and (incident.status, one) in TRANSITIONS]
    return tuple(one for one in possible if (judges if one in JUDGING else handles))


def _is_told_who(incident: Incident, actor: Actor, pack: CityPack) -> bool:
    """Whom a candidate resembles, and what its face wears, is for those who may read the lists."""
    reads_lists = may(actor, Permission.WATCHLIST_READ, scopes.of_incident(pack, incident))
    return reads_lists and incident.kind == WATCHLIST_CANDIDATE


def _checklist(incident: Incident, pack: CityPack) -> tuple[CheckView, ...]:
    """The procedure of its kind as the pack has it now; a kind that the pack has dropped has none."""
    steps = [step for policy in pack.kinds if policy.kind == incident.kind for step in policy.checklist]
    done = {check.step: check for check in incident.handling.checks}
    return tuple(
        CheckView(
            step=step.id,
            name_vi=step.name_vi,
            name_en=step.name_en,
            by=done[step.id].by if step.id in done else None,
            at=done[step.id].at_utc if step.id in done else None,
        )
        for step in steps
    )


def _event(event: TimelineEvent, number: int) -> EventView:
    return EventView(
        number=number,
        type=event.type,
        at=event.at_utc,
        by=event.by or None,
        text=event.text or None,
        status=event.incident.status,
        severity=event.incident.severity,
        told=event.is_told,
    )
