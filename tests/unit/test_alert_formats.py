"""Every format says the same: what is read back from it is the alert it was written from."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from cloudevents.core.formats.json import JSONFormat
from defusedxml import ElementTree
from hypothesis import given
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter

from chalicelib.domain.alerts.cap import NAMESPACE, cap
from chalicelib.domain.alerts.cloud_event import CloudEvent, cloud_event, cloud_event_json
from chalicelib.domain.alerts.model import Alert, alert_of
from chalicelib.domain.alerts.ngsi_ld import ngsi_ld, render_ngsi_ld
from chalicelib.domain.alerts.standards import NGSI_SEVERITY
from chalicelib.domain.alerts.texts import SMS_LIMIT_UCS2, email, sms
from chalicelib.domain.alerts.words import NOT_REAL
from chalicelib.domain.incidents import Told
from ops.alert_schema import PUBLISHED, schema_text
from tests.unit.any_alerts import alerts, calm
from tests.unit.happenings import PACK, START, opened

EVENTS = TypeAdapter(CloudEvent)
SCHEMA = Draft202012Validator(
    json.loads(PUBLISHED.read_text("utf-8")), format_checker=Draft202012Validator.FORMAT_CHECKER
)


@dataclass(frozen=True)
class Gist:
    """What no format may leave out or change; times to the second, because CAP has no finer ones."""

    id: str
    type: str
    kind: str
    severity: str
    exercise: bool
    area: str
    spot: tuple[float, float] | None
    decided: datetime
    first_captured: datetime
    previous: str | None


def gist_of(alert: Alert) -> Gist:
    spot = (round(alert.location.latitude, 6), round(alert.location.longitude, 6))
    return Gist(
        alert.id,
        alert.type.value,
        alert.kind,
        alert.severity,
        alert.exercise,
        alert.area.name,
        None if alert.is_everywhere else spot,
        alert.hops.decided_at.replace(microsecond=0),
        alert.hops.first_captured_at.replace(microsecond=0),
        alert.previous.id if alert.previous else None,
    )


def read_cloud_event(alert: Alert) -> Gist:
    """By the specification's own SDK, and then by the types that the schema is made from."""
    written = cloud_event_json(alert)
    sdk = JSONFormat().read(None, written.encode())
    event = EVENTS.validate_json(written)
    assert (sdk.get_id(), sdk.get_specversion()) == (event.id, event.specversion)
    assert sdk.get_time() == event.time
    return gist_of(event.data)


def read_cap(alert: Alert) -> Gist:
    root = ElementTree.fromstring(cap(alert))
    pairs = {one[0].text: one[1].text for one in root.iter() if one.tag.endswith(("}parameter", "}eventCode"))}
    text = partial(_text, root)
    circle, references = text("info/area/circle"), text("references")
    return Gist(
        str(text("identifier")),
        str(pairs["type"]),
        str(pairs["kind"]),
        str(text("info/severity")).lower(),
        text("status") == "Exercise",
        str(text("info/area/areaDesc")),
        _point(circle.split()[0].split(",")) if circle else None,
        _utc(text("sent")),
        _utc(text("info/onset")),
        references.split(",")[1] if references else None,
    )


def read_ngsi_ld(alert: Alert) -> Gist:
    """The native attributes; only what the model has no word for comes from `data`."""
    entity: Mapping[str, Any] = json.loads(json.dumps(ngsi_ld(alert)))
    data = entity["data"]["value"]
    spot = entity["location"]["value"]["coordinates"] if "location" in entity else None
    severity = {value: name for name, value in NGSI_SEVERITY.items()}
    return Gist(
        data["id"],
        data["type"],
        data["kind"],
        severity[entity["severity"]["value"]],
        data["exercise"],
        entity["address"]["value"]["addressLocality"],
        _point(spot[::-1]) if spot else None,
        _utc(entity["dateIssued"]["value"]["@value"]),
        _utc(entity["validFrom"]["value"]["@value"]),
        data["previous"]["id"] if data["previous"] else None,
    )


@pytest.mark.parametrize("read", [read_cloud_event, read_cap, read_ngsi_ld])
@calm
@given(alert=alerts())
def test_what_is_read_back_is_what_was_written(read: Callable[[Alert], Gist], alert: Alert) -> None:
    assert read(alert) == gist_of(alert)


@calm
@given(alert=alerts())
def test_a_cloud_event_is_read_back_whole_and_holds_to_the_published_schema(alert: Alert) -> None:
    assert EVENTS.validate_json(cloud_event_json(alert)) == cloud_event(alert)
    SCHEMA.validate(json.loads(cloud_event_json(alert)))


@calm
@given(alert=alerts())
def test_texts_for_people_hold_what_they_must(alert: Alert) -> None:
    """An exercise can't be taken for real, and an SMS is one."""
    short, long = sms(alert), email(alert)
    assert len(short.encode("utf-16-le")) // 2 <= SMS_LIMIT_UCS2
    assert all(("DIỄN TẬP" in text) == alert.exercise for text in (short, long))
    assert (NOT_REAL.vi in long) == (NOT_REAL.en in long) == alert.exercise
    assert alert.headline.vi in long
    assert alert.headline.en in long
    assert alert.incident in long


def test_published_schema_is_what_the_types_say() -> None:
    """`python -m ops.alerts schema > docs/alert.schema.json` after a change, and think of who reads it."""
    assert PUBLISHED.read_text("utf-8") == schema_text()


@pytest.mark.parametrize("field", ["data", "specversion"])
def test_published_schema_refuses_what_is_no_alert(field: str) -> None:
    body = json.loads(cloud_event_json(alert_of(opened().event, PACK)))
    assert SCHEMA.is_valid(body)
    assert not SCHEMA.is_valid({**body, field: "something"})


@calm
@given(alert=alerts())
def test_an_entity_is_normalised_as_brokers_want_it(alert: Alert) -> None:
    """Every attribute says its type, relationships point at URNs, and what dataModel.Alert requires is there."""
    entity = ngsi_ld(alert)
    attributes = {name: one for name, one in entity.items() if name not in {"id", "type", "@context"}}
    assert {"category", "dateIssued", "alertSource"} <= attributes.keys()
    assert all("object" in one if one["type"] == "Relationship" else "value" in one for one in attributes.values())
    assert entity["id"] == f"urn:ngsi-ld:Alert:{alert.incident}"
    assert attributes["alertSource"]["object"].startswith("urn:ngsi-ld:")


def test_all_alerts_of_an_incident_are_one_entity() -> None:
    """A broker that upserts holds what is so now."""
    first = opened().event
    later = replace(first, number=2, incident=replace(first.incident, last_told=Told(2, START)))
    assert render_ngsi_ld(first, PACK)["id"] == render_ngsi_ld(later, PACK)["id"]


def _text(root: Element, path: str) -> str | None:
    return root.findtext("/".join(f"{{{NAMESPACE}}}{tag}" for tag in path.split("/")))


def _point(degrees: list[Any]) -> tuple[float, float]:
    latitude, longitude = (round(float(one), 6) for one in degrees)
    return latitude, longitude


def _utc(written: str | None) -> datetime:
    at = datetime.fromisoformat(str(written).replace("-00:00", "+00:00"))
    return at.astimezone(UTC).replace(microsecond=0)
