"""An alert in the standards' own forms, for systems that pass warnings on or keep a city's context.

Each is made anew from the timeline, so it says what was sent then, on the city pack of now.
"""

from collections.abc import Mapping
from typing import Any

from chalicelib import bootstrap
from chalicelib.api.endpoints import Call, Routes
from chalicelib.api.fields import EventNumber, IncidentId
from chalicelib.api.incidents import require_incident
from chalicelib.domain.alerts.cap import render_cap
from chalicelib.domain.alerts.ngsi_ld import render_ngsi_ld
from chalicelib.domain.city import CityPack
from chalicelib.domain.incidents import TimelineEvent
from chalicelib.domain.permissions import Permission
from chalicelib.errors import NotFound

CAP = "application/cap+xml"
NGSI_LD = "application/ld+json"

routes = Routes("alerts")


@routes.get("/incidents/{incident_id}/alerts/{number}/cap", needs=Permission.INCIDENT_READ, media_type=CAP)
def read_alert_as_cap(call: Call, incident_id: IncidentId, number: EventNumber) -> str:
    """An alert as CAP 1.2 XML, by the number of its event in the timeline."""
    pack = bootstrap.city_packs().current()
    return render_cap(_require_event(call, pack, incident_id, number), pack).decode()


@routes.get("/incidents/{incident_id}/alerts/{number}/ngsi-ld", needs=Permission.INCIDENT_READ, media_type=NGSI_LD)
def read_alert_as_ngsi_ld(call: Call, incident_id: IncidentId, number: EventNumber) -> Mapping[str, Any]:
    """An alert as an NGSI-LD entity, by the number of its event in the timeline."""
    pack = bootstrap.city_packs().current()
    return render_ngsi_ld(_require_event(call, pack, incident_id, number), pack)


def _require_event(call: Call, pack: CityPack, incident_id: str, number: int) -> TimelineEvent:
    incident = require_incident(call, pack, incident_id)
    for event in bootstrap.incidents().timeline(incident.id):
        if event.number == number:
            return event
    raise NotFound(f"incident {incident.id!r} has no event {number}")
