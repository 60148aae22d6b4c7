"""What people do with an incident, as commands that name the version they saw and change nothing unless they hold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.city import CityPack
from chalicelib.domain.deadlines import set_clock
from chalicelib.domain.incidents import (
    Change,
    Check,
    EventType,
    Handling,
    Incident,
    Reason,
    Review,
    Routed,
    act,
    change,
)
from chalicelib.domain.judging import version_for
from chalicelib.domain.lifecycle import Action
from chalicelib.domain.routing import OPERATIONS_CENTRE, merge
from chalicelib.errors import InvalidInput, StaleVersion, WrongState


@dataclass(frozen=True, slots=True)
class Command:
    """What a person asks of an incident. `key` is the client's own, the same when it asks again."""

    action: Action
    by: str
    version: int
    key: str
    text: str = ""
    reason: Reason | None = None
    units: tuple[str, ...] = ()
    assignee: str = ""
    step: str = ""

    @property
    def mark(self) -> str:
        """What its event is known by: a key that is used again for something else is another command."""
        return f"{self.action.value}:{self.key}"


def obey(incident: Incident, command: Command, pack: CityPack, *, at_utc: datetime) -> Change:
    """Do what a person asks; raises StaleVersion, WrongState or InvalidInput with a sentence for that person."""
    version = version_for(incident, command.by)
    if command.version != version:
        raise StaleVersion(f"you saw version {command.version} of this incident, it is at {version} by now: look again")
    do = _ACTIONS.get(command.action)
    if do is None:
        raise InvalidInput(f"{command.action.value!r} is nothing that people do to an incident")
    after, event_type = do(_Asked(incident, command, pack, at_utc))
    return change(after, event_type, at_utc, by=command.by, text=command.text, key=command.mark)


@dataclass(frozen=True, slots=True)
class _Asked:
    incident: Incident
    command: Command
    pack: CityPack
    at_utc: datetime


_Done = tuple[Incident, EventType]


def _confirm(asked: _Asked) -> _Done:
    """The last of the confirmations that its list, or else its kind, wants opens it; each is another person's."""
    opened = act(asked.incident, Action.CONFIRM)
    handling, by = asked.incident.handling, asked.command.by
    if any(review.by == by for review in handling.reviews):
        raise WrongState("you have confirmed this candidate already: somebody else has to confirm it too")
    reviewed = replace(handling, reviews=(*handling.reviews, Review(by, asked.at_utc, confirmed=True)))
    if len(reviewed.reviews) < _confirmations(asked.incident, asked.pack):
        return replace(asked.incident, handling=reviewed), EventType.REVIEWED
    return _clocked(replace(opened, handling=reviewed), asked), EventType.CONFIRMED


def _reject(asked: _Asked) -> _Done:
    rejected = act(asked.incident, Action.REJECT)
    review = Review(asked.command.by, asked.at_utc, confirmed=False)
    handling = replace(_dismissed(asked), reviews=(*rejected.handling.reviews, review))
    return _clocked(replace(rejected, handling=handling), asked), EventType.DISMISSED


def _acknowledge(asked: _Asked) -> _Done:
    return _clocked(_acknowledged(act(asked.incident, Action.ACKNOWLEDGE), asked), asked), EventType.ACKNOWLEDGED


def _start(asked: _Asked) -> _Done:
    """Who starts has acknowledged."""
    return _clocked(_acknowledged(act(asked.incident, Action.START), asked), asked), EventType.STARTED


def _resolve(asked: _Asked) -> _Done:
    resolved = act(asked.incident, Action.RESOLVE)
    handling = replace(resolved.handling, ended_at_utc=asked.at_utc)
    return _clocked(replace(resolved, handling=handling), asked), EventType.RESOLVED


def _dismiss(asked: _Asked) -> _Done:
    dismissed = act(asked.incident, Action.DISMISS)
    return _clocked(replace(dismissed, handling=_dismissed(asked)), asked), EventType.DISMISSED


def _reopen(asked: _Asked) -> _Done:
    """What nobody was ever told of was a candidate: no command brings it past its reviewers."""
    if asked.incident.last_told is None:
        raise WrongState("a candidate that was not confirmed can't be reopened")
    return _clocked(replace(act(asked.incident, Action.REOPEN), handling=Handling()), asked), EventType.REOPENED


def _transfer(asked: _Asked) -> _Done:
    """Hand it over: the units named have it from now on, and the operations centre still hears of it."""
    transferred, pack = act(asked.incident, Action.TRANSFER), asked.pack
    known = {unit.id for unit in pack.units}
    if not asked.command.units:
        raise InvalidInput("say to which units the incident goes")
    if unknown := [unit for unit in asked.command.units if unit not in known]:
        raise InvalidInput(f"there is no unit {unknown[0]!r}")
    centre = tuple(unit.id for unit in pack.units if unit.role == OPERATIONS_CENTRE)
    told = dict(zip(asked.incident.routed.units, asked.incident.routed.reasons, strict=True))
    kept = {unit: told[unit] for unit in centre if unit in told}
    handed = dict.fromkeys(asked.command.units, "handed over by hand")
    routed = merge(pack, Routed(tuple(kept), tuple(kept.values())), Routed(tuple(handed), tuple(handed.values())))
    handling = replace(Handling(), reviews=asked.incident.handling.reviews, checks=asked.incident.handling.checks)
    return _clocked(replace(transferred, routed=routed, handling=handling), asked), EventType.TRANSFERRED


def _assign(asked: _Asked) -> _Done:
    assigned = act(asked.incident, Action.ASSIGN)
    if not asked.command.assignee:
        raise InvalidInput("say to whom the incident is assigned")
    return replace(assigned, handling=replace(assigned.handling, assignee=asked.command.assignee)), EventType.ASSIGNED


def _check(asked: _Asked) -> _Done:
    """Tick off a step of the kind's procedure; once is enough."""
    checked, step = act(asked.incident, Action.CHECK), asked.command.step
    if step not in {one.id for one in asked.pack.kind(checked.kind).checklist}:
        raise InvalidInput(f"the procedure for {checked.kind} has no step {step!r}")
    if any(one.step == step for one in checked.handling.checks):
        raise WrongState(f"step {step!r} is ticked off already")
    checks = (*checked.handling.checks, Check(step, asked.command.by, asked.at_utc))
    return replace(checked, handling=replace(checked.handling, checks=checks)), EventType.CHECKED


def _comment(asked: _Asked) -> _Done:
    if not asked.command.text:
        raise InvalidInput("a comment needs a text")
    return act(asked.incident, Action.COMMENT), EventType.COMMENTED


_ACTIONS: Mapping[Action, Callable[[_Asked], _Done]] = {
    Action.CONFIRM: _confirm,
    Action.REJECT: _reject,
    Action.ACKNOWLEDGE: _acknowledge,
    Action.START: _start,
    Action.RESOLVE: _resolve,
    Action.DISMISS: _dismiss,
    Action.REOPEN: _reopen,
    Action.TRANSFER: _transfer,
    Action.ASSIGN: _assign,
    Action.CHECK: _check,
    Action.COMMENT: _comment,
}


def _confirmations(incident: Incident, pack: CityPack) -> int:
    of_list = (category.confirmations for category in pack.categories if category.id == incident.label)
    return next(of_list, pack.kind(incident.kind).confirmations)


def _clocked(incident: Incident, asked: _Asked) -> Incident:
    return set_clock(incident, asked.pack, from_utc=asked.at_utc)


def _acknowledged(incident: Incident, asked: _Asked) -> Incident:
    if incident.handling.acknowledged_at_utc is not None:
        return incident
    handling = replace(incident.handling, acknowledged_by=asked.command.by, acknowledged_at_utc=asked.at_utc)
    return replace(incident, handling=handling)


def _dismissed(asked: _Asked) -> Handling:
    reason = asked.command.reason
    if reason is None or reason is Reason.LAPSED:
        raise InvalidInput("say why: false_alarm, duplicate, exercise, planned_works or other")
    if reason is Reason.OTHER and not asked.command.text:
        raise InvalidInput("the reason 'other' needs a text that says which")
    return replace(asked.incident.handling, ended_at_utc=asked.at_utc, dismissed_because=reason)
