"""Who hears of it, and in plain words why: routes by role and area.

The operations centre hears of everything. What reaches nobody else goes to the desk for unrouted incidents, so that a
hole in the city pack is somebody's work and not silence.
"""

from collections.abc import Sequence

from chalicelib.domain.city import EVERYWHERE, Area, CityPack, Route, Unit
from chalicelib.domain.incidents import Routed
from chalicelib.domain.severity import at_least

OPERATIONS_CENTRE = "ioc"
UNROUTED_DESK = "unrouted"
"""Roles that every city pack must fill."""


def route(pack: CityPack, *, kind: str, area: Area, severity: str) -> Routed:
    """The units for an incident in the pack's order, the operations centre first, and one reason for each."""
    routes = [one for one in pack.routes if _applies(one, kind, area, severity)]
    sent = [(unit.id, reason) for unit in pack.units if (reason := _reason(unit, routes, area))]
    if not sent:
        reason = f"no route for {kind} of severity {severity} reaches a unit in {area.name}"
        sent = [(unit.id, reason) for unit in pack.units if unit.role == UNROUTED_DESK]
    everything = "the operations centre hears of everything"
    centre = [(unit.id, everything) for unit in pack.units if unit.role == OPERATIONS_CENTRE]
    units, reasons = zip(*centre, *sent, strict=True)
    return Routed(units, reasons)


def is_unrouted(pack: CityPack, routed: Routed) -> bool:
    """Whether it went to the desk for what no route sends to a unit."""
    return any(unit.role == UNROUTED_DESK and unit.id in routed.units for unit in pack.units)


def _applies(one: Route, kind: str, area: Area, severity: str) -> bool:
    here = EVERYWHERE in one.areas or area.id in one.areas
    return here and kind in one.kinds and at_least(severity, one.min_severity)


def _reason(unit: Unit, routes: Sequence[Route], area: Area) -> str | None:
    if unit.role == OPERATIONS_CENTRE or not unit.covers(area.id):
        return None
    first = next((one for one in routes if unit.role in one.roles), None)
    return None if first is None else f"route {first.id}: role {unit.role} covers {area.name}"
