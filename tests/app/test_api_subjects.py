"""People's own requests over the API: recorded with the day they are due, found, exported, answered, each audited."""

from typing import Any

import pytest

from chalicelib.domain.incidents import Incident
from tests.app.calling import Caller
from tests.app.conftest import NOW, later
from tests.app.law_wishes import REQUEST, ask
from tests.app.test_api_access import put
from tests.unit.happenings import kept_picture

PATH = "/subject-requests"
KEY = {"Idempotency_Key": "click-0001"}


@pytest.fixture
def officer(api: Caller) -> Caller:
    ask(api)
    return api.by("data_protection_officer@*", subject="dung")


def record(officer: Caller, key: str = "click-0001", **changes: Any) -> dict[str, Any]:
    answer = officer.post(PATH, {**REQUEST, **changes}, Idempotency_Key=key)
    assert answer.status_code == 201, answer.json_body
    return dict(answer.json_body)


def resembling(officer: Caller) -> Incident:
    candidate = put(officer.incidents, "watchlist_candidate")
    officer.vault.tell(candidate.id, [kept_picture()])
    return candidate


def test_request_is_recorded_once_with_the_day_it_is_due(officer: Caller) -> None:
    made, again = record(officer), record(officer)
    assert made == again
    assert (made["state"], made["due_at"], made["recorded_by"]) == ("open", "2026-03-11T08:00:00Z", "dung")
    assert record(officer, "click-0002", action="erase")["due_at"] == "2026-03-21T08:00:00Z"


def test_open_requests_are_listed_the_soonest_due_first(officer: Caller) -> None:
    record(officer, "click-0001", action="erase", reference="A")
    record(officer, "click-0002", reference="B")
    answered = record(officer, "click-0003", reference="C")
    officer.post(f"{PATH}/{answered['id']}/answers", {"version": 1, "purpose": "sent"})
    first = officer.get(PATH, {"limit": 1}).json_body
    rest = officer.get(PATH, {"limit": 1, "cursor": first["next"]}).json_body
    assert [one["reference"] for one in (*first["items"], *rest["items"])] == ["B", "A"]
    assert rest["next"] is None
    assert [one["reference"] for one in officer.get(PATH, {"state": "answered"}).json_body["items"]] == ["C"]


def test_person_is_told_what_is_held_and_every_look_is_in_the_audit(officer: Caller) -> None:
    candidate, request = resembling(officer), record(officer)
    told = officer.get(f"{PATH}/{request['id']}/findings").json_body["items"]
    assert {(one["subject"], one["what"]) for one in told} == {
        ("entry/e1", "entry"),
        ("entry/e1", "photographs"),
        (f"incident/{candidate.id}", "candidate"),
        (f"incident/{candidate.id}", "pictures"),
    }
    assert [one.act.action for one in officer.audit.records] == ["request_received", "subject_found"]


def test_export_holds_the_entry_and_candidates_without_a_face_or_an_address(officer: Caller) -> None:
    candidate, request = resembling(officer), record(officer, action="export")
    told = officer.get(f"{PATH}/{request['id']}/export").json_body
    (entry,), (incident,) = told["entries"], told["incidents"]
    assert (entry["id"], entry["category"], entry["photographs"]) == ("e1", "wanted", 1)
    assert (incident["id"], incident["resembles_entry"], len(incident["pictures"])) == (candidate.id, "e1", 1)
    assert "url" not in str(told)
    assert "an" not in entry.values()
    assert officer.audit.records[-1].act.action == "subject_exported"


def test_what_was_asked_to_be_found_is_not_handed_out(officer: Caller) -> None:
    assert officer.get(f"{PATH}/{record(officer)['id']}/export").status_code == 409


def test_answer_is_given_once_and_a_refusal_says_why(officer: Caller) -> None:
    first, second = record(officer), record(officer, "click-0002")
    answer = {"version": 1, "text": "gửi ngày 2/3", "purpose": "sent"}
    done, again = (officer.post(f"{PATH}/{first['id']}/answers", answer) for _ in range(2))
    assert (done.status_code, again.json_body) == (200, done.json_body)
    assert (done.json_body["state"], done.json_body["answer"]) == ("answered", "gửi ngày 2/3")
    refusal = {"version": 1, "refused": True, "purpose": "no right"}
    assert officer.post(f"{PATH}/{second['id']}/answers", refusal).status_code == 422
    refused = officer.post(f"{PATH}/{second['id']}/answers", {**refusal, "text": "không có quyền"})
    assert refused.json_body["state"] == "refused"
    late = officer.post(f"{PATH}/{second['id']}/answers", {**answer, "version": 2})
    assert (late.status_code, late.json_body["current"]["state"]) == (409, "refused")


def test_erasure_is_ordered_and_nothing_is_deleted_by_the_api_itself(officer: Caller) -> None:
    candidate = resembling(officer)
    request = record(officer, action="erase", incidents=[candidate.id])
    ordered = officer.post(f"{PATH}/{request['id']}/answers", {"version": 1, "purpose": "entitled"})
    assert (ordered.json_body["state"], ordered.json_body["report"]) == ("ordered", [])
    assert officer.vault.pictures(candidate.id)
    assert [one["state"] for one in officer.get(PATH).json_body["items"]] == ["ordered"]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"entries": []}, id="nothing to find the person by"),
        pytest.param({"reference": "Nguyễn Văn A"}, id="a name for a number"),
        pytest.param({"received_at": later(1).isoformat()}, id="a letter from the future"),
        pytest.param({"face": "AAAA"}, id="a face to search for"),
        pytest.param(
            {"sightings": [{"camera_id": "tv-1", "from": NOW.isoformat(), "until": later(60 * 25).isoformat()}]},
            id="more than a day",
        ),
    ],
)
def test_request_that_does_not_hold_is_refused(officer: Caller, change: dict[str, Any]) -> None:
    assert officer.post(PATH, {**REQUEST, **change}, **KEY).status_code == 422
    assert officer.get(PATH).json_body["items"] == []


def test_sighting_is_told_as_it_was_given(officer: Caller) -> None:
    sighting = {"camera_id": "tv-1", "from": "2026-03-01T07:00:00Z", "until": "2026-03-01T07:30:00Z"}
    assert record(officer, sightings=[sighting])["sightings"] == [sighting]
