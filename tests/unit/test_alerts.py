"""One event renders to every form of an alert, the same id each time, and never with an image or a face in it."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.domain.alerts import SMS_LIMIT_UCS2, Alert, render_alert, to_json
from chalicelib.domain.city import CityPack
from chalicelib.domain.incidents import Change, Place, Routed, TimelineEvent
from city.reading import read_pack
from tests.unit.happenings import opened

NOW = datetime(2026, 3, 1, 8, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def pack() -> CityPack:
    return read_pack(Path(__file__).parents[2] / "city" / "testville")


def rendered(pack: CityPack, change: Change, *, at: datetime = NOW) -> Alert:
    return render_alert(change.event, pack, published_at_utc=at)


def test_a_repeated_alert_is_recognisably_the_same(pack: CityPack) -> None:
    first, again = rendered(pack, opened()), rendered(pack, opened(), at=NOW + timedelta(minutes=5))
    assert first.id == again.id == first.body["id"]
    assert first.body["data"]["hops"]["published_at"] != again.body["data"]["hops"]["published_at"]


def test_the_body_is_a_cloud_event_with_what_a_unit_needs(pack: CityPack) -> None:
    body = json.loads(to_json(rendered(pack, opened()).body))
    assert (body["specversion"], body["type"]) == ("1.0", "matpho.incident.opened")
    assert {"kind", "severity", "area", "location", "units", "routed_because", "sequence", "hops"} <= body[
        "data"
    ].keys()
    assert body["data"]["headline"]["vi"].startswith("MỚI")


def test_evidence_is_named_by_key_and_digest_only(pack: CityPack) -> None:
    assert all(one.keys() == {"frame", "sha256"} for one in rendered(pack, opened()).body["data"]["evidence"])


def test_an_sms_of_a_long_place_still_ends_with_the_time(pack: CityPack) -> None:
    change = opened()
    place = Place("w-1", "Phường có một cái tên dài hơn mọi tin nhắn ngắn có thể chứa được trong một lần gửi", 0, 0)
    event = TimelineEvent(1, change.event.type, NOW, replace(change.incident, place=place))
    sms = render_alert(event, pack, published_at_utc=NOW).sms
    assert len(sms) <= SMS_LIMIT_UCS2
    assert sms.endswith("15:00")


def test_the_email_speaks_both_languages_and_local_time(pack: CityPack) -> None:
    email = rendered(pack, opened()).email
    assert "Ngập nước" in email
    assert "Flooding" in email
    assert "01/03/2026 15:00:00" in email


def test_units_and_reasons_are_those_of_the_incident(pack: CityPack) -> None:
    change = opened()
    event = replace(change.event, incident=replace(change.incident, routed=Routed(("ioc",), ("because",))))
    assert render_alert(event, pack, published_at_utc=NOW).units == ("ioc",)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        pytest.param("watchlist_candidate", False, id="what awaits people is told to nobody"),
        pytest.param("flood", True, id="what needs nobody's word is told at once"),
    ],
)
def test_only_what_awaits_people_is_held(kind: str, told: bool) -> None:  # noqa: FBT001
    assert opened(kind).event.is_told is told
