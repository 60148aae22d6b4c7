"""Incidents as people see them: searched, read, and with all that was ever done about them.

What no unit was told of yet is a candidate, and only those who judge candidates see it: to all others it isn't there.
"""

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from chalicelib import bootstrap
from chalicelib.api import scopes
from chalicelib.api.endpoints import Call, Routes
from chalicelib.api.fields import AreaId, CameraId, IncidentId, Instant, Kind, PageQuery, UnitId
from chalicelib.api.incident_views import IncidentPage, IncidentView, Timeline
from chalicelib.api.paging import after, cursor
from chalicelib.domain.city import CityPack
from chalicelib.domain.incidents import Incident
from chalicelib.domain.lifecycle import LIVE, Status
from chalicelib.domain.permissions import Permission, may
from chalicelib.errors import InvalidInput, NotFound

MOST_LOOKED_AT = 2_000
"""Incidents that one request goes through; a page may end before it is full, and its cursor goes on from there."""

routes = Routes("incidents")


class IncidentQuery(PageQuery):
    """All filters must fit. Several values of one are alternatives."""

    changed_from: Instant | None = None
    changed_until: Instant | None = None
    seen_from: Instant | None = Field(default=None, description="Last seen then or later.")
    kind: tuple[Kind, ...] = ()
    status: tuple[Status, ...] = ()
    area: AreaId | None = None
    camera: CameraId | None = None
    unit: UnitId | None = None


@routes.get("/incidents", needs=Permission.INCIDENT_READ)
def list_incidents(call: Call, query: IncidentQuery) -> IncidentPage:
    """The incidents of your areas, kinds and units, the last change first.

    A page may be short, or empty, before the end: `next` says whether there is more.
    """
    pack = bootstrap.city_packs().current()
    found: list[Incident] = []
    reached = _start(query)
    for count, incident in enumerate(_changed(query, reached)):
        if len(found) == query.limit or count == MOST_LOOKED_AT:
            return IncidentPage.of(found, call, pack, following=cursor(query, reached.word()))
        reached = reached.past(incident)
        if _fits(incident, query) and is_visible(call, pack, incident):
            found.append(incident)
    return IncidentPage.of(found, call, pack, following=None)


@routes.get("/incidents/{incident_id}", needs=Permission.INCIDENT_READ)
def read_incident(call: Call, incident_id: IncidentId) -> IncidentView:
    """One incident as it is now."""
    pack = bootstrap.city_packs().current()
    return IncidentView.of(require_incident(call, pack, incident_id), call.actor, pack)


@routes.get("/incidents/{incident_id}/timeline", needs=Permission.INCIDENT_READ)
def read_timeline(call: Call, incident_id: IncidentId) -> Timeline:
    """Every change of an incident, numbered from 1; `told` went out to the units."""
    pack = bootstrap.city_packs().current()
    incident = require_incident(call, pack, incident_id)
    return Timeline.of(incident, call.actor, bootstrap.incidents().timeline(incident.id))


def require_incident(call: Call, pack: CityPack, incident_id: str) -> Incident:
    """An incident that the asker may see; raises NotFound, and in the same words where it is another's."""
    incident = bootstrap.incidents().get(incident_id)
    if incident is None or not is_visible(call, pack, incident):
        raise NotFound(f"there is no incident {incident_id!r}")
    return incident


def is_visible(call: Call, pack: CityPack, incident: Incident) -> bool:
    scope = scopes.of_incident(pack, incident)
    is_candidate = incident.last_told is None
    return call.reaches(scope) and (not is_candidate or may(call.actor, Permission.CANDIDATE_REVIEW, scope))


class _Reached:
    """How far a list was gone through: an instant, and what has been passed of that very instant."""

    def __init__(self, at_utc: datetime, passed: tuple[str, ...] = ()) -> None:
        self.at_utc = at_utc
        self.passed = passed

    def past(self, incident: Incident) -> "_Reached":
        same = self.passed if incident.changed_at_utc == self.at_utc else ()
        return _Reached(incident.changed_at_utc, (*same, incident.id))

    def word(self) -> list[str]:
        return [self.at_utc.isoformat(), *self.passed]


def _start(query: IncidentQuery) -> _Reached:
    position = after(query)
    if position is None:
        return _Reached(query.changed_until or bootstrap.clock())
    try:
        at, *passed = position
        return _Reached(datetime.fromisoformat(at), tuple(map(str, passed)))
    except (ValueError, TypeError) as error:
        raise InvalidInput("the cursor is none of ours") from error


def _changed(query: IncidentQuery, start: _Reached) -> Iterator[Incident]:
    for incident in _last_change_first(query, start.at_utc):
        if query.changed_from is not None and incident.changed_at_utc < query.changed_from:
            return
        if incident.id not in start.passed:
            yield incident


def _last_change_first(query: IncidentQuery, until_utc: datetime) -> Iterator[Incident]:
    """Of those that are live there are few, and every board asks for them all the time; of the past there are years."""
    incidents = bootstrap.incidents()
    if not query.status or not LIVE.issuperset(query.status):
        return incidents.changed_until(until_utc)
    live = (one for one in incidents.live() if one.changed_at_utc <= until_utc)
    return iter(sorted(live, key=lambda one: one.changed_at_utc, reverse=True))


def _fits(incident: Incident, query: IncidentQuery) -> bool:
    return (
        (not query.kind or incident.kind in query.kind)
        and (not query.status or incident.status in query.status)
        and query.area in (None, incident.place.area_id)
        and (query.camera is None or query.camera in incident.camera_ids)
        and (query.unit is None or query.unit in incident.routed.units)
        and (query.seen_from is None or incident.last_seen_utc >= query.seen_from)
    )
