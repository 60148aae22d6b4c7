"""What people ask about their own data: found by what they name, within its time, erased as far as the law lets it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.incidents import Handling, Incident, Reason, Told
from chalicelib.domain.kinds import WATCHLIST_CANDIDATE
from chalicelib.domain.lifecycle import Status
from chalicelib.domain.retention import DataClass, kept
from chalicelib.domain.subject_requests import (
    Because,
    ReportLine,
    RequestState,
    Seen,
    SubjectRequest,
    Thing,
    Wish,
    answer_request,
    receive_request,
    refuse_request,
)
from chalicelib.domain.watchlists import add_portrait
from chalicelib.errors import InvalidInput, StaleVersion, Transient, WrongState
from chalicelib.flows import find_subject
from chalicelib.flows.answer_subject import AnswerSubject
from chalicelib.flows.do_deeds import DoDeed
from chalicelib.flows.erase_subjects import EraseSubjects
from chalicelib.flows.find_subject import FindSubject
from chalicelib.flows.keep_audit import RecordAct
from chalicelib.store.evidence_fakes import FakeEvidenceVault
from chalicelib.store.law_fakes import FakeDeedStore, FakeErasure
from tests.unit.happenings import kept_picture, opened
from tests.unit.law_desk import Desk
from tests.unit.law_samples import GOOD, NOON, at, hold, subject_request, wanted_entry

ALREADY_TOLD = Told(1, NOON)


class Bureau(Desk):
    """A desk where people's requests are answered, too. Entry e1 is in force for a day from noon."""

    def __init__(self) -> None:
        super().__init__()
        self.vault = FakeEvidenceVault()
        self.requests: FakeDeedStore[SubjectRequest] = FakeDeedStore()
        record = RecordAct(self.log)
        do = DoDeed("request", self.requests, record, lambda: None)
        self.find = FindSubject(self.incidents, self.entries, self.holds, self.vault, self.clock)
        erasure = FakeErasure(self.incidents)
        self.answer = AnswerSubject(self.requests, do, self.find, record, self.clock)
        self.erase = EraseSubjects(self.requests, self.find, self.holds, erasure, self.vault, do, record, self.clock)
        asked = self.watchlist.request(wanted_entry(), purpose="case 7")
        self.do_entry(add_portrait(asked, GOOD, by="matpho", at_utc=NOON), purpose="case 7")
        self.watchlist.approve("e1", by="bình", purpose="case 7")

    def put(self, incident_id: str, kind: str = "flood", **changes: Any) -> Incident:
        """Something that happened from noon to one on tv-1, and is over, with a picture of it."""
        over = {"status": Status.RESOLVED, "due_utc": None, "last_told": ALREADY_TOLD, "changed_at_utc": at(1)}
        seen = {"camera_ids": ("tv-1",), "first_seen_utc": NOON, "last_seen_utc": at(1)}
        made = replace(opened(kind).incident, id=incident_id, **{**over, **seen, **changes})
        self.incidents.incidents[incident_id] = made
        self.vault.tell(incident_id, [kept_picture()])
        return made

    def candidate(self, incident_id: str = "c1", **changes: Any) -> Incident:
        """Somebody who resembled e1 and was rejected."""
        rejected = {"status": Status.DISMISSED, "last_told": None, "subject": "e1"}
        return self.put(incident_id, WATCHLIST_CANDIDATE, **{**rejected, **changes})

    def erased(self, **about: Any) -> dict[tuple[str, Thing], tuple[bool, Because]]:
        """The person asks, the officer orders it, and it is done: what became of what."""
        self.answer.receive(subject_request(Wish.ERASE, recorded_at_utc=self.now, **about))
        self.answer.answer("r1", answer="", by="dung", purpose="CV-114/2026", version=1)
        assert self.erase() == 1
        request = self.requests.require("r1")
        assert request.state is RequestState.ANSWERED
        return {(line.subject, line.what): (line.erased, line.because) for line in request.report}


@pytest.fixture
def bureau() -> Bureau:
    bureau = Bureau()
    bureau.now = at(2)
    return bureau


def found(bureau: Bureau, **about: Any) -> set[tuple[str, Thing]]:
    return {(one.subject, one.what) for one in bureau.find(subject_request(Wish.FIND, **about))}


# ---- the request itself -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wish", "days"), [(Wish.FIND, 10), (Wish.EXPORT, 10), (Wish.ERASE, 20)])
def test_answer_is_due_within_the_decrees_days_of_the_letters_coming(wish: Wish, days: int) -> None:
    assert subject_request(wish, recorded_at_utc=at(48)).due_utc == NOON + timedelta(days=days)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({}, id="nothing to find the person by"),
        pytest.param({"entries": ("e1",), "received_at_utc": at(1)}, id="a letter from the future"),
        pytest.param({"sightings": (Seen("tv-1", at(1), at(1)),)}, id="no time at all"),
        pytest.param({"sightings": (Seen("tv-1", NOON, at(25)),)}, id="more than a day"),
    ],
)
def test_request_says_enough_and_not_too_much(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        receive_request(subject_request(Wish.FIND, **wrong))


def test_request_is_answered_or_refused_once() -> None:
    request = receive_request(subject_request(Wish.FIND, entries=("e1",))).after
    answered = answer_request(request, answer="sent", by="dung", at_utc=at(1)).after
    assert (answered.state, answered.is_current) == (RequestState.ANSWERED, False)
    with pytest.raises(WrongState):
        refuse_request(answered, answer="no", by="dung", at_utc=at(2))
    with pytest.raises(InvalidInput):
        refuse_request(request, answer=" ", by="dung", at_utc=at(2))


def test_open_requests_stay_in_sight_until_the_erasure_is_done(bureau: Bureau) -> None:
    bureau.answer.receive(subject_request(Wish.ERASE, recorded_at_utc=at(2), entries=("e1",)))
    with pytest.raises(StaleVersion):
        bureau.answer.answer("r1", answer="", by="dung", purpose="x", version=7)
    bureau.answer.answer("r1", answer="", by="dung", purpose="x", version=1)
    assert [one.state for one in bureau.requests.current()] == [RequestState.ORDERED]
    bureau.erase()
    assert bureau.requests.current() == ()
    assert bureau.erase() == 0


# ---- finding ------------------------------------------------------------------------------------------------------


def test_person_is_found_by_number_by_place_and_time_and_by_what_resembles_the_entry(bureau: Bureau) -> None:
    bureau.put("named", camera_ids=("tv-3",))
    bureau.put("there")
    bureau.put("elsewhere", camera_ids=("tv-5",))
    bureau.put("later", first_seen_utc=at(3), last_seen_utc=at(4), changed_at_utc=at(4))
    bureau.candidate()
    about = {"incidents": ("named",), "entries": ("e1",), "sightings": (Seen("tv-1", NOON, at(0.5)),)}
    assert found(bureau, **about) == {
        ("incident/named", Thing.INCIDENT),
        ("incident/named", Thing.PICTURES),
        ("incident/there", Thing.INCIDENT),
        ("incident/there", Thing.PICTURES),
        ("incident/c1", Thing.CANDIDATE),
        ("incident/c1", Thing.PICTURES),
        ("entry/e1", Thing.ENTRY),
        ("entry/e1", Thing.PHOTOGRAPHS),
        ("camera/tv-1", Thing.FRAMES),
    }


def test_each_finding_says_how_long_it_is_kept_and_whether_a_hold_is_on_it(bureau: Bureau) -> None:
    bureau.candidate()
    bureau.holding.place(hold("incident/c1"))
    request = subject_request(Wish.FIND, incidents=("c1",), sightings=(Seen("tv-5", NOON, at(1)),))
    findings = {one.what: one for one in bureau.find(request)}
    candidate, frames = findings[Thing.CANDIDATE], findings[Thing.FRAMES]
    assert (candidate.data_class, candidate.held) == (DataClass.CANDIDATES, True)
    assert candidate.kept_until_utc == at(1) + timedelta(days=1)
    assert frames.kept_until_utc == at(1) + (kept(DataClass.FRAMES) or timedelta(0))
    bureau.now = at(24 * 4)
    assert Thing.FRAMES not in {one.what for one in bureau.find(request)}


def test_what_goes_on_since_before_the_time_named_is_found_too(bureau: Bureau) -> None:
    bureau.put("long", status=Status.OPEN, due_utc=at(9), first_seen_utc=at(-30), changed_at_utc=at(-30))
    assert ("incident/long", Thing.INCIDENT) in found(bureau, sightings=(Seen("tv-1", NOON, at(0.5)),))


def test_too_much_to_look_through_is_said_and_no_part_of_it_is_the_answer(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find_subject, "MOST_LOOKED_AT", 1)
    for name in ("a", "b"):
        bureau.put(name)
    with pytest.raises(InvalidInput, match="name them by number"):
        found(bureau, sightings=(Seen("tv-1", NOON, at(0.5)),))


def test_look_is_in_the_audit_before_it_is_taken(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    request = bureau.answer.receive(subject_request(Wish.FIND, recorded_at_utc=at(2), entries=("e1",)))
    bureau.answer.look(request, by="dung", action="subject_found")
    act = bureau.log.records[-1].act
    assert (act.actor, act.purpose, act.action, act.subject) == ("dung", "CV-114/2026", "subject_found", "request/r1")

    def fail(record: object) -> None:
        raise Transient("the audit is away")

    monkeypatch.setattr(bureau.log, "append", fail)
    with pytest.raises(Transient):
        bureau.answer.look(request, by="dung", action="subject_found")


# ---- erasing ------------------------------------------------------------------------------------------------------


def test_rejected_candidate_goes_altogether(bureau: Bureau) -> None:
    bureau.candidate()
    report = bureau.erased(incidents=("c1",))
    assert report == {
        ("incident/c1", Thing.PICTURES): (True, Because.ASKED_FOR),
        ("incident/c1", Thing.CANDIDATE): (True, Because.ASKED_FOR),
    }
    assert bureau.incidents.get("c1") is None
    assert bureau.vault.pictures("c1") == ()


def test_of_what_happened_on_a_street_the_pictures_go_and_the_record_stays(bureau: Bureau) -> None:
    bureau.put("f1")
    report = bureau.erased(incidents=("f1",))
    assert report[("incident/f1", Thing.PICTURES)] == (True, Because.ASKED_FOR)
    assert report[("incident/f1", Thing.INCIDENT)] == (False, Because.NAMES_NOBODY)
    assert bureau.vault.pictures("f1") == ()
    assert bureau.vault.is_closed("f1"), "its frames last, so the next event would have them made anew"
    assert bureau.incidents.get("f1") is not None


def test_what_is_held_goes_on_or_is_a_case_is_kept_and_the_report_says_why(bureau: Bureau) -> None:
    bureau.candidate("held")
    bureau.candidate("goes-on", status=Status.AWAITING_CONFIRMATION, due_utc=at(9))
    bureau.candidate("case", status=Status.RESOLVED, last_told=ALREADY_TOLD)
    bureau.holding.place(hold("incident/held"))
    report = bureau.erased(incidents=("held", "goes-on", "case"))
    assert report == {
        ("incident/held", Thing.CANDIDATE): (False, Because.LEGAL_HOLD),
        ("incident/goes-on", Thing.CANDIDATE): (False, Because.GOES_ON),
        ("incident/case", Thing.CANDIDATE): (False, Because.CONFIRMED),
    }
    assert all(bureau.vault.pictures(one) for one in ("held", "goes-on", "case"))


def test_candidate_that_was_confirmed_and_then_found_false_goes(bureau: Bureau) -> None:
    false = Handling(dismissed_because=Reason.FALSE_ALARM)
    bureau.candidate(last_told=ALREADY_TOLD, handling=false)
    assert bureau.erased(incidents=("c1",))[("incident/c1", Thing.CANDIDATE)] == (True, Because.ASKED_FOR)


def test_entry_in_force_is_not_erased_by_request_and_its_ledger_never(bureau: Bureau) -> None:
    assert bureau.erased(entries=("e1",)) == {
        ("entry/e1", Thing.ENTRY): (False, Because.LEDGER),
        ("entry/e1", Thing.PHOTOGRAPHS): (False, Because.IN_FORCE),
    }


def test_erasure_is_in_the_audit_with_the_letters_number(bureau: Bureau) -> None:
    bureau.candidate()
    bureau.erased(incidents=("c1",))
    acts = {one.act.action: one.act for one in bureau.log.records if one.act.purpose == "CV-114/2026"}
    assert acts["incident_erased"].details["request"] == "r1"
    assert acts["request_ordered"].actor == "dung"
    assert (acts["request_erased"].details["erased"], acts["request_erased"].details["kept"]) == ("2", "0")


def test_report_says_until_when_what_is_kept_is_kept(bureau: Bureau) -> None:
    bureau.put("f1")
    bureau.erased(incidents=("f1",), sightings=(Seen("tv-5", NOON, at(1)),))
    until = {line.what: line.until_utc for line in bureau.requests.require("r1").report}
    assert until[Thing.INCIDENT] == at(1) + timedelta(days=730)
    assert until[Thing.FRAMES] == at(1) + timedelta(days=3)
    assert (
        ReportLine("camera/tv-5", Thing.FRAMES, False, Because.EXPIRES, at(73)) in bureau.requests.require("r1").report
    )
