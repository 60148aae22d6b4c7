"""The clock climbs the chain exactly at its deadlines, once each, however often and late the sweep comes by."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.city import CityPack, Escalation, EscalationStep, Rise
from chalicelib.domain.deadlines import chain as chain_for
from chalicelib.domain.handled import Command
from chalicelib.domain.incidents import EventType, Reason
from chalicelib.domain.lifecycle import Action, Status
from tests.unit.chain import START, Chain

STEPS = (EscalationStep(120, ("services",)), EscalationStep(180, ("ward_police",)), EscalationStep(300, ("fire",)))
FLOODS = Escalation("floods", ("flood",), STEPS, repeats=1)
OPENED_S = 10
DUE_S = [OPENED_S + wait for wait in (120, 300, 600, 900)]
"""When the steps are due, the last of them twice."""
UNANSWERED_S = OPENED_S + 1200


@pytest.fixture
def chain() -> Chain:
    chain = Chain()
    chain.leave_health_alone()
    chain.pack = replace(chain.pack, escalations=(FLOODS,))
    chain.deliver(*(chain.put(5.0 * n, "flood") for n in range(3)))
    return chain


def sweep_until(chain: Chain, until_s: float, *, every_s: float) -> None:
    for at_s in range(int(OPENED_S), int(until_s) + 1, int(every_s)):
        chain.now = max(chain.now, seconds(at_s))
        chain.sweep()


def seconds(at_s: float) -> datetime:
    return START + timedelta(seconds=at_s)


def escalated(chain: Chain) -> list[tuple[EventType, float]]:
    climbing = {EventType.ESCALATED, EventType.UNANSWERED}
    return [(e.type, (e.at_utc - START).total_seconds()) for e in chain.events if e.type in climbing]


def test_an_unacknowledged_incident_climbs_at_its_deadlines_once_each(chain: Chain) -> None:
    sweep_until(chain, UNANSWERED_S, every_s=10)
    steps = [(EventType.ESCALATED, float(at_s)) for at_s in DUE_S]
    assert escalated(chain) == [*steps, (EventType.UNANSWERED, float(UNANSWERED_S))]


def test_each_step_calls_in_the_competent_units_and_keeps_those_before(chain: Chain) -> None:
    sweep_until(chain, DUE_S[1], every_s=10)
    routed = chain.incidents[0].routed
    assert routed.units == ("ioc", "services", "police-new-town")
    assert routed.reasons[-1] == "step 2: nobody acknowledged in time"


def test_a_sweep_that_runs_twice_takes_no_step_twice(chain: Chain) -> None:
    chain.now = seconds(DUE_S[0])
    assert [chain.sweep().deadlines, chain.sweep().deadlines] == [1, 0]


def test_a_sweep_that_is_late_takes_every_step_that_is_due_and_the_next_stays_where_it_was(chain: Chain) -> None:
    chain.now = seconds(DUE_S[2] + 50)
    assert chain.sweep().deadlines == 3
    assert [event for event, _ in escalated(chain)] == [EventType.ESCALATED] * 3
    assert chain.incidents[0].due_utc == seconds(DUE_S[3])


@pytest.mark.parametrize(
    "forgotten",
    [
        pytest.param(lambda pack: {"kinds": tuple(one for one in pack.kinds if one.kind != "flood")}, id="a kind"),
        pytest.param(lambda pack: {"areas": pack.areas[-1:]}, id="an area"),
    ],
)
def test_an_incident_of_what_the_pack_forgot_is_counted_and_keeps_no_other_waiting(
    chain: Chain, forgotten: Callable[[CityPack], dict[str, Any]]
) -> None:
    """Nobody may apply such a pack while an incident is live, but an upload past the tools may."""
    chain.deliver(*(chain.put(20 + 5.0 * n, "dark", camera_id="tv-5") for n in range(3)))
    (flood,) = (one for one in chain.incidents if one.kind == "flood")
    chain.now = seconds(UNANSWERED_S + 86_400)
    chain.pack = replace(chain.pack, **forgotten(chain.pack))
    assert chain.sweep().deadlines >= 1
    assert set(chain.unswept) == {flood.id}
    assert chain.store.get(flood.id) == flood


def test_who_acknowledges_in_time_stops_it(chain: Chain) -> None:
    incident = chain.incidents[0]
    chain.command(incident.id, Command(Action.ACKNOWLEDGE, "lan", incident.version, "k"))
    sweep_until(chain, UNANSWERED_S, every_s=10)
    assert escalated(chain) == []


def test_handling_that_takes_too_long_is_asked_after_until_it_ends(chain: Chain) -> None:
    incident = chain.incidents[0]
    taken = chain.command(incident.id, Command(Action.ACKNOWLEDGE, "lan", incident.version, "k"))
    resolve_s = chain.pack.kind("flood").resolve_s
    for times in (1, 2):
        chain.now = START + timedelta(seconds=OPENED_S + times * resolve_s)
        chain.sweep()
    asked = [event for event, _ in escalated(chain)]
    assert (asked, chain.incidents[0].status) == ([EventType.UNANSWERED] * 2, taken.status)


def test_the_strictest_chain_that_fits_holds() -> None:
    pack = Chain().pack
    severe = replace(FLOODS, id="severe-floods", min_severity="severe")
    pack = replace(pack, escalations=(FLOODS, severe))
    named = {severity: chain_for(pack, "flood", severity) for severity in ("minor", "moderate", "severe", "extreme")}
    assert [one.id for one in named.values() if one] == ["floods", "floods", "severe-floods", "severe-floods"]
    assert chain_for(pack, "garbage", "extreme") is None


def test_a_candidate_that_nobody_reviews_lapses_and_is_told_to_nobody() -> None:
    chain = Chain()
    chain.leave_health_alone()
    chain.deliver(*(chain.put(5.0 * n, "face:entry-1", camera_id="tv-4") for n in range(3)))
    chain.now += timedelta(seconds=chain.pack.kind("watchlist_candidate").review_s)
    assert chain.sweep().deadlines == 1
    (incident,) = chain.incidents
    assert (incident.status, incident.handling.dismissed_because) == (Status.DISMISSED, Reason.LAPSED)
    assert not any(event.is_told for event in chain.events)


def test_what_becomes_worse_climbs_the_stricter_chain_from_its_first_step(chain: Chain) -> None:
    severe = Escalation(
        "severe", ("flood",), (EscalationStep(60, ("fire",)), EscalationStep(60, ("ward_police",))), "severe"
    )
    kinds = tuple(replace(one, rises=(Rise("severe", after_s=200),)) for one in chain.pack.kinds)
    chain.pack = replace(chain.pack, escalations=(FLOODS, severe), kinds=kinds)
    sweep_until(chain, 130, every_s=10)
    chain.deliver(chain.put(200, "flood"))
    assert chain.incidents[0].due_utc == seconds(260)
    sweep_until(chain, 320, every_s=10)
    assert escalated(chain) == [(EventType.ESCALATED, at_s) for at_s in (130, 260, 320)]
    assert chain.incidents[0].routed.units == ("ioc", "fire", "services", "police-new-town")
