"""Deeds take one way: audited first, committed once, and in force for every analyser when the call returns."""

import pytest

from chalicelib.domain.audit import first_break, record_to_line
from chalicelib.domain.authorisations import Authorisation
from chalicelib.domain.mandate import Mandate
from chalicelib.domain.retention import Hold, held_subjects, lift_hold
from chalicelib.domain.watchlists import Entry, add_portrait, withdraw_entry
from chalicelib.errors import Conflict, InvalidInput, NotAllowed, NotFound, WrongState
from tests.store.samples import opening
from tests.unit.law_desk import Desk
from tests.unit.law_samples import GOOD, at, authorisation, hold, wanted_entry


@pytest.fixture
def desk() -> Desk:
    return Desk()


def listed(desk: Desk) -> Entry:
    desk.watchlist.request(wanted_entry(), purpose="case 7")
    desk.do_entry(add_portrait(desk.entries.require("e1"), GOOD, by="matpho", at_utc=at(0)), purpose="gate")
    return desk.watchlist.approve("e1", by="bình", purpose="case 7")


def permitted(mandate: Mandate, hours: float) -> frozenset[str]:
    return mandate.permitted("tv-1", captured_at_utc=at(hours), now_utc=at(hours)).entry_ids


def test_from_request_to_search_to_withdrawal(desk: Desk) -> None:
    listed(desk)
    assert not permitted(desk.mandate, 1)
    desk.authorise.request(authorisation())
    desk.authorise.approve("a1", by="bình", purpose="case 7")
    assert permitted(desk.mandate, 1) == {"e1"}
    desk.now = at(1)
    desk.watchlist.withdraw("e1", by="an", purpose="found")
    assert not permitted(desk.mandate, 1)
    assert not desk.mandate.entries


def test_a_withdrawal_counts_though_whoever_made_it_died_before_it_was_published(desk: Desk) -> None:
    """And by itself: nobody need ask for it again."""
    listed(desk)
    desk.authorise.request(authorisation())
    desk.authorise.approve("a1", by="bình", purpose="case 7")
    desk.now = at(1)
    desk.entries.commit(withdraw_entry(desk.entries.require("e1"), by="an", at_utc=desk.now))
    assert permitted(desk.mandate, 1) == {"e1"}
    assert [desk.mend(), desk.mend()] == [True, False]
    assert not permitted(desk.mandate, 1)


def test_ending_an_authorisation_ends_the_search(desk: Desk) -> None:
    listed(desk)
    desk.authorise.request(authorisation(emergency=True))
    assert permitted(desk.mandate, 1) == {"e1"}
    desk.now = at(1)
    desk.authorise.end("a1", by="an", purpose="over")
    assert not permitted(desk.mandate, 1)


def test_every_decision_is_in_the_audit_with_actor_and_purpose(desk: Desk) -> None:
    listed(desk)
    desk.now = at(1)
    desk.watchlist.renew("e1", hours=9, by="bình", purpose="case 7, second day")
    desk.now = at(2)
    desk.watchlist.withdraw("e1", by="an", purpose="found")
    acts = [record.act for record in desk.log.records]
    assert [one.action for one in acts] == [
        "entry_requested",
        "entry_portrait_accepted",
        "entry_approved",
        "entry_renewed",
        "entry_withdrawn",
    ]
    assert [one.actor for one in acts] == ["an", "matpho", "bình", "bình", "an"]
    assert all(one.subject == "entry/e1" and one.purpose for one in acts)
    assert first_break(map(record_to_line, desk.log.read(at(0).date())), None) is None


def test_what_the_audit_does_not_take_is_not_done(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    listed(desk)
    monkeypatch.setattr(desk.log, "append", lambda record: (_ for _ in ()).throw(Conflict("down")))
    with pytest.raises(Conflict):
        desk.watchlist.withdraw("e1", by="an", purpose="found")
    assert desk.entries.require("e1").is_open


def test_what_the_rules_refuse_leaves_no_trace(desk: Desk) -> None:
    desk.watchlist.request(wanted_entry(), purpose="case 7")
    before = len(desk.log.records)
    with pytest.raises(NotAllowed):
        desk.watchlist.refuse("e1", by="an", purpose="mine")
    with pytest.raises(WrongState):
        desk.watchlist.approve("e1", by="bình", purpose="no portrait yet")
    with pytest.raises(InvalidInput):
        desk.watchlist.request(wanted_entry(id="e2", category="vip"), purpose="case 8")
    with pytest.raises(NotFound):
        desk.watchlist.withdraw("nobody", by="an", purpose="x")
    assert len(desk.log.records) == before
    assert len(desk.entries.deeds("e1")) == 1


def test_of_two_who_decide_at_once_the_second_conflicts(desk: Desk) -> None:
    entry = listed(desk)
    desk.watchlist.withdraw("e1", by="an", purpose="found")
    with pytest.raises(Conflict):
        desk.do_entry(add_portrait(entry, GOOD, by="matpho", at_utc=at(0)), purpose="gate")


def test_a_mandate_drawn_up_before_somebody_elses_decision_is_drawn_up_anew(desk: Desk) -> None:
    """The withdrawal of another must not be lost behind ours."""
    listed(desk)
    withdrawn = False

    def current() -> tuple[Authorisation, ...]:
        nonlocal withdrawn
        entries = type(desk.authorisations).current(desk.authorisations)
        if not withdrawn:
            withdrawn = True
            desk.watchlist.withdraw("e1", by="an", purpose="found meanwhile")
        return entries

    desk.publish.authorisations.current = current  # type: ignore[method-assign]  # what happens between look and write
    desk.publish()
    assert desk.mandate.entries == ()


def test_a_hold_is_placed_and_lifted_with_a_reason(desk: Desk) -> None:
    desk.holding.place(hold())
    assert held_subjects(desk.holds.current()) == {"entry/e1"}
    desk.holding.lift("h1", by="chi", purpose="order ended")
    assert held_subjects(desk.holds.current()) == frozenset()
    assert [one.act.action for one in desk.log.records] == ["hold_placed", "hold_lifted"]
    with pytest.raises(WrongState):
        desk.holding.lift("h1", by="chi", purpose="again")


def test_a_hold_on_an_incident_keeps_the_frames_that_show_it_until_it_is_lifted(desk: Desk) -> None:
    """Frames go after three days by S3 itself, which knows no hold: so it keeps copies of its own."""
    incident = opening().incident
    desk.incidents.incidents[incident.id] = incident
    desk.held.frames.frames[incident.evidence[0].frame_key] = b"a street"
    desk.holding.place(hold(f"incident/{incident.id}"))
    assert desk.held.held == {"h1": {incident.evidence[0].frame_key: b"a street"}}
    assert desk.log.records[-1].act.details["frames"] == "1"
    desk.holding.lift("h1", by="chi", purpose="order ended")
    assert desk.held.held == {}


def test_what_a_hold_kept_goes_though_whoever_lifted_it_died_before(desk: Desk) -> None:
    """Its copies lie where no lifecycle rule reaches."""
    incident = opening().incident
    desk.incidents.incidents[incident.id] = incident
    placed = desk.holding.place(hold(f"incident/{incident.id}"))
    assert desk.holding.release_lifted() == 0
    desk.do_hold(lift_hold(placed, by="chi", at_utc=at(1)), purpose="order ended")
    assert desk.held.held
    desk.now = at(2)
    assert desk.holding.release_lifted() == 1
    assert not desk.held.held
    desk.now = at(50)
    assert desk.holding.release_lifted() == 0


def test_what_was_copied_for_a_hold_that_never_came_goes_within_hours(desk: Desk) -> None:
    """Whoever placed it died between the copies and the hold."""
    desk.held.frames.frames["frames/a.jpg"] = b"a street"
    desk.holding.place(hold())
    for hold_id in ("h1", "died"):
        desk.held.keep(hold_id, ["frames/a.jpg"])
    desk.now = at(0.5)
    assert desk.holding.release_unplaced() == 0
    desk.now = at(2)
    assert desk.holding.release_unplaced() == 1
    assert set(desk.held.held) == {"h1"}


def test_a_table_brought_back_to_an_earlier_day_costs_no_copies(desk: Desk) -> None:
    desk.held.frames.frames["frames/a.jpg"] = b"a street"
    desk.held.keep("placed since", ["frames/a.jpg"])
    desk.now = at(72)
    assert desk.holding.release_unplaced() == 0
    assert set(desk.held.held) == {"placed since"}


@pytest.mark.parametrize("wrong", [hold(subject="everything"), hold(subject="entry/"), hold(reason="")])
def test_a_hold_names_one_thing_and_why(desk: Desk, wrong: Hold) -> None:
    with pytest.raises(InvalidInput):
        desk.holding.place(wrong)
