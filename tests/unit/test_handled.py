"""What people do with an incident: each command changes just what it says, and a bad one changes nothing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.city import CheckStep
from chalicelib.domain.handled import Command, obey
from chalicelib.domain.incidents import Change, EventType, Incident, Reason
from chalicelib.domain.judging import version_for
from chalicelib.domain.lifecycle import Action, Status
from chalicelib.domain.seen import grow
from chalicelib.errors import InvalidInput, Permanent, StaleVersion, WrongState
from tests.unit.happenings import PACK, START, opened, sighting

LATER = START + timedelta(minutes=2)
STEPS = (CheckStep("close-road", "Rào đường", "Close the road"),)
CITY = replace(PACK, kinds=tuple(replace(policy, checklist=STEPS) for policy in PACK.kinds))


def do(incident: Incident, action: Action, *, by: str = "lan", **options: Any) -> Change:
    version = options.pop("version", version_for(incident, by))
    command = Command(action, by, version, options.pop("key", "k"), **options)
    return obey(incident, command, CITY, at_utc=LATER)


def after(incident: Incident, *actions: Action) -> Incident:
    for action in actions:
        reason = Reason.FALSE_ALARM if action in {Action.DISMISS, Action.REJECT} else None
        incident = do(incident, action, reason=reason).incident
    return incident


FLOOD = opened().incident
HELD = opened("watchlist_candidate", subject="entry-1").incident


def test_who_acknowledges_stops_the_chain_and_starts_the_clock_of_handling() -> None:
    taken = do(FLOOD, Action.ACKNOWLEDGE)
    assert (taken.incident.status, taken.event.type, taken.event.by) == (
        Status.ACKNOWLEDGED,
        EventType.ACKNOWLEDGED,
        "lan",
    )
    assert (taken.incident.handling.acknowledged_by, taken.incident.handling.acknowledged_at_utc) == ("lan", LATER)
    assert taken.incident.due_utc == LATER + timedelta(seconds=CITY.kind("flood").resolve_s)


def test_who_starts_without_a_word_has_acknowledged() -> None:
    started = do(FLOOD, Action.START).incident
    assert (started.status, started.handling.acknowledged_at_utc) == (Status.IN_PROGRESS, LATER)


def test_starting_keeps_the_time_of_the_acknowledgement() -> None:
    started = do(after(FLOOD, Action.ACKNOWLEDGE), Action.START, by="minh").incident
    assert started.handling.acknowledged_by == "lan"


@pytest.mark.parametrize(
    ("action", "options", "status"),
    [
        pytest.param(Action.RESOLVE, {}, Status.RESOLVED, id="resolving"),
        pytest.param(Action.DISMISS, {"reason": Reason.PLANNED_WORKS}, Status.DISMISSED, id="dismissing"),
    ],
)
def test_an_end_by_people_has_a_time_and_no_deadline(action: Action, options: Any, status: Status) -> None:
    ended = do(FLOOD, action, **options).incident
    assert (ended.status, ended.handling.ended_at_utc, ended.due_utc) == (status, LATER, None)
    assert ended.handling.dismissed_because == options.get("reason")


def test_what_is_reopened_must_be_acknowledged_anew() -> None:
    reopened = do(after(FLOOD, Action.ACKNOWLEDGE, Action.RESOLVE), Action.REOPEN)
    assert reopened.incident.status is Status.OPEN
    assert reopened.incident.handling.acknowledged_at_utc is None
    assert reopened.incident.handling.ended_at_utc is None
    assert reopened.incident.due_utc is not None
    assert reopened.event.is_told


def test_a_hand_over_leaves_the_operations_centre_and_the_new_unit_who_must_acknowledge() -> None:
    handed = do(after(FLOOD, Action.ACKNOWLEDGE), Action.TRANSFER, units=("fire",))
    assert handed.incident.routed.units == ("ioc", "fire")
    assert handed.incident.routed.reasons[1] == "handed over by hand"
    assert handed.incident.status is Status.OPEN
    assert handed.incident.handling.acknowledged_at_utc is None


def test_comments_assignments_and_ticks_are_in_the_timeline_and_alert_nobody() -> None:
    said = do(FLOOD, Action.COMMENT, text="nước ngập tới gối")
    given = do(said.incident, Action.ASSIGN, assignee="team-3")
    ticked = do(given.incident, Action.CHECK, step="close-road")
    assert said.event.text == "nước ngập tới gối"
    assert ticked.incident.handling.assignee == "team-3"
    assert [check.step for check in ticked.incident.handling.checks] == ["close-road"]
    assert not any(change.event.is_told for change in (said, given, ticked))


def test_two_different_people_confirm_a_candidate_before_anybody_hears_of_it() -> None:
    """Invariant 6."""
    first = do(HELD, Action.CONFIRM, by="lan")
    assert (first.incident.status, first.event.is_told) == (Status.AWAITING_CONFIRMATION, False)
    with pytest.raises(WrongState, match="somebody else"):
        do(first.incident, Action.CONFIRM, by="lan")
    second = do(first.incident, Action.CONFIRM, by="minh")
    assert (second.incident.status, second.event.type, second.event.is_told) == (
        Status.OPEN,
        EventType.CONFIRMED,
        True,
    )
    assert second.event.replaces is None


def test_one_confirmation_is_enough_where_the_policy_says_so() -> None:
    policies = tuple(replace(policy, confirmations=1) for policy in CITY.kinds)
    command = Command(Action.CONFIRM, "lan", HELD.version, "k")
    opened_now = obey(HELD, command, replace(CITY, kinds=policies), at_utc=LATER)
    assert opened_now.incident.status is Status.OPEN


def test_a_rejected_candidate_is_told_to_nobody_and_can_not_be_brought_back_past_its_reviewers() -> None:
    """Invariant 6."""
    rejected = do(HELD, Action.REJECT, reason=Reason.FALSE_ALARM)
    assert (rejected.incident.status, rejected.event.is_told) == (Status.DISMISSED, False)
    assert rejected.incident.handling.reviews[-1].confirmed is False
    with pytest.raises(WrongState, match="can't be reopened"):
        do(rejected.incident, Action.REOPEN)


@pytest.mark.parametrize(
    ("incident", "action", "options", "error", "words"),
    [
        pytest.param(FLOOD, Action.ACKNOWLEDGE, {"version": 0}, StaleVersion, "look again", id="a version seen before"),
        pytest.param(FLOOD, Action.ACKNOWLEDGE, {"version": 9}, StaleVersion, "look again", id="a version to come"),
        pytest.param(
            FLOOD, Action.CONFIRM, {}, WrongState, "can't take 'confirm'", id="confirming what is no candidate"
        ),
        pytest.param(HELD, Action.ACKNOWLEDGE, {}, WrongState, "awaiting confirmation", id="taking a candidate"),
        pytest.param(FLOOD, Action.GROW, {}, InvalidInput, "nothing that people do", id="what only frames do"),
        pytest.param(FLOOD, Action.DISMISS, {}, InvalidInput, "say why", id="dismissing for no reason"),
        pytest.param(
            FLOOD, Action.DISMISS, {"reason": Reason.LAPSED}, InvalidInput, "say why", id="the clock's reason"
        ),
        pytest.param(FLOOD, Action.DISMISS, {"reason": Reason.OTHER}, InvalidInput, "text", id="another reason unsaid"),
        pytest.param(HELD, Action.REJECT, {}, InvalidInput, "say why", id="rejecting for no reason"),
        pytest.param(FLOOD, Action.TRANSFER, {}, InvalidInput, "which units", id="a hand-over to nobody"),
        pytest.param(FLOOD, Action.TRANSFER, {"units": ("navy",)}, InvalidInput, "'navy'", id="an unknown unit"),
        pytest.param(FLOOD, Action.ASSIGN, {}, InvalidInput, "to whom", id="an assignment to nobody"),
        pytest.param(FLOOD, Action.CHECK, {"step": "dance"}, InvalidInput, "'dance'", id="a step of no procedure"),
        pytest.param(FLOOD, Action.COMMENT, {}, InvalidInput, "needs a text", id="a comment without words"),
    ],
)
def test_a_bad_command_is_refused_in_words_for_people(
    incident: Incident, action: Action, options: Any, error: type[Permanent], words: str
) -> None:
    with pytest.raises(error, match=words):
        do(incident, action, **options)


def test_an_alert_replaces_the_last_one_that_units_heard_and_not_a_comment() -> None:
    said = do(FLOOD, Action.COMMENT, text="?")
    grown = grow(said.incident, (sighting(600),), CITY, at_utc=LATER)
    assert grown.event.number == 3
    assert grown.event.replaces is not None
    assert (grown.event.replaces.number, grown.event.replaces.at_utc) == (1, START)
