"""The alert as an NGSI-LD entity of FIWARE's Smart Data Models (dataModel.Alert), for a city's context broker.

One incident is one entity: a broker that upserts them holds what is so now, and `data` says which alert said it. No
watchlist entry goes in, because a broker tells whoever asks.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.alerts.cloud_event import plain, source_of
from chalicelib.domain.alerts.model import Alert, alert_of
from chalicelib.domain.alerts.standards import NGSI_SEVERITY, category
from chalicelib.domain.alerts.texts import details
from chalicelib.domain.city import CityPack
from chalicelib.domain.incidents import TimelineEvent

CONTEXT = (
    "https://smartdatamodels.org/context.jsonld",
    "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld",
)

Attribute = dict[str, Any]


def render_ngsi_ld(event: TimelineEvent, pack: CityPack) -> dict[str, Any]:
    """The alert of an event, the same each time; raises NotFound for one that nobody is told of."""
    return ngsi_ld(alert_of(event, pack))


def ngsi_ld(alert: Alert) -> dict[str, Any]:
    """A normalised entity; the attributes that have nothing to say are left out."""
    described = category(alert.kind)
    attributes: dict[str, Attribute | None] = {
        "name": _property(alert.headline.vi),
        "alternateName": _property(alert.headline.en),
        "description": _property("\n".join(details(alert, "vi"))),
        "category": _property(described.ngsi),
        "subCategory": _property(described.ngsi_sub) if described.ngsi_sub else None,
        "severity": _property(NGSI_SEVERITY[alert.severity]),
        "dateIssued": _time(alert.hops.decided_at),
        "validFrom": _time(alert.hops.first_captured_at),
        "validTo": _time(alert.hops.ended_at) if alert.hops.ended_at else None,
        "location": None if alert.is_everywhere else _point(alert),
        "address": _property({"addressLocality": alert.area.name, "addressRegion": alert.city.name.vi}),
        "source": _property(source_of(alert)),
        "alertSource": {"type": "Relationship", "object": _seen_by(alert)},
        "data": _property(plain(replace(alert, entry=""))),
    }
    known = {name: value for name, value in attributes.items() if value is not None}
    return {"id": _urn(alert.incident), "type": "Alert", **known, "@context": list(CONTEXT)}


def _urn(incident_id: str) -> str:
    return f"urn:ngsi-ld:Alert:{incident_id}"


def _seen_by(alert: Alert) -> str:
    """The first camera that saw it; what stands for many is the city's own word."""
    return f"urn:ngsi-ld:Device:{alert.cameras[0]}" if alert.cameras else f"urn:ngsi-ld:City:{alert.city.id}"


def _property(value: Any) -> Attribute:
    return {"type": "Property", "value": value}


def _time(at: datetime) -> Attribute:
    """NGSI-LD takes UTC alone, with a Z."""
    written = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return _property({"@type": "DateTime", "@value": written})


def _point(alert: Alert) -> Attribute:
    spot = [alert.location.longitude, alert.location.latitude]
    return {"type": "GeoProperty", "value": {"type": "Point", "coordinates": spot}}
