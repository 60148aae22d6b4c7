"""Holds over the API: placed and lifted by who may, on what is theirs, once, with a purpose in the audit."""

import pytest

from tests.app.calling import Caller
from tests.app.law_wishes import ask
from tests.app.test_api_access import put

KEY = {"Idempotency_Key": "click-0001"}
ON_ENTRY = {"subject": "entry/e1", "purpose": "case 7"}


@pytest.fixture
def officer(api: Caller) -> Caller:
    ask(api)
    return api.by("data_protection_officer@*", subject="dung")


def lift(api: Caller, hold_id: str, version: int = 1) -> int:
    return int(api.post(f"/holds/{hold_id}/lifts", {"version": version, "purpose": "case closed"}).status_code)


def test_hold_is_placed_listed_and_lifted_each_with_its_purpose_in_the_audit(officer: Caller) -> None:
    placed = officer.post("/holds", ON_ENTRY, **KEY)
    assert placed.status_code == 201
    made = placed.json_body
    assert (made["subject"], made["purpose"], made["placed_by"], made["lifted_at"]) == (
        "entry/e1",
        "case 7",
        "dung",
        None,
    )
    assert officer.get("/holds").json_body["items"] == [made]
    assert lift(officer, made["id"]) == 200
    assert officer.get("/holds").json_body["items"] == []
    assert officer.get(f"/holds/{made['id']}").json_body["lifted_at"] is not None
    told = [(one.act.action, one.act.purpose, one.act.actor) for one in officer.audit.records]
    assert told == [("hold_placed", "case 7", "dung"), ("hold_lifted", "case closed", "dung")]


def test_hold_that_is_sent_twice_is_placed_once_and_lifted_once(officer: Caller) -> None:
    first, again = (officer.post("/holds", ON_ENTRY, **KEY).json_body for _ in range(2))
    assert first == again
    assert [lift(officer, first["id"]) for _ in range(2)] == [200, 200]
    assert len(officer.audit.records) == 2


def test_hold_that_somebody_else_lifted_can_not_be_lifted_again(officer: Caller) -> None:
    made = officer.post("/holds", ON_ENTRY, **KEY).json_body
    lift(officer, made["id"])
    officer.by("city_officer@*", subject="binh")
    late = officer.post(f"/holds/{made['id']}/lifts", {"version": 2, "purpose": "again"})
    assert late.status_code == 409
    assert late.json_body["current"]["version"] == 2


def test_candidate_that_nobody_judged_can_be_held_before_its_time_is_over(officer: Caller) -> None:
    """It isn't there for who holds it, but whoever knows its id may need it to stay."""
    candidate = put(officer.incidents, "watchlist_candidate")
    assert officer.get(f"/incidents/{candidate.id}").status_code == 404
    subject = f"incident/{candidate.id}"
    assert officer.post("/holds", {"subject": subject, "purpose": "complaint 3"}, **KEY).status_code == 201
    assert [one["subject"] for one in officer.get("/holds", {"subject": subject}).json_body["items"]] == [subject]
    assert officer.get("/holds", {"subject": "entry/e1"}).json_body["items"] == []


def test_wards_officer_holds_nothing_of_another_ward(officer: Caller) -> None:
    officer.by("city_officer@harbour")
    assert officer.post("/holds", ON_ENTRY, **KEY).status_code == 404


@pytest.mark.parametrize("subject", ["entry/nobody", "incident/20260301-000000000000"])
def test_nothing_that_is_not_there_is_held(officer: Caller, subject: str) -> None:
    assert officer.post("/holds", {"subject": subject, "purpose": "case 7"}, **KEY).status_code == 404


@pytest.mark.parametrize("subject", ["camera/tv-1", "entry/", "everything"])
def test_only_an_incident_or_an_entry_can_be_held(officer: Caller, subject: str) -> None:
    assert officer.post("/holds", {"subject": subject, "purpose": "case 7"}, **KEY).status_code == 422
