"""Entries and authorisations over the API: asked for once, decided on by another, and shown without a face."""

import base64
import json
import re
from typing import Any

import pytest
from chalice.test import HTTPResponse

from chalicelib.domain.watchlists import forget_portraits
from chalicelib.errors import Transient
from chalicelib.store.frames import MAX_FRAME_BYTES
from tests.app.calling import Caller
from tests.app.conftest import later
from tests.app.law_wishes import AUTHORISATION, ENTRY, ask
from tests.unit.law_samples import GOOD

ENTRIES, AUTHORISATIONS = "/watchlist/entries", "/authorisations"
BIOMETRICS = "https://the-biometrics.s3.ap-southeast-1.amazonaws.com/"
KEY = {"Idempotency_Key": "click-0001"}
LISTS = [pytest.param(ENTRIES, ENTRY, id="entry"), pytest.param(AUTHORISATIONS, AUTHORISATION, id="authorisation")]


@pytest.fixture
def officer(api: Caller) -> Caller:
    return api.by("ward_officer@new-town", subject="an")


@pytest.fixture
def decider(api: Caller) -> Caller:
    """Who decides on what `an` has asked for."""
    ask(api)
    return api.by("city_officer@*", subject="binh")


def act(api: Caller, action: str, version: int, path: str = f"{ENTRIES}/e1", **more: Any) -> HTTPResponse:
    body = {"action": action, "version": version, "purpose": "case 7", **more}
    return api.post(f"{path}/acts", body)


@pytest.mark.parametrize(("path", "wish"), LISTS)
def test_what_is_asked_for_is_there_under_ones_own_name_and_not_in_force(
    officer: Caller, path: str, wish: dict[str, Any]
) -> None:
    answer = officer.post(path, wish, **KEY)
    assert answer.status_code == 201
    made = answer.json_body
    assert (made["requested_by"], made["version"], made["approved_by"]) == ("an", 1, None)
    assert officer.get(f"{path}/{made['id']}").json_body == made
    assert officer.get(path).json_body["items"] == [made]
    assert not officer.mandates.published[-1].entries
    assert not officer.mandates.published[-1].authorisations


@pytest.mark.parametrize(("path", "wish"), LISTS)
def test_what_is_asked_for_twice_under_one_key_is_there_once(officer: Caller, path: str, wish: dict[str, Any]) -> None:
    first, again = (officer.post(path, wish, **KEY).json_body for _ in range(2))
    assert first == again
    other = officer.post(path, wish, Idempotency_Key="click-0002").json_body
    officer.by("ward_officer@new-town", subject="chi")
    somebody_elses = officer.post(path, wish, **KEY).json_body
    assert len({first["id"], other["id"], somebody_elses["id"]}) == 3


def test_entry_runs_as_long_as_its_list_says_unless_its_wish_does(officer: Caller) -> None:
    missing = {**ENTRY, "category": "missing_person", "under_18": True}
    assert officer.post(ENTRIES, missing, **KEY).json_body["hours"] == 72
    longer = officer.post(ENTRIES, {**missing, "hours": 100}, Idempotency_Key="click-0002")
    assert longer.json_body["hours"] == 100


@pytest.mark.parametrize(
    ("path", "wish", "changes"),
    [
        pytest.param(ENTRIES, ENTRY, {"category": "vip"}, id="a list that there is not"),
        pytest.param(ENTRIES, ENTRY, {"under_18": True}, id="a child that isn't missing"),
        pytest.param(ENTRIES, ENTRY, {"hours": 200}, id="longer than the list allows"),
        pytest.param(ENTRIES, ENTRY, {"legal_basis": " "}, id="no legal basis"),
        pytest.param(ENTRIES, ENTRY, {"purpose": ""}, id="no purpose"),
        pytest.param(ENTRIES, ENTRY, {"requested_by": "chi"}, id="somebody else's name"),
        pytest.param(ENTRIES, ENTRY, {"portraits": []}, id="photographs"),
        pytest.param(AUTHORISATIONS, AUTHORISATION, {"lists": ["vip"]}, id="no such list to look for"),
        pytest.param(AUTHORISATIONS, AUTHORISATION, {"camera_ids": []}, id="no camera"),
        pytest.param(AUTHORISATIONS, AUTHORISATION, {"valid_until": "2027-03-01T08:00:00Z"}, id="a year"),
        pytest.param(AUTHORISATIONS, AUTHORISATION, {"valid_from": "0001-01-01T00:00:00+10:00"}, id="before time"),
        pytest.param(AUTHORISATIONS, AUTHORISATION, {"valid_from": 1_772_352_000}, id="a bare number for a time"),
        pytest.param(AUTHORISATIONS, AUTHORISATION, {"approved_by": "chi"}, id="its own approval"),
    ],
)
def test_wish_that_does_not_hold_is_refused_and_leaves_nothing(
    officer: Caller, path: str, wish: dict[str, Any], changes: dict[str, Any]
) -> None:
    assert officer.post(path, {**wish, **changes}, **KEY).status_code == 422
    assert officer.get(path).json_body["items"] == []
    assert officer.audit.records == []


@pytest.mark.parametrize(
    ("path", "wish", "changes"),
    [
        pytest.param(ENTRIES, ENTRY, {"requesting_unit": "police-harbour"}, id="for another ward's police"),
        pytest.param(ENTRIES, ENTRY, {"requesting_unit": "nobody"}, id="for a unit that there is not"),
        pytest.param(AUTHORISATIONS, AUTHORISATION, {"camera_ids": ["tv-1", "tv-5"]}, id="on another ward's camera"),
        pytest.param(AUTHORISATIONS, AUTHORISATION, {"camera_ids": ["tv-99"]}, id="on a camera that there is not"),
    ],
)
def test_officer_asks_for_the_own_ward_alone(
    officer: Caller, path: str, wish: dict[str, Any], changes: dict[str, Any]
) -> None:
    assert officer.post(path, {**wish, **changes}, **KEY).status_code == 404


def test_entry_is_approved_renewed_and_withdrawn_and_each_counts_at_once(decider: Caller) -> None:
    assert act(decider, "approve", 2).json_body["searchable"] is True
    assert [one.entry_id for one in decider.mandates.published[-1].entries] == ["e1"]
    renewed = act(decider, "renew", 3, hours=48).json_body
    assert (renewed["version"], renewed["valid_until"]) == (4, "2026-03-03T08:00:00Z")
    withdrawn = act(decider, "withdraw", 4).json_body
    assert (withdrawn["status"], withdrawn["searchable"]) == ("withdrawn", False)
    assert decider.mandates.published[-1].entries == ()
    assert [one.act.action for one in decider.audit.records] == ["entry_approved", "entry_renewed", "entry_withdrawn"]
    assert {(one.act.actor, one.act.purpose) for one in decider.audit.records} == {("binh", "case 7")}


def test_authorisation_is_approved_and_ended(decider: Caller) -> None:
    path = f"{AUTHORISATIONS}/a1"
    approved = act(decider, "approve", 1, path).json_body
    assert (approved["in_force_from"], approved["in_force_until"]) == ("2026-03-01T08:00:00Z", "2026-03-01T14:00:00Z")
    decider.now = later(60)
    assert act(decider, "end", 2, path).json_body["in_force_until"] == "2026-03-01T09:00:00Z"


def test_emergency_is_in_force_at_once_and_for_a_day_at_most(officer: Caller) -> None:
    wish = {**AUTHORISATION, "emergency": True, "valid_until": later(3 * 24 * 60).isoformat()}
    made = officer.post(AUTHORISATIONS, wish, **KEY).json_body
    assert (made["in_force_from"], made["in_force_until"]) == ("2026-03-01T08:00:00Z", "2026-03-02T08:00:00Z")


@pytest.mark.parametrize(("path", "version"), [(f"{ENTRIES}/e1", 2), (f"{AUTHORISATIONS}/a1", 1)])
@pytest.mark.parametrize("action", ["approve", "refuse"])
def test_who_asks_never_decides_whatever_the_role(api: Caller, path: str, version: int, action: str) -> None:
    """Invariant 7."""
    ask(api)
    api.by("city_officer@*", subject="an")
    assert act(api, action, version, path).status_code == 403
    assert api.audit.records == []


@pytest.mark.parametrize(("path", "version"), [(f"{ENTRIES}/e1", 2), (f"{AUTHORISATIONS}/a1", 1)])
@pytest.mark.parametrize("action", ["approve", "refuse"])
def test_ward_decides_on_nothing(api: Caller, path: str, version: int, action: str) -> None:
    ask(api)
    api.by("ward_officer@new-town", subject="chi")
    assert act(api, action, version, path).status_code == 403


@pytest.mark.parametrize(
    ("path", "action", "version"), [(f"{ENTRIES}/e1", "withdraw", 2), (f"{AUTHORISATIONS}/a1", "end", 1)]
)
def test_who_asked_may_end_it(officer: Caller, path: str, action: str, version: int) -> None:
    ask(officer)
    assert act(officer, action, version, path).status_code == 200


def test_act_that_is_sent_twice_is_done_once(decider: Caller) -> None:
    first, again = act(decider, "approve", 2), act(decider, "approve", 2)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json_body == again.json_body
    assert len(decider.audit.records) == 1


def test_act_that_is_sent_again_reaches_the_analysers_though_the_first_one_did_not(
    decider: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A withdrawal that was written and then not published would be searched for on."""
    act(decider, "approve", 2)
    with monkeypatch.context() as broken:
        broken.setattr(decider.mandates, "put", lambda *_, **__: (_ for _ in ()).throw(Transient("down")))
        assert act(decider, "withdraw", 3).status_code == 503
    assert decider.mandates.published[-1].entries
    assert act(decider, "withdraw", 3).status_code == 200
    assert decider.mandates.published[-1].entries == ()


@pytest.mark.parametrize(
    ("action", "version", "sort"),
    [
        pytest.param("withdraw", 2, "stale-version", id="on a version that has moved on"),
        pytest.param("renew", 2, "stale-version", id="for other hours than before"),
        pytest.param("refuse", 3, "wrong-state", id="in a state that doesn't allow it"),
    ],
)
def test_act_that_comes_too_late_changes_nothing_and_shows_how_it_is_now(
    decider: Caller, action: str, version: int, sort: str
) -> None:
    act(decider, "approve", 2)
    more: dict[str, Any] = {"hours": 24} if action == "renew" else {}
    answer = act(decider, action, version, **more)
    assert (answer.status_code, answer.json_body["type"]) == (409, f"urn:matpho:problem:{sort}")
    assert (answer.json_body["current"]["version"], answer.json_body["current"]["status"]) == (3, "approved")
    assert len(decider.entries.deeds("e1")) == 3


def test_authorisation_is_decided_by_who_answers_for_all_its_cameras(api: Caller) -> None:
    """New Town's police may ask, through the city, for a camera in the harbour; New Town alone can't say yes."""
    api.by("city_officer@*", subject="an")
    wish = {**AUTHORISATION, "camera_ids": ["tv-1", "tv-5"]}
    path = f"{AUTHORISATIONS}/{api.post(AUTHORISATIONS, wish, **KEY).json_body['id']}"
    api.by("city_officer@new-town", subject="binh")
    assert act(api, "approve", 1, path).status_code == 403
    api.by("city_officer@*", subject="chi")
    assert act(api, "approve", 1, path).status_code == 200


def test_renewal_for_other_hours_is_another_act(decider: Caller) -> None:
    act(decider, "approve", 2)
    assert [act(decider, "renew", 3, hours=hours).status_code for hours in (24, 24, 48)] == [200, 200, 409]
    assert decider.entries.require("e1").hours == 24


def test_somebody_elses_act_is_not_ones_own(decider: Caller) -> None:
    act(decider, "approve", 2)
    decider.by("city_officer@*", subject="chi")
    assert act(decider, "approve", 2).status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"action": "erase"}, id="an act that there is not"),
        pytest.param({"action": "renew"}, id="renewed for how long?"),
        pytest.param({"action": "approve", "hours": 24}, id="hours that nobody asked for"),
        pytest.param({"action": "withdraw", "purpose": ""}, id="no purpose"),
        pytest.param({"action": "withdraw", "version": 0}, id="no version"),
    ],
)
def test_act_that_does_not_hold_is_refused(decider: Caller, body: dict[str, Any]) -> None:
    whole = {"version": 2, "purpose": "case 7", **body}
    assert decider.post(f"{ENTRIES}/e1/acts", whole).status_code == 422


def test_list_is_narrowed_and_paged(officer: Caller) -> None:
    made = [officer.post(ENTRIES, ENTRY, Idempotency_Key=f"click-000{n}").json_body["id"] for n in range(3)]
    first = officer.get(ENTRIES, {"limit": 2}).json_body
    second = officer.get(ENTRIES, {"limit": 2, "cursor": first["next"]}).json_body
    assert [one["id"] for page in (first, second) for one in page["items"]] == sorted(made)
    assert officer.get(ENTRIES, {"category": "trial"}).json_body["items"] == []
    assert officer.get(ENTRIES, {"status": "approved"}).json_body["items"] == []


@pytest.mark.parametrize(
    ("grant", "seen"),
    [
        pytest.param("reviewer@new-town", True, id="who judges its candidates"),
        pytest.param("ward_officer@harbour", False, id="another ward"),
        pytest.param("ward_officer@new-town/flood", False, id="who is there for floods"),
        pytest.param("city_officer@*", True, id="the city"),
    ],
)
def test_entry_is_its_wards_and_the_citys(api: Caller, grant: str, *, seen: bool) -> None:
    ask(api)
    api.by(grant)
    for path in (ENTRIES, AUTHORISATIONS):
        assert bool(api.get(path).json_body["items"]) is seen
        assert (api.get(f"{path}/{'e1' if path == ENTRIES else 'a1'}").status_code == 200) is seen


def test_photograph_is_a_name_and_nothing_more(decider: Caller) -> None:
    """Neither the picture nor its digest: who had the same file could tell who it is."""
    answer = decider.get(f"{ENTRIES}/e1")
    assert answer.json_body["portraits"] == [{"name": GOOD.name, "accepted": True, "refused_because": None}]
    assert GOOD.sha256 not in json.dumps(answer.json_body)


def test_photograph_goes_under_one_name_of_ours_and_is_of_a_size(officer: Caller) -> None:
    """A file's own name is often the person's, and would be in the audit."""
    ask(officer)
    form = officer.post(f"{ENTRIES}/e1/photographs", {}, **KEY).json_body
    assert (form["url"], form["expires_at"]) == (BIOMETRICS, "2026-03-01T08:15:00Z")
    key = form["fields"]["key"]
    assert re.fullmatch(r"portraits/e1/[0-9a-f]{16}\.jpg", key)
    conditions = json.loads(base64.b64decode(form["fields"]["policy"]))["conditions"]
    assert {"key": key} in conditions
    assert ["content-length-range", 1, MAX_FRAME_BYTES] in conditions


def test_entry_that_somebody_decided_on_takes_no_more_photographs(decider: Caller) -> None:
    """None can be slipped in after the approval."""
    act(decider, "approve", 2)
    answer = decider.post(f"{ENTRIES}/e1/photographs", {}, **KEY)
    assert (answer.status_code, answer.json_body["current"]["status"]) == (409, "approved")


def test_what_is_over_is_read_by_its_id(decider: Caller) -> None:
    act(decider, "withdraw", 2)
    decider.entries.commit(forget_portraits(decider.entries.require("e1"), by="matpho", at_utc=later(1)))
    assert decider.get(ENTRIES).json_body["items"] == []
    assert decider.get(f"{ENTRIES}/e1").json_body["portraits"] == []


def test_where_somebody_could_be_searched_is_told_for_a_day_after_the_photographs_are_gone(decider: Caller) -> None:
    """Both in force at once: the entry from eight, the authorisation until it ended at nine."""
    act(decider, "approve", 2)
    act(decider, "approve", 1, f"{AUTHORISATIONS}/a1")
    decider.now = later(60)
    act(decider, "end", 2, f"{AUTHORISATIONS}/a1")
    act(decider, "withdraw", 3)
    withdrawn = decider.entries.require("e1")
    decider.entries.commit(forget_portraits(withdrawn, by="matpho", at_utc=decider.now))
    told = decider.get(f"{ENTRIES}/e1/searchable", {"day": "2026-03-01"}).json_body["items"]
    hour = {"from": "2026-03-01T08:00:00Z", "until": "2026-03-01T09:00:00Z"}
    assert told == [{"camera_id": camera, **hour} for camera in ("tv-1", "tv-2")]
    assert decider.get(f"{ENTRIES}/e1/searchable", {"day": "2026-03-02"}).json_body["items"] == []


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_day_at_the_end_of_time_is_no_fault_of_ours(decider: Caller, day: str) -> None:
    assert decider.get(f"{ENTRIES}/e1/searchable", {"day": day}).status_code in {200, 422}
