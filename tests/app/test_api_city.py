"""Cameras, readings, the city as published, grants for gateways, and the document that describes it all."""

import base64
import json
import re
from datetime import timedelta

import pytest
from openapi_spec_validator import validate

from chalicelib.api.openapi import describe
from chalicelib.api.routes import endpoints
from chalicelib.domain.cameras import Heartbeat
from chalicelib.domain.traffic import TrafficStep, ZoneStep
from chalicelib.store.frames import MAX_FRAME_BYTES
from tests.app.calling import Caller
from tests.app.conftest import NOW, later

MINUTE = timedelta(minutes=1)


def beat(api: Caller, camera_id: str, *, ago: timedelta, same_for: timedelta = timedelta()) -> None:
    at = NOW - ago
    api.cameras.beat(Heartbeat(camera_id, at, b"x", at - same_for))


def test_cameras_of_ones_areas_say_whether_they_are_heard_of(api: Caller) -> None:
    beat(api, "tv-1", ago=MINUTE)
    beat(api, "tv-2", ago=11 * MINUTE)
    beat(api, "tv-3", ago=MINUTE, same_for=3 * MINUTE)
    api.by("ward_officer@new-town")
    states = {one["id"]: one["state"] for one in api.get("/cameras").json_body["items"]}
    assert states == {
        "tv-1": "live", "tv-2": "silent", "tv-3": "frozen", "tv-4": "never_heard"
    }  # fmt: skip
    assert [one["id"] for one in api.get("/cameras", {"state": "silent"}).json_body["items"]] == ["tv-2"]


def test_cameras_come_in_pages(api: Caller) -> None:
    api.by("camera_operator@*")
    first = api.get("/cameras", {"limit": 4}).json_body
    second = api.get("/cameras", {"limit": 4, "cursor": first["next"]}).json_body
    assert [one["id"] for page in (first, second) for one in page["items"]] == [f"tv-{n}" for n in range(1, 7)]
    assert second["next"] is None


def test_camera_says_that_it_looks_for_faces(api: Caller) -> None:
    api.by("data_protection_officer@*")
    assert api.get("/cameras/tv-4").json_body["looks_for"] == ["fire_smoke", "faces"]
    assert api.get("/cameras/tv-9").status_code == 404


def test_readings_are_means_of_five_minutes(api: Caller) -> None:
    api.cameras.keep_traffic(TrafficStep("tv-1", later(0), samples=2, occupancy_sum=0.5, counts={"car": 3}))
    api.by("unit_operator@*", units=("services",))
    query = {"camera": "tv-1", "from": NOW.isoformat(), "until": later(5).isoformat()}
    (reading,) = api.get("/readings", query).json_body["items"]
    assert reading == {
        "start": "2026-03-01T08:00:00Z",
        "end": "2026-03-01T08:05:00Z",
        "samples": 2,
        "occupancy": 0.25,
        "level": "slow",
        "counts": {"car": 1.5},
        "zones": {},
        "standing": None,
    }


def test_readings_tell_the_zones_and_who_stands(api: Caller) -> None:
    zones = {"north": ZoneStep(samples=2, occupancy_sum=0.5, queue_sum=1.0, longest_queue=0.75)}
    step = TrafficStep("tv-1", later(0), 2, 1.2, {}, zones=zones, standing_sum=0.1, standing_samples=1)
    api.cameras.keep_traffic(step)
    api.by("unit_operator@*", units=("services",))
    query = {"camera": "tv-1", "from": NOW.isoformat(), "until": later(5).isoformat()}
    (reading,) = api.get("/readings", query).json_body["items"]
    assert reading["zones"] == {"north": {"occupancy": 0.25, "queue": 0.5, "longest_queue": 0.75}}
    assert (reading["standing"], reading["level"]) == (0.1, "slow")


@pytest.mark.parametrize("until", ["2026-03-01T07:59:59Z", "2026-03-03T08:00:01Z", "2026-03-01T09:00:00"])
def test_readings_need_a_span_of_two_days_at_most(api: Caller, until: str) -> None:
    api.by("ioc_operator@*")
    assert api.get("/readings", {"camera": "tv-1", "from": NOW.isoformat(), "until": until}).status_code == 422


def test_areas_and_units_are_told_without_telephone_numbers(api: Caller) -> None:
    api.by("reviewer@*")
    areas = api.get("/areas", {"on": "2026-03-01"}).json_body["items"]
    assert [one["id"] for one in areas] == ["harbour", "new-town"]
    units = api.get("/units", {"area": "harbour"})
    assert [one["id"] for one in units.json_body["items"]] == ["fire", "ioc", "police-harbour", "services", "unrouted"]
    assert b"+84" not in units.body
    assert api.get("/areas/nowhere").status_code == 404


def test_routing_says_of_every_route_why(api: Caller) -> None:
    api.by("city_officer@*")
    told = api.get("/routing/explain", {"kind": "flood", "area": "new-town", "severity": "minor"}).json_body
    assert [one["unit"] for one in told["units"]] == ["ioc", "services"]
    tried = {one["route"]: one for one in told["routes"]}
    assert tried["road-trouble"]["applies"]
    assert not tried["bad-flood"]["applies"]
    assert all(one["because"] for one in told["routes"])


def test_routing_at_night_is_not_routing_by_day(api: Caller) -> None:
    """The city's clock decides, not ours: 16:00 UTC is 23:00 there."""
    api.by("city_officer@*")
    query = {"kind": "garbage", "area": "harbour", "severity": "minor"}
    by_day = api.get("/routing/explain", {**query, "at": "2026-03-01T05:00:00Z"}).json_body["units"]
    at_night = api.get("/routing/explain", {**query, "at": "2026-03-01T16:00:00Z"}).json_body["units"]
    assert {one["unit"] for one in at_night} - {one["unit"] for one in by_day} == {"police-harbour"}


def test_kind_that_there_is_not_is_refused(api: Caller) -> None:
    api.by("city_officer@*")
    answer = api.get("/routing/explain", {"kind": "aliens", "area": "harbour", "severity": "minor"})
    assert (answer.status_code, answer.json_body["detail"]) == (422, "There is no kind 'aliens'.")


def test_grant_takes_frames_of_that_camera_for_minutes_and_of_a_size(api: Caller) -> None:
    """What S3 will hold an upload to is what the signed policy says."""
    api.by("gateway@*", cameras=("tv-1",))
    grant = api.post("/grants", {"camera_id": "tv-1"}).json_body
    assert (grant["prefix"], grant["expires_at"]) == ("frames/tv-1/", "2026-03-01T08:15:00Z")
    policy = json.loads(base64.b64decode(grant["fields"]["policy"]))
    assert {"Content-Type": "image/jpeg"} in policy["conditions"]
    assert {"bucket": "the-frames"} in policy["conditions"]
    assert ["content-length-range", 1, MAX_FRAME_BYTES] in policy["conditions"]
    keys = [one for one in policy["conditions"] if "$key" in one]
    assert all(one == ["starts-with", "$key", "frames/tv-1/"] for one in keys)
    assert grant["fields"].keys() >= {"Content-Type", "policy", "x-amz-signature"}
    assert grant["url"] == "https://the-frames.s3.ap-southeast-1.amazonaws.com/"


def test_grant_is_for_the_gateways_own_cameras(api: Caller) -> None:
    api.by("gateway@*", cameras=("tv-1",))
    assert api.post("/grants", {"camera_id": "tv-2"}).status_code == 404
    assert api.post("/grants", {"camera_id": "../tv-1"}).status_code == 422


def test_gateway_can_read_nothing(api: Caller) -> None:
    api.by("gateway@*", cameras=("tv-1",))
    for endpoint in endpoints():
        if endpoint.method == "GET" and endpoint.needs is not None:
            assert api.get(re.sub(r"{\w+}", "1", endpoint.path)).status_code == 403


def test_document_is_valid_and_names_every_route_once(api: Caller) -> None:
    document = api.get("/openapi.json").json_body
    validate(document)
    named = {(path, method.upper()) for path, methods in document["paths"].items() for method in methods}
    assert named == {(one.path, one.method) for one in endpoints()}
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    assert document == json.loads(json.dumps(describe(endpoints())))


def test_document_says_who_may(api: Caller) -> None:
    document = api.get("/openapi.json").json_body
    assert document["paths"]["/cameras"]["get"]["x-permission"] == "camera.read"
    assert "security" not in document["paths"]["/health"]["get"]
