"""Who may do what, and on whose ground: one table, and the one rule that reads it.

What the table does not grant is denied. docs/api.md shows it to people, and a test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.city import EVERYWHERE
from chalicelib.domain.people import EVERY_KIND, Actor, Grant, Role


class Permission(StrEnum):
    """What can be done, as `thing.deed`."""

    PROFILE_READ = "profile.read"
    CITY_READ = "city.read"
    CITY_APPLY = "city.apply"
    CAMERA_READ = "camera.read"
    CAMERA_EDIT = "camera.edit"
    FRAME_GRANT = "frame.grant"
    READING_READ = "reading.read"
    STATISTICS_READ = "statistics.read"
    INCIDENT_READ = "incident.read"
    INCIDENT_COMMAND = "incident.command"
    CANDIDATE_REVIEW = "candidate.review"
    EVIDENCE_VIEW = "evidence.view"
    EVIDENCE_VIEW_ORIGINAL = "evidence.view_original"
    EVIDENCE_HOLD = "evidence.hold"
    WATCHLIST_READ = "watchlist.read"
    WATCHLIST_REQUEST = "watchlist.request"
    WATCHLIST_APPROVE = "watchlist.approve"
    AUTHORISATION_READ = "authorisation.read"
    AUTHORISATION_REQUEST = "authorisation.request"
    AUTHORISATION_APPROVE = "authorisation.approve"
    SUBJECT_REQUEST = "subject.request"
    AUDIT_READ = "audit.read"


_WARD, _CITY, _REVIEWER, _IOC, _UNIT, _GATEWAY, _CAMERAS, _DPO, _ADMINISTRATOR = Role
_OFFICERS = frozenset({_WARD, _CITY})
_RESPONDERS = _OFFICERS | {_IOC, _UNIT}
_PEOPLE = frozenset(Role) - {_GATEWAY}

GRANTED: Mapping[Permission, frozenset[Role]] = {
    Permission.PROFILE_READ: _PEOPLE,
    Permission.CITY_READ: _PEOPLE,
    Permission.CITY_APPLY: frozenset({_ADMINISTRATOR}),
    Permission.CAMERA_READ: _PEOPLE,
    Permission.CAMERA_EDIT: frozenset({_CAMERAS, _ADMINISTRATOR}),
    Permission.FRAME_GRANT: frozenset({_GATEWAY}),
    Permission.READING_READ: _RESPONDERS | {_CAMERAS, _ADMINISTRATOR},
    Permission.STATISTICS_READ: _RESPONDERS | {_DPO, _ADMINISTRATOR},
    Permission.INCIDENT_READ: _RESPONDERS | {_REVIEWER, _DPO},
    Permission.INCIDENT_COMMAND: _RESPONDERS,
    # People who were trained for it, whatever else they are: an officer who may review is made a reviewer, too.
    Permission.CANDIDATE_REVIEW: frozenset({_REVIEWER}),
    Permission.EVIDENCE_VIEW: _RESPONDERS | {_REVIEWER, _DPO},
    Permission.EVIDENCE_VIEW_ORIGINAL: frozenset({_CITY, _REVIEWER, _DPO}),
    Permission.EVIDENCE_HOLD: frozenset({_CITY, _DPO}),
    Permission.WATCHLIST_READ: _OFFICERS | {_REVIEWER, _DPO},
    Permission.WATCHLIST_REQUEST: _OFFICERS,
    Permission.WATCHLIST_APPROVE: frozenset({_CITY}),
    Permission.AUTHORISATION_READ: _OFFICERS | {_REVIEWER, _DPO},
    Permission.AUTHORISATION_REQUEST: _OFFICERS,
    Permission.AUTHORISATION_APPROVE: frozenset({_CITY}),
    Permission.SUBJECT_REQUEST: frozenset({_DPO}),
    Permission.AUDIT_READ: frozenset({_DPO}),
}
"""The roles of each permission. Whoever administers the system sees no incident, and whoever watches over it acts on
none. That two deeds need two people (request and approve, the two confirmations) is the flows' to hold."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What something is about: its area and those which that is part of, its kind, its units, its camera.

    `units` is None for what is not sent to units at all, such as a camera.
    """

    areas: tuple[str, ...]
    kind: str | None = None
    units: tuple[str, ...] | None = None
    camera: str | None = None


def may(actor: Actor, permission: Permission, on: Scope | None = None) -> bool:
    """Whether somebody may do something here, or, without a scope, anywhere at all."""
    granting = [grant for grant in actor.grants if grant.role in GRANTED[permission]]
    return bool(granting) if on is None else any(_reaches(actor, grant, on) for grant in granting)


def permissions_of(actor: Actor) -> tuple[Permission, ...]:
    """Everything that somebody may do somewhere."""
    return tuple(one for one in Permission if may(actor, one))


def _reaches(actor: Actor, grant: Grant, on: Scope) -> bool:
    in_area = grant.area == EVERYWHERE or grant.area in on.areas
    of_kind = on.kind is None or grant.kind in (EVERY_KIND, on.kind)
    return in_area and of_kind and _concerns(actor, grant.role, on)


def _concerns(actor: Actor, role: Role, on: Scope) -> bool:
    """A unit's people see what was sent to their unit, a gateway its own cameras."""
    if role is Role.UNIT_OPERATOR and on.units is not None:
        return not actor.units.isdisjoint(on.units)
    if role is Role.GATEWAY:
        return on.camera in actor.cameras
    return True
