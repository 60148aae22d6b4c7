"""Invariant 12: nobody sees or touches what their role and area do not cover. Every role, every route, both places."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

import app
from chalicelib.api.endpoints import Endpoint
from chalicelib.api.routes import endpoints
from chalicelib.domain.incidents import Incident, Place
from chalicelib.domain.people import Role
from chalicelib.domain.permissions import GRANTED
from chalicelib.domain.retention import place_hold
from chalicelib.domain.subject_requests import Wish, receive_request
from chalicelib.store.fakes import FakeIncidentStore
from chalicelib.store.packs import pack_to_json
from city.reading import read_pack
from tests.app.calling import Caller
from tests.app.conftest import TESTVILLE
from tests.app.law_wishes import AUTHORISATION, ENTRY, REQUEST, ask
from tests.unit.happenings import kept_picture, opened
from tests.unit.law_samples import hold, subject_request

PACK = json.loads(pack_to_json(read_pack(TESTVILLE)))
VIEW: Mapping[str, Any] = {
    "profile": "street",
    "road_zone_rel": None,
    "masks": [],
    "schedules": [],
    "road_zones": [],
    "stopped_after_s": None,
    "crowd": None,
    "purpose": "a lamp",
}
OPEN_TO_ALL = {"/health", "/openapi.json"}
DENIED_ROLE, OUT_OF_REACH = 403, 404
GUARDED = [one for one in endpoints() if one.needs is not None]


@dataclass(frozen=True, slots=True)
class Example:
    """A good request of one route in New Town; `placed` says whether it is about one place, and so has an elsewhere.

    What is the whole city's alone has `*` for its `ground`, and every ward for an elsewhere.
    """

    path: str
    body: Mapping[str, Any] | None = None
    query: Mapping[str, Any] = field(default_factory=dict)
    placed: bool = True
    ground: str = "new-town"
    method: str = "POST"


EXAMPLES = {
    "read_me": Example("/me", placed=False),
    "list_incidents": Example("/incidents", placed=False),
    "read_incident": Example("/incidents/{flood}"),
    "read_timeline": Example("/incidents/{flood}/timeline"),
    "read_alert_as_cap": Example("/incidents/{flood}/alerts/1/cap"),
    "read_alert_as_ngsi_ld": Example("/incidents/{flood}/alerts/1/ngsi-ld"),
    "command_incident": Example("/incidents/{flood}/commands", {"action": "acknowledge", "version": 1}),
    "review_candidate": Example("/incidents/{candidate}/reviews", {"confirmed": True, "version": 1}),
    "list_evidence": Example("/incidents/{flood}/evidence"),
    "unseal_picture": Example("/incidents/{flood}/unsealings", {"number": 1, "purpose": "case 7"}),
    "compare_candidate": Example("/incidents/{candidate}/comparison"),
    "list_cameras": Example("/cameras", placed=False),
    "read_camera": Example("/cameras/tv-1"),
    "read_camera_view": Example("/cameras/tv-1/view"),
    "change_camera_view": Example("/cameras/tv-1/view", VIEW, method="PUT"),
    "read_city": Example("/city", placed=False),
    "compare_city": Example("/city/diffs", {"pack": PACK}, ground="*"),
    "apply_city": Example("/city", {"pack": PACK, "purpose": "new wards"}, method="PUT", ground="*"),
    "list_kinds": Example("/kinds", placed=False),
    "list_categories": Example("/categories", placed=False),
    "read_camera_picture": Example("/cameras/tv-1/picture"),
    "ask_for_camera_picture": Example("/cameras/tv-1/picture", {"purpose": "its zones"}),
    "list_readings": Example(
        "/readings", query={"camera": "tv-1", "from": "2026-03-01T00:00:00Z", "until": "2026-03-01T08:00:00Z"}
    ),
    "read_statistics": Example(
        "/statistics", query={"from": "2026-03-01T00:00:00Z", "until": "2026-03-01T08:00:00Z"}, placed=False
    ),
    "list_areas": Example("/areas", placed=False),
    "read_area": Example("/areas/new-town", placed=False),
    "list_units": Example("/units", placed=False),
    "explain_routing": Example(
        "/routing/explain", query={"kind": "flood", "area": "new-town", "severity": "minor"}, placed=False
    ),
    "list_entries": Example("/watchlist/entries", placed=False),
    "request_entry": Example("/watchlist/entries", ENTRY),
    "read_entry": Example("/watchlist/entries/e1"),
    "read_searchable": Example("/watchlist/entries/e1/searchable", query={"day": "2026-03-01"}),
    "act_on_entry": Example("/watchlist/entries/e1/acts", {"action": "withdraw", "version": 2, "purpose": "found"}),
    "grant_photograph": Example("/watchlist/entries/e1/photographs", {}),
    "list_authorisations": Example("/authorisations", placed=False),
    "request_authorisation": Example("/authorisations", AUTHORISATION),
    "read_authorisation": Example("/authorisations/a1"),
    "act_on_authorisation": Example("/authorisations/a1/acts", {"action": "end", "version": 1, "purpose": "found"}),
    "list_holds": Example("/holds", placed=False),
    "place_hold": Example("/holds", {"subject": "entry/e1", "purpose": "case 7"}),
    "read_hold": Example("/holds/h1"),
    "lift_hold": Example("/holds/h1/lifts", {"version": 1, "purpose": "case closed"}),
    "list_subject_requests": Example("/subject-requests", ground="*"),
    "record_subject_request": Example("/subject-requests", REQUEST, ground="*"),
    "read_subject_request": Example("/subject-requests/r1", ground="*"),
    "find_subject": Example("/subject-requests/r1/findings", ground="*"),
    "export_subject": Example("/subject-requests/r1/export", ground="*"),
    "answer_subject_request": Example("/subject-requests/r1/answers", {"version": 1, "purpose": "CV-1"}, ground="*"),
    "read_audit": Example("/audit", query={"day": "2026-03-01"}, ground="*"),
    "grant_upload": Example("/grants", {"camera_id": "tv-1"}),
}


@dataclass(frozen=True, slots=True)
class Happened:
    """A flood that City Services were sent to, and a candidate that nobody judged yet, both in New Town.

    New Town's police has asked for an entry and an authorisation.
    """

    flood: Incident
    candidate: Incident


@pytest.fixture
def happened(api: Caller) -> Happened:
    ask(api)
    api.holds.commit(place_hold(hold()))
    api.subjects.commit(receive_request(subject_request(Wish.EXPORT, entries=("e1",))))
    happened = Happened(put(api.incidents, "flood"), put(api.incidents, "watchlist_candidate"))
    for one in (happened.flood, happened.candidate):
        api.vault.tell(one.id, [kept_picture()])
    return happened


def put(store: FakeIncidentStore, kind: str, area: str = "new-town") -> Incident:
    place = Place(area, area, 12.68, 108.04)
    change = opened(
        kind, camera_id=f"{kind}-{area}", subject="e1" if kind == "watchlist_candidate" else "", place=place
    )
    store.commit(change)
    return change.incident


def call(api: Caller, endpoint: Endpoint, happened: Happened) -> int:
    example = EXAMPLES[endpoint.name]
    path = example.path.format(flood=happened.flood.id, candidate=happened.candidate.id)
    if example.body is None:
        return int(api.get(path, example.query).status_code)
    if example.method == "PUT":
        return int(api.put(path, example.body, If_Match=f'"{api.pack.version}"').status_code)
    return int(api.post(path, example.body, Idempotency_Key="walk-0001").status_code)


def test_every_route_has_an_authoriser_and_a_permission_but_the_open_ones() -> None:
    entries = [entry for methods in app.app.routes.values() for entry in methods.values()]
    assert {entry.uri_pattern for entry in entries if entry.authorizer is None} == OPEN_TO_ALL
    assert {one.path for one in endpoints() if one.needs is None} == OPEN_TO_ALL
    assert len(entries) == len(endpoints())


def test_every_route_is_walked() -> None:
    assert EXAMPLES.keys() == {one.name for one in GUARDED}


@pytest.mark.parametrize("endpoint", GUARDED, ids=lambda one: one.name)
@pytest.mark.parametrize("role", Role)
def test_role_gets_in_where_the_table_says_so_and_only_on_its_ground(
    api: Caller, happened: Happened, role: Role, endpoint: Endpoint
) -> None:
    """Elsewhere what exists is as if it didn't; without the permission nothing is looked at."""
    assert endpoint.needs is not None
    granted = role in GRANTED[endpoint.needs]
    ground = EXAMPLES[endpoint.name].ground
    here = call(api.by(f"{role}@{ground}", units=("services",), cameras=("tv-1",)), endpoint, happened)
    there = call(api.by(f"{role}@harbour", units=("services",), cameras=("tv-1",)), endpoint, happened)
    assert (here < 300) is granted
    assert granted or here == DENIED_ROLE
    if not granted:
        assert there == DENIED_ROLE
    else:
        assert there == (OUT_OF_REACH if EXAMPLES[endpoint.name].placed else here)


@pytest.mark.parametrize("endpoint", GUARDED, ids=lambda one: one.name)
@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="no token"),
        pytest.param("nonsense", id="nonsense"),
        pytest.param("eyJhbGciOiJub25lIn0.e30.", id="alg none"),
    ],
)
def test_nobody_gets_in_without_a_token_that_holds(
    api: Caller, happened: Happened, endpoint: Endpoint, token: str
) -> None:
    """On a laptop the gateway's 403 stands for what the template makes a 401."""
    api.token = token
    assert call(api, endpoint, happened) in {401, 403}


def test_token_is_good_for_no_longer_than_it_says_however_long_the_gateway_remembers(api: Caller) -> None:
    api.by("ioc_operator@*")
    assert api.get("/me").status_code == 200
    api.now += timedelta(days=365 * 5)
    assert api.get("/me").status_code == 401


def test_another_areas_incident_and_none_at_all_are_told_apart_by_nobody(api: Caller, happened: Happened) -> None:
    api.by("ward_officer@harbour")
    other, none = api.get(f"/incidents/{happened.flood.id}"), api.get("/incidents/20260301-000000000000")
    said = [
        {**answer.json_body, "request_id": "", "detail": answer.json_body["detail"].replace(name, "")}
        for answer, name in ((other, happened.flood.id), (none, "20260301-000000000000"))
    ]
    assert said[0] == said[1]


def test_list_holds_only_what_one_may_read_one_by_one(api: Caller, happened: Happened) -> None:
    put(api.incidents, "flood", "harbour")
    for grants, units in (
        (["ward_officer@new-town"], ()),
        (["ward_officer@harbour"], ()),
        (["reviewer@*"], ()),
        (["ioc_operator@*/garbage"], ()),
        (["unit_operator@*"], ("services",)),
        (["unit_operator@*"], ("fire",)),
        (["ioc_operator@*"], ()),
    ):
        api.by(*grants, units=units)
        listed = {one["id"] for one in api.get("/incidents").json_body["items"]}
        readable = {one for one in api.incidents.incidents if api.get(f"/incidents/{one}").status_code == 200}
        assert listed == readable


@pytest.mark.parametrize(
    ("grant", "seen"),
    [
        pytest.param("reviewer@new-town", True, id="who judges candidates"),
        pytest.param("ioc_operator@*", False, id="the operations centre"),
        pytest.param("city_officer@*", False, id="the city's police"),
        pytest.param("ward_officer@new-town", False, id="the ward's police"),
        pytest.param("reviewer@harbour", False, id="who judges those of another ward"),
    ],
)
def test_candidate_is_seen_by_its_reviewers_only(api: Caller, happened: Happened, grant: str, *, seen: bool) -> None:
    """Invariant 6, at the API: to units and the centre it isn't there before people confirmed it."""
    api.by(grant)
    path = f"/incidents/{happened.candidate.id}"
    assert [api.get(one).status_code == 200 for one in (path, f"{path}/timeline")] == [seen, seen]
    assert (happened.candidate.id in json.dumps(api.get("/incidents").json_body)) is seen
