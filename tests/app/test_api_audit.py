"""The audit over the API, and what of the API's own deeds is in it."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.audit import Act
from chalicelib.errors import Transient
from chalicelib.flows.keep_audit import RecordAct
from tests.app.calling import Caller
from tests.app.conftest import NOW
from tests.unit.happenings import opened

DAY = {"day": "2026-03-01"}
PEOPLE = ("an", "binh", "chi", "olga")


@pytest.fixture
def officer(api: Caller) -> Caller:
    return api.by("data_protection_officer@*", subject="dora")


def write(api: Caller, many: int) -> None:
    record = RecordAct(api.audit)
    for n in range(many):
        record(Act(PEOPLE[n % 4], "case 7", "looked", f"incident/i{n % 3}", NOW + timedelta(seconds=n)))


def pages(api: Caller, **query: Any) -> list[list[dict[str, Any]]]:
    answer = api.get("/audit", {**DAY, **query}).json_body
    if answer["next"] is None:
        return [answer["items"]]
    return [answer["items"], *pages(api, **{**query, "cursor": answer["next"]})]


def test_pages_hold_every_record_once_each_chain_in_order(officer: Caller) -> None:
    write(officer, 11)
    found = pages(officer, limit=4)
    assert [len(page) for page in found] == [4, 4, 3]
    told = [(one["chain"], one["sequence"], one["hash"]) for page in found for one in page]
    assert told == [(one.chain, one.sequence, one.hash) for one in officer.audit.read(NOW.date())]


def test_record_says_who_did_what_for_which_purpose(officer: Caller) -> None:
    write(officer, 1)
    ((one,),) = pages(officer)
    (record,) = officer.audit.records
    assert one == {
        "chain": record.chain,
        "sequence": 1,
        "actor": "an",
        "purpose": "case 7",
        "action": "looked",
        "subject": "incident/i0",
        "at": "2026-03-01T08:00:00Z",
        "details": {},
        "previous": record.previous,
        "hash": record.hash,
    }


def test_filters_narrow(officer: Caller) -> None:
    write(officer, 12)
    assert {one["actor"] for one in pages(officer, actor="an")[0]} == {"an"}
    assert len(pages(officer, subject="incident/i1")[0]) == 4
    assert pages(officer, actor="nobody") == [[]]
    assert officer.get("/audit", {"day": "2026-03-02"}).json_body["items"] == []


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({}, id="no day"),
        pytest.param({"day": "yesterday"}, id="no date"),
        pytest.param({**DAY, "cursor": "nonsense"}, id="no cursor of ours"),
        pytest.param({**DAY, "who": "an"}, id="a filter that there is not"),
    ],
)
def test_query_that_does_not_hold_is_refused(officer: Caller, query: dict[str, str]) -> None:
    assert officer.get("/audit", query).status_code == 422


def test_cursor_of_another_day_is_refused(officer: Caller) -> None:
    write(officer, 3)
    cursor = officer.get("/audit", {**DAY, "limit": 1}).json_body["next"]
    assert officer.get("/audit", {"day": "2026-03-02", "cursor": cursor}).status_code == 422


def candidate(api: Caller) -> str:
    change = opened("watchlist_candidate", camera_id="tv-4", subject="e1")
    api.incidents.commit(change)
    return change.incident.id


def review(api: Caller, incident_id: str, **word: Any) -> int:
    body = {"confirmed": False, "version": 1, **word}
    return int(api.post(f"/incidents/{incident_id}/reviews", body, Idempotency_Key="click-0001").status_code)


@pytest.mark.parametrize(
    ("word", "action", "reason"),
    [
        pytest.param({"confirmed": True}, "candidate_confirmed", "", id="confirmed"),
        pytest.param({"reason": "false_alarm"}, "candidate_rejected", "false_alarm", id="rejected"),
    ],
)
def test_word_on_a_candidate_is_in_the_audit_once_however_often_it_is_sent(
    api: Caller, word: dict[str, Any], action: str, reason: str
) -> None:
    """Invariant 9."""
    incident_id = candidate(api)
    api.by("reviewer@*", subject="rosa")
    assert [review(api, incident_id, **word) for _ in range(2)] == [200, 200]
    (record,) = api.audit.records
    act = record.act
    assert (act.actor, act.purpose, act.action) == ("rosa", "judging a candidate", action)
    assert act.subject == f"incident/{incident_id}"
    assert act.details["entry"] == "e1"
    assert (act.details["cameras"], act.details["reason"]) == ("tv-4", reason)


def test_word_that_the_audit_does_not_take_is_not_said(api: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust contract 7."""
    incident_id = candidate(api)
    monkeypatch.setattr(api.audit, "append", lambda _: (_ for _ in ()).throw(Transient("down")))
    api.by("reviewer@*", subject="rosa")
    assert review(api, incident_id, confirmed=True) == 503
    assert len(api.incidents.timeline(incident_id)) == 1


@pytest.mark.parametrize("word", [{"confirmed": True, "version": 7}, {"confirmed": False}])
def test_word_that_is_refused_is_in_no_audit(api: Caller, word: dict[str, Any]) -> None:
    incident_id = candidate(api)
    api.by("reviewer@*", subject="rosa")
    assert review(api, incident_id, **word) in {409, 422}
    assert api.audit.records == []


def test_what_is_done_with_a_fire_or_a_flood_is_in_its_timeline_and_waits_for_no_audit(api: Caller) -> None:
    change = opened("flood")
    api.incidents.commit(change)
    api.by("ioc_operator@*")
    body = {"action": "acknowledge", "version": 1}
    assert api.post(f"/incidents/{change.incident.id}/commands", body, Idempotency_Key="click-0001").status_code == 200
    assert api.audit.records == []


def test_whatever_is_done_with_somebody_who_was_confirmed_is_in_the_audit(api: Caller) -> None:
    """Invariant 9: each decision about a person, not the judgements alone."""
    incident_id = candidate(api)
    for subject in ("rosa", "rudi"):
        api.by("reviewer@*", subject=subject)
        assert review(api, incident_id, confirmed=True) == 200
    api.by("ioc_operator@*", subject="olga")
    dismissal = {"action": "dismiss", "version": 3, "reason": "false_alarm"}
    answer = api.post(f"/incidents/{incident_id}/commands", dismissal, Idempotency_Key="click-0001")
    assert answer.status_code == 200
    told = {one.act.action: one.act for one in api.audit.records}
    assert (told["candidate_dismiss"].actor, told["candidate_dismiss"].details["reason"]) == ("olga", "false_alarm")
