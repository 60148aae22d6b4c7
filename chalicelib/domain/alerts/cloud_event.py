"""The alert as CloudEvents 1.0 JSON: what every subscriber gets that asks for nothing else.

The envelope's fields are the specification's, https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any, Final, Literal

from chalicelib.domain.alerts.model import Alert

SCHEMA: Final = "urn:matpho:alert:1"
"""Counts up when a field goes or changes its meaning; new fields come without a word."""


@dataclass(frozen=True, slots=True)
class CloudEvent:
    """The envelope around an alert."""

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: Literal["application/json"]
    dataschema: Literal["urn:matpho:alert:1"]
    data: Alert


def cloud_event(alert: Alert) -> CloudEvent:
    """An alert in its envelope; `source` and `id` together are unique, the same when it is sent again."""
    return CloudEvent(
        specversion="1.0",
        id=alert.id,
        source=source_of(alert),
        type=f"matpho.incident.{alert.type.value}",
        subject=alert.incident,
        time=alert.hops.decided_at,
        datacontenttype="application/json",
        dataschema=SCHEMA,
        data=alert,
    )


def cloud_event_json(alert: Alert) -> str:
    return to_json(plain(cloud_event(alert)))


def source_of(alert: Alert) -> str:
    """Who speaks, in every form."""
    return f"/matpho/{alert.city.id}"


def plain(value: Any) -> Any:
    """A value of ours in JSON's types: objects by their fields, times in ISO 8601, tuples as lists."""
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value


def to_json(value: Mapping[str, Any]) -> str:
    """Compact JSON that keeps Vietnamese letters readable."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
