"""The alert as CAP 1.2 XML, for systems that pass warnings on.

It goes to the units by name and to nobody else (scope Private). An alert that takes the place of an earlier one refers
to it; who reads only the newest has the whole. The elements stand in the order of the specification:
https://docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2-os.html
"""

from collections.abc import Iterator
from datetime import datetime
from xml.etree import ElementTree as ET

from chalicelib.domain.alerts.cloud_event import source_of
from chalicelib.domain.alerts.model import Alert, alert_of
from chalicelib.domain.alerts.standards import category
from chalicelib.domain.alerts.texts import details, local, steps
from chalicelib.domain.alerts.words import NOT_REAL, AlertType, Language
from chalicelib.domain.city import CityPack
from chalicelib.domain.incidents import Reason, TimelineEvent
from chalicelib.domain.lifecycle import Status
from chalicelib.domain.severity import at_least

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
RADIUS_KM = 0.1
"""About as far as a street camera sees."""

_LANGUAGES: tuple[tuple[Language, str], ...] = (("vi", "vi-VN"), ("en", "en-US"))


def render_cap(event: TimelineEvent, pack: CityPack) -> bytes:
    """The alert of an event, the same bytes each time; raises NotFound for one that nobody is told of."""
    return cap(alert_of(event, pack))


def cap(alert: Alert) -> bytes:
    """UTF-8 with a declaration."""
    root = ET.Element("alert", {"xmlns": NAMESPACE})
    _add(root, "identifier", alert.id)
    _add(root, "sender", _sender(alert))
    _add(root, "sent", _time(alert, alert.hops.decided_at))
    _add(root, "status", "Exercise" if alert.exercise else "Actual")
    _add(root, "msgType", _message_type(alert))
    _add(root, "scope", "Private")
    _add(root, "addresses", " ".join(alert.audience))
    _add(root, "note", f"{NOT_REAL.vi} {NOT_REAL.en}" if alert.exercise else None)
    _add(root, "references", _references(alert))
    _add(root, "incidents", " ".join(filter(None, (alert.incident, alert.parent))))
    for language, tag in _LANGUAGES:
        _add_info(root, alert, language, tag)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add_info(root: ET.Element, alert: Alert, language: Language, tag: str) -> None:
    info = ET.SubElement(root, "info")
    _add(info, "language", tag)
    _add(info, "category", category(alert.kind).cap)
    _add(info, "event", alert.kind_name.say(language))
    _add(info, "responseType", _response(alert))
    _add(info, "urgency", _urgency(alert))
    _add(info, "severity", alert.severity.capitalize())
    _add(info, "certainty", _certainty(alert))
    _add_pair(info, "eventCode", "kind", alert.kind)
    _add(info, "onset", _time(alert, alert.hops.first_captured_at))
    _add(info, "expires", _expires(alert))
    _add(info, "senderName", alert.city.name.say(language))
    _add(info, "headline", alert.headline.say(language))
    _add(info, "description", "\n".join(details(alert, language)))
    _add(info, "instruction", "\n".join(steps(alert, language)) or None)
    for name, value in _parameters(alert):
        if value:
            _add_pair(info, "parameter", name, value)
    _add_area(info, alert)


def _add_area(info: ET.Element, alert: Alert) -> None:
    area = ET.SubElement(info, "area")
    _add(area, "areaDesc", alert.area.name)
    if not alert.is_everywhere:
        _add(area, "circle", f"{alert.location.latitude:.6f},{alert.location.longitude:.6f} {RADIUS_KM}")
    _add_pair(area, "geocode", "area", alert.area.id)
    _add_pair(area, "geocode", "area_code", alert.area.code)


def _parameters(alert: Alert) -> Iterator[tuple[str, str]]:
    """What CAP has no element for, under the names of the CloudEvent's fields; empty where there is nothing to say."""
    yield "type", alert.type.value
    yield "event", alert.event
    yield "status", alert.status.value
    yield "sequence", str(alert.sequence)
    yield "level", str(alert.level)
    yield "children", str(alert.children)
    yield "label", alert.label
    yield "cameras", " ".join(alert.cameras)
    for name in ("last_captured_at", "opened_at", "acknowledged_at", "ended_at"):
        at: datetime | None = getattr(alert.hops, name)
        yield name, _time(alert, at) if at else ""


def _sender(alert: Alert) -> str:
    return source_of(alert).lstrip("/")


def _message_type(alert: Alert) -> str:
    if alert.previous is None:
        return "Alert"
    return "Cancel" if alert.type is AlertType.CANCELLED else "Update"


def _references(alert: Alert) -> str | None:
    before = alert.previous
    return ",".join((_sender(alert), before.id, _time(alert, before.decided_at))) if before else None


def _response(alert: Alert) -> str:
    """`Execute` is for what the instruction lists, `Assess` where there is no procedure."""
    match alert.type:
        case AlertType.RESOLVED:
            return "AllClear"
        case AlertType.CANCELLED:
            return "None"
        case AlertType.ACKNOWLEDGED:
            return "Monitor"
    return "Execute" if alert.checklist else "Assess"


def _urgency(alert: Alert) -> str:
    if alert.type in {AlertType.RESOLVED, AlertType.CANCELLED}:
        return "Past"
    return "Immediate" if at_least(alert.severity, "severe") else "Expected"


def _certainty(alert: Alert) -> str:
    """What only cameras saw is likely; observed is what people confirmed or work on."""
    if alert.dismissed_because is Reason.FALSE_ALARM:
        return "Unlikely"
    return "Observed" if alert.entry or alert.status is Status.IN_PROGRESS else "Likely"


def _expires(alert: Alert) -> str | None:
    """When the next alert comes at the latest, unless that has passed already."""
    due = alert.due_at
    return _time(alert, due) if due and due > alert.hops.decided_at else None


def _time(alert: Alert, at: datetime) -> str:
    """On the city's clock to the second; CAP wants UTC itself written as -00:00."""
    return local(alert, at).isoformat(timespec="seconds").replace("+00:00", "-00:00")


def _add(parent: ET.Element, tag: str, text: str | None) -> None:
    """Optional elements are left out, never empty."""
    if text is not None:
        ET.SubElement(parent, tag).text = text


def _add_pair(parent: ET.Element, tag: str, name: str, value: str) -> None:
    pair = ET.SubElement(parent, tag)
    _add(pair, "valueName", name)
    _add(pair, "value", value)
