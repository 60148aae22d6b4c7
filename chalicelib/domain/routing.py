"""Who hears of it, and in plain words why: routes by kind, area, severity and time, units by role and area.

The operations centre hears of everything. What reaches nobody else goes to the desk for unrouted incidents, so that a
hole in the city pack is somebody's work and not silence. An exercise reaches only those who take part in drills.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.city import EVERYWHERE, Area, CityPack, Hours, Route, Unit
from chalicelib.domain.hours import covers
from chalicelib.domain.incidents import Routed
from chalicelib.domain.severity import at_least

OPERATIONS_CENTRE = "ioc"
UNROUTED_DESK = "unrouted"
"""Roles that every city pack must fill."""


@dataclass(frozen=True, slots=True)
class RouteTried:
    """What one route made of an incident: the units it sends it to, or none and why."""

    route_id: str
    applies: bool
    because: str
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every route in the pack's order, and what came of them all."""

    tried: tuple[RouteTried, ...]
    routed: Routed


def route(pack: CityPack, *, kind: str, area: Area, severity: str, at_utc: datetime, exercise: bool = False) -> Routed:
    """The units for an incident, the operations centre first and then in the pack's order, with a reason for each."""
    case = _Case(kind, area, severity, pack.local_time(at_utc))
    routes = [one for one in pack.routes if _obstacle(one, case) is None]
    sent = {unit.id: reason for unit in pack.units if (reason := _reason(unit, routes, area))}
    if not sent:
        reason = f"no route for {kind} of severity {severity} reaches a unit in {area.name}"
        sent = {unit.id: reason for unit in pack.units if unit.role == UNROUTED_DESK}
    centre = {unit.id: "the operations centre hears of everything" for unit in pack.units if _is_centre(unit)}
    return _in_order(pack, _drilling(pack, sent | centre) if exercise else sent | centre)


def is_unrouted(pack: CityPack, routed: Routed) -> bool:
    """Whether it went to the desk for what no route sends to a unit."""
    return any(unit.role == UNROUTED_DESK and unit.id in routed.units for unit in pack.units)


def units_of_roles(pack: CityPack, roles: Collection[str], area: Area, *, exercise: bool = False) -> tuple[str, ...]:
    """The units in one of the roles that are competent in an area, in the pack's order; in drills those that drill."""
    competent = (unit for unit in pack.units if unit.role in roles and unit.covers(area.id))
    return tuple(unit.id for unit in competent if unit.drills or not exercise)


def widen(pack: CityPack, routed: Routed, unit_ids: Collection[str], reason: str) -> Routed:
    """Call further units in for a reason; who was called before keeps the reason of then."""
    known = dict(zip(routed.units, routed.reasons, strict=True))
    return _in_order(pack, dict.fromkeys(unit_ids, reason) | known)


def merge(pack: CityPack, routed: Routed, more: Routed) -> Routed:
    """Everybody of both; who was called before keeps the reason of then."""
    known = dict(zip(more.units, more.reasons, strict=True)) | dict(zip(routed.units, routed.reasons, strict=True))
    return _in_order(pack, known)


def explain(pack: CityPack, *, kind: str, area: Area, severity: str, at_utc: datetime) -> Explanation:
    """Say of every route whether it applied, and if not which of its conditions stood in the way."""
    case = _Case(kind, area, severity, pack.local_time(at_utc))
    tried = tuple(_try(pack, one, case) for one in pack.routes)
    return Explanation(tried, route(pack, kind=kind, area=area, severity=severity, at_utc=at_utc))


@dataclass(frozen=True, slots=True)
class _Case:
    """What is held against each route; `local` is the city's clock."""

    kind: str
    area: Area
    severity: str
    local: datetime


def _obstacle(one: Route, case: _Case) -> str | None:
    """The first of a route's conditions that isn't met, None when it applies."""
    if case.kind not in one.kinds:
        return f"it is for {', '.join(one.kinds)}"
    if not (EVERYWHERE in one.areas or case.area.id in one.areas):
        return f"it doesn't hold in {case.area.name}"
    if not at_least(case.severity, one.min_severity):
        return f"it begins at severity {one.min_severity}"
    if one.hours is not None and not covers(one.hours, case.local):
        return f"it holds {_told(one.hours)}, not on {case.local:%a %H:%M}"
    return None


def _reason(unit: Unit, routes: Sequence[Route], area: Area) -> str | None:
    if _is_centre(unit) or not unit.covers(area.id):
        return None
    first = next((one for one in routes if unit.role in one.roles), None)
    return None if first is None else f"route {first.id}: role {unit.role} covers {area.name}"


def _try(pack: CityPack, one: Route, case: _Case) -> RouteTried:
    obstacle = _obstacle(one, case)
    if obstacle is not None:
        return RouteTried(one.id, applies=False, because=obstacle)
    units = units_of_roles(pack, one.roles, case.area)
    nobody = "" if units else f", but no such unit covers {case.area.name}"
    return RouteTried(one.id, applies=True, because=f"it calls {', '.join(one.roles)}{nobody}", units=units)


def _drilling(pack: CityPack, reasons: dict[str, str]) -> dict[str, str]:
    return {unit.id: reasons[unit.id] for unit in pack.units if unit.drills and unit.id in reasons}


def _in_order(pack: CityPack, reasons: dict[str, str]) -> Routed:
    """The operations centre first, then as the pack lists them, and last those that it doesn't know any more."""
    listed = sorted(pack.units, key=lambda unit: not _is_centre(unit))
    order = [unit.id for unit in listed if unit.id in reasons]
    units = (*order, *(unit_id for unit_id in reasons if unit_id not in order))
    return Routed(units, tuple(reasons[unit_id] for unit_id in units))


def _is_centre(unit: Unit) -> bool:
    return unit.role == OPERATIONS_CENTRE


def _told(hours: Hours) -> str:
    return f"{' '.join(hours.days)} {hours.start:%H:%M}-{hours.until:%H:%M}"
