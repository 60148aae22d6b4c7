"""What the clock does to an incident: it climbs its chain until somebody acknowledges, lapses, or is asked after.

Every live incident has an instant at which the clock has a say next, so none is ever forgotten. Deadlines follow from
each other and not from when the sweep came by: a sweep that is late finds several and takes each once.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.city import EVERYWHERE, Area, CityPack, Escalation, EscalationStep
from chalicelib.domain.incidents import Change, EventType, Incident, Reason, act, change
from chalicelib.domain.jurisdiction import whole_city
from chalicelib.domain.lifecycle import LIVE, Action, Status
from chalicelib.domain.routing import units_of_roles, widen
from chalicelib.domain.severity import SEVERITIES, at_least


def chain(pack: CityPack, kind: str, severity: str) -> Escalation | None:
    """The chain that holds for a kind and severity: of those that fit, the one for the worst."""
    fitting = (one for one in pack.escalations if kind in one.kinds and at_least(severity, one.min_severity))
    return max(fitting, key=lambda one: SEVERITIES.index(one.min_severity), default=None)


def set_clock(incident: Incident, pack: CityPack, *, from_utc: datetime) -> Incident:
    """The incident with the instant at which the clock has a say next, counted from another."""
    due = from_utc + timedelta(seconds=_wait_s(incident, pack)) if incident.status in LIVE else None
    return replace(incident, due_utc=due)


def hasten(worse: Incident, before: Incident, pack: CityPack, *, at_utc: datetime) -> Incident:
    """An incident that became worse: another chain begins at its first step, and no deadline moves back."""
    if chain(pack, worse.kind, worse.severity) != chain(pack, before.kind, before.severity):
        worse = replace(worse, handling=replace(worse.handling, level=0))
    deadlines = (before.due_utc, set_clock(worse, pack, from_utc=at_utc).due_utc)
    return replace(worse, due_utc=min(filter(None, deadlines), default=None))


def area_of(incident: Incident, pack: CityPack) -> Area:
    """The area that an incident was placed in; the whole city for one that stands for many."""
    area_id = incident.place.area_id
    return whole_city(pack) if area_id == EVERYWHERE else pack.area(area_id)


def on_due(incident: Incident, pack: CityPack, *, at_utc: datetime) -> Change:
    """What follows when an incident's instant has come; raises WrongState for one that has ended."""
    if incident.status is Status.AWAITING_CONFIRMATION:
        return _lapse(incident, at_utc)
    steps = _steps(pack, incident)
    if incident.status is Status.OPEN and incident.handling.level < len(steps):
        return _climb(incident, pack, steps[incident.handling.level], at_utc)
    return _ask_after(incident, pack, at_utc)


def _wait_s(incident: Incident, pack: CityPack) -> float:
    policy, steps, level = pack.kind(incident.kind), _steps(pack, incident), incident.handling.level
    if incident.status is Status.AWAITING_CONFIRMATION:
        return policy.review_s
    if incident.status is Status.OPEN and level <= len(steps) and steps:
        return steps[min(level, len(steps) - 1)].after_s  # whoever was called last has as long to answer
    return policy.resolve_s


def _steps(pack: CityPack, incident: Incident) -> tuple[EscalationStep, ...]:
    holds = chain(pack, incident.kind, incident.severity)
    return holds.steps + holds.steps[-1:] * holds.repeats if holds else ()


def _lapse(incident: Incident, at_utc: datetime) -> Change:
    handling = replace(incident.handling, ended_at_utc=at_utc, dismissed_because=Reason.LAPSED)
    ended = replace(act(incident, Action.LAPSE), handling=handling, seen_by=(), due_utc=None)
    return change(ended, EventType.DISMISSED, at_utc, text=Reason.LAPSED.value)


def _climb(incident: Incident, pack: CityPack, step: EscalationStep, at_utc: datetime) -> Change:
    level = incident.handling.level + 1
    units = units_of_roles(pack, step.roles, area_of(incident, pack), exercise=incident.exercise)
    routed = widen(pack, incident.routed, units, f"step {level}: nobody acknowledged in time")
    climbed = replace(act(incident, Action.ESCALATE), routed=routed, handling=replace(incident.handling, level=level))
    return change(set_clock(climbed, pack, from_utc=incident.due_utc or at_utc), EventType.ESCALATED, at_utc)


def _ask_after(incident: Incident, pack: CityPack, at_utc: datetime) -> Change:
    """Nobody is left to call in, or handling takes too long: said again at every `resolve_s` until it ends."""
    handling = replace(incident.handling, level=incident.handling.level + 1)
    asked = replace(act(incident, Action.ESCALATE), handling=handling)
    return change(set_clock(asked, pack, from_utc=at_utc), EventType.UNANSWERED, at_utc)
