"""What people do with incidents: one command at a time, on the version they saw, and once however often it is sent."""

from enum import StrEnum

from pydantic import Field

from chalicelib import bootstrap
from chalicelib.api.endpoints import Call, Routes, Strict
from chalicelib.api.fields import IncidentId, UnitId
from chalicelib.api.incident_views import JUDGING, IncidentView
from chalicelib.api.incidents import require_incident
from chalicelib.api.problems import refusal
from chalicelib.domain.handled import Command
from chalicelib.domain.incidents import Reason
from chalicelib.domain.lifecycle import BY_PEOPLE, Action
from chalicelib.domain.permissions import Permission
from chalicelib.errors import StaleVersion, WrongState

routes = Routes("incidents")

Handling = StrEnum("Handling", {one.name: one.value for one in Action if one in BY_PEOPLE - JUDGING})  # type: ignore[misc]  # mypy wants the names written out
"""The actions of those who handle incidents."""


class CommandWish(Strict):
    """What to do. `transfer` needs `units`, `assign` an `assignee`, `check` a `step`, `dismiss` a `reason`."""

    action: Handling
    version: int = Field(ge=1, description="Of the incident as you saw it.")
    text: str = Field(default="", max_length=2000)
    reason: Reason | None = None
    units: tuple[UnitId, ...] = Field(default=(), max_length=50)
    assignee: str = Field(default="", max_length=200)
    step: str = Field(default="", max_length=64)


class ReviewWish(Strict):
    """One person's word on a candidate; a rejection needs a `reason`."""

    confirmed: bool
    version: int = Field(ge=1, description="Of the incident as you saw it.")
    reason: Reason | None = None
    text: str = Field(default="", max_length=2000)


@routes.post("/incidents/{incident_id}/commands", needs=Permission.INCIDENT_COMMAND, keyed=True)
def command_incident(call: Call, incident_id: IncidentId, body: CommandWish) -> IncidentView:
    """Acknowledge, start, transfer, assign, check, comment, resolve, dismiss or reopen.

    Answers the incident as it became. On another version than you saw, or in a status that doesn't allow it, nothing is
    changed and the answer is a 409 with the incident as it is now.
    """
    return _obey(
        call,
        incident_id,
        Command(
            Action(body.action.value),
            by=call.actor.subject,
            version=body.version,
            key=call.key,
            text=body.text,
            reason=body.reason,
            units=body.units,
            assignee=body.assignee,
            step=body.step,
        ),
    )


@routes.post("/incidents/{incident_id}/reviews", needs=Permission.CANDIDATE_REVIEW, keyed=True)
def review_candidate(call: Call, incident_id: IncidentId, body: ReviewWish) -> IncidentView:
    """Confirm a candidate, or reject it with a reason.

    Units hear of it only when as many different people confirmed it as its kind wants; one rejection ends it.
    """
    action = Action.CONFIRM if body.confirmed else Action.REJECT
    asked = Command(action, call.actor.subject, body.version, call.key, text=body.text, reason=body.reason)
    return _obey(call, incident_id, asked)


def _obey(call: Call, incident_id: str, command: Command) -> IncidentView:
    pack = bootstrap.city_packs().current()
    require_incident(call, pack, incident_id)
    try:
        after = bootstrap.command_incident()(incident_id, command)
    except (StaleVersion, WrongState) as error:
        now = require_incident(call, pack, incident_id)
        raise refusal(error, current=IncidentView.of(now, call.actor, pack)) from error
    return IncidentView.of(after, call.actor, pack)
