"""An alert: what a timeline event means to the units, rendered from one model to every form it goes out in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.city import CityPack
from chalicelib.domain.incidents import EventType, Incident, TimelineEvent

SMS_LIMIT_UCS2 = 70
"""Characters of one SMS when any of them is outside GSM 03.38, as Vietnamese letters are."""

ALERT_TYPES = {
    EventType.OPENED: "opened",
    EventType.CONFIRMED: "opened",
    EventType.REOPENED: "opened",
    EventType.UPDATED: "updated",
    EventType.JOINED: "updated",
    EventType.STARTED: "updated",
    EventType.TRANSFERRED: "updated",
    EventType.ESCALATED: "escalated",
    EventType.UNANSWERED: "escalated",
    EventType.ACKNOWLEDGED: "acknowledged",
    EventType.RESOLVED: "resolved",
    EventType.DISMISSED: "cancelled",
}
"""What each event that is told means to the units."""

_VERB_VI = {
    "opened": "MỚI",
    "updated": "TIẾP DIỄN",
    "escalated": "CHƯA AI NHẬN",
    "acknowledged": "ĐÃ NHẬN",
    "resolved": "ĐÃ HẾT",
    "cancelled": "HỦY",
}
_VERB_EN = {
    "opened": "NEW",
    "updated": "GOING ON",
    "escalated": "UNANSWERED",
    "acknowledged": "ACKNOWLEDGED",
    "resolved": "OVER",
    "cancelled": "CANCELLED",
}


@dataclass(frozen=True, slots=True)
class Alert:
    """One message to the units: `id` is the same however often it is sent; `body` is a CloudEvents 1.0 object."""

    id: str
    type: str
    kind: str
    severity: str
    area: str
    units: tuple[str, ...]
    subject_line: str
    body: Mapping[str, Any]
    sms: str
    email: str


def render_alert(event: TimelineEvent, pack: CityPack, *, published_at_utc: datetime) -> Alert:
    """Render an event for the units. It names frames by key and digest only: no image, nothing biometric."""
    incident = event.incident
    policy = pack.kind(incident.kind)
    headline_vi = f"{_VERB_VI[ALERT_TYPES[event.type]]}: {policy.name_vi} - {incident.place.area_name}"
    headline_en = f"{_VERB_EN[ALERT_TYPES[event.type]]}: {policy.name_en} - {incident.place.area_name}"
    return Alert(
        id=event.id,
        type=ALERT_TYPES[event.type],
        kind=incident.kind,
        severity=incident.severity,
        area=incident.place.area_id,
        units=incident.routed.units,
        subject_line=f"[{incident.severity}] {incident.kind} {incident.place.area_id}"[:100],
        body=_cloud_event(event, pack, headline_vi, headline_en, published_at_utc),
        sms=_sms(headline_vi, incident, pack),
        email=_email(event, pack, headline_vi, headline_en),
    )


def to_json(value: Mapping[str, Any]) -> str:
    """Compact JSON that keeps Vietnamese letters readable."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _cloud_event(
    event: TimelineEvent, pack: CityPack, headline_vi: str, headline_en: str, published_at_utc: datetime
) -> dict[str, Any]:
    incident = event.incident
    return {
        "specversion": "1.0",
        "id": event.id,
        "source": f"/matpho/{pack.id}",
        "type": f"matpho.incident.{ALERT_TYPES[event.type]}",
        "subject": incident.id,
        "time": event.at_utc.isoformat(),
        "datacontenttype": "application/json",
        "data": {
            "incident": incident.id,
            "sequence": event.number,
            "type": ALERT_TYPES[event.type],
            "kind": incident.kind,
            "label": incident.label,
            "severity": incident.severity,
            "status": incident.status.value,
            "headline": {"vi": headline_vi, "en": headline_en},
            "cameras": list(incident.camera_ids),
            "area": {"id": incident.place.area_id, "name": incident.place.area_name},
            "location": {"latitude": incident.place.latitude, "longitude": incident.place.longitude},
            "units": list(incident.routed.units),
            "routed_because": list(incident.routed.reasons),
            "evidence": [{"frame": one.frame_key, "sha256": one.sha256} for one in incident.evidence],
            "link": f"/incidents/{incident.id}",
            "hops": _hops(event, published_at_utc),
        },
    }


def _hops(event: TimelineEvent, published_at_utc: datetime) -> dict[str, str]:
    incident = event.incident
    return {
        "first_captured_at": incident.first_seen_utc.isoformat(),
        "last_captured_at": incident.last_seen_utc.isoformat(),
        "decided_at": event.at_utc.isoformat(),
        "published_at": published_at_utc.isoformat(),
    }


def _sms(headline_vi: str, incident: Incident, pack: CityPack) -> str:
    """The headline and local time, cut to one SMS so that no part arrives without the other."""
    tail = f" {incident.first_seen_utc.astimezone(ZoneInfo(pack.timezone)):%H:%M}"
    return headline_vi[: SMS_LIMIT_UCS2 - len(tail)] + tail


def _email(event: TimelineEvent, pack: CityPack, headline_vi: str, headline_en: str) -> str:
    incident = event.incident
    seen = f"{incident.first_seen_utc.astimezone(ZoneInfo(pack.timezone)):%d/%m/%Y %H:%M:%S}"
    cameras = ", ".join(_camera_name(pack, camera_id) for camera_id in incident.camera_ids)
    vietnamese = (headline_vi, f"Camera: {cameras}", f"Thấy lúc: {seen}", f"Mức độ: {incident.severity}")
    english = (headline_en, f"Camera: {cameras}", f"Seen at: {seen}", f"Severity: {incident.severity}")
    return "\n".join((*vietnamese, "", *english, "", f"Mã sự việc / incident: {incident.id}", ""))


def _camera_name(pack: CityPack, camera_id: str) -> str:
    camera = pack.camera(camera_id)
    return f"{camera.name} ({camera_id})" if camera else camera_id
