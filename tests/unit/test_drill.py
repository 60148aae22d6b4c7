"""An exercise goes the way of a real incident, to those who drill and nobody else, until somebody ends it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.incidents import EventType
from chalicelib.domain.lifecycle import Status
from chalicelib.errors import InvalidInput, MatphoError, NotFound, WrongState
from chalicelib.flows.drill import Drill
from tests.unit.chain import Chain

DRILLING = ("ioc", "fire")
"""Testville's units that take part."""


@pytest.fixture
def chain() -> Chain:
    return Chain()


@pytest.fixture
def drill(chain: Chain) -> Drill:
    return Drill(chain.store, chain.command, lambda: chain.pack, chain.clock)


def test_an_exercise_is_routed_and_told_to_those_who_drill(chain: Chain, drill: Drill) -> None:
    incident = drill.start(kind="fire_smoke", camera_id="tv-1")
    chain.publish_all()
    (alert,) = chain.bus.published
    assert (incident.exercise, incident.place.area_id) == (True, "new-town")
    assert alert.audience == tuple(f"drill/{unit}" for unit in DRILLING)
    assert [one.frame_key.partition("/")[0] for one in incident.evidence] == ["drill"]


def test_an_exercise_climbs_its_chain_among_those_who_drill(chain: Chain, drill: Drill) -> None:
    """Escalation is what there is to practise, and it calls nobody in who doesn't."""
    drill.start(kind="fire_smoke", camera_id="tv-1")
    chain.now += timedelta(hours=1)
    chain.sweep()
    (incident,) = chain.incidents
    assert incident.handling.level > 1
    assert set(incident.routed.units) == set(DRILLING)


def test_an_exercise_that_nobody_answers_wakes_nobody(chain: Chain, drill: Drill) -> None:
    """Not even when it reaches nobody but the desk for the unrouted."""
    chain.pack = replace(chain.pack, routes=(), units=tuple(replace(one, drills=True) for one in chain.pack.units))
    drill.start(kind="fire_smoke", camera_id="tv-1")
    chain.now += timedelta(days=3)
    chain.sweep()
    chain.publish_all()
    assert EventType.UNANSWERED in {event.type for event in chain.events}
    assert chain.unrouted == chain.unanswered == []


def test_a_real_fire_beside_an_exercise_is_an_incident_of_its_own(chain: Chain, drill: Drill) -> None:
    exercise = drill.start(kind="fire_smoke", camera_id="tv-1")
    chain.deliver(*(chain.put(5.0 * n, "fire_smoke") for n in range(3)))
    (real,) = [one for one in chain.incidents if one.id != exercise.id]
    assert not real.exercise
    assert "police-new-town" in real.routed.units


def test_an_exercise_is_as_severe_as_it_is_told_to_be(drill: Drill) -> None:
    assert drill.start(kind="flood", camera_id="tv-1", severity="extreme").severity == "extreme"
    assert drill.start(kind="flood", camera_id="tv-2").severity == "moderate"


@pytest.mark.parametrize(
    ("kind", "status", "last"),
    [
        pytest.param("fire_smoke", Status.RESOLVED, EventType.RESOLVED, id="all clear"),
        pytest.param("watchlist_candidate", Status.DISMISSED, EventType.DISMISSED, id="a candidate is rejected"),
    ],
)
def test_the_end_of_an_exercise_is_told_to_those_who_heard_of_it(
    chain: Chain, drill: Drill, kind: str, status: Status, last: EventType
) -> None:
    ended = drill.end(drill.start(kind=kind, camera_id="tv-4").id)
    chain.publish_all()
    assert (ended.status, chain.events[-1].type) == (status, last)
    assert len(chain.bus.published) == (2 if kind == "fire_smoke" else 0)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        pytest.param({"kind": "fire"}, "there is no kind 'fire': fire_smoke, ", id="an unknown kind"),
        pytest.param({"camera_id": "tv-99"}, "no camera 'tv-99'", id="an unknown camera"),
        pytest.param({"severity": "bad"}, "no severity 'bad': minor, ", id="an unknown severity"),
    ],
)
def test_what_the_city_has_not_got_opens_nothing(chain: Chain, drill: Drill, asked: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        drill.start(**{"kind": "flood", "camera_id": "tv-1", **asked})
    assert not chain.incidents


def test_an_exercise_without_anybody_who_drills_is_refused(chain: Chain, drill: Drill) -> None:
    chain.pack = replace(chain.pack, units=tuple(replace(unit, drills=False) for unit in chain.pack.units))
    with pytest.raises(InvalidInput, match="no unit takes part"):
        drill.start(kind="flood", camera_id="tv-1")
    assert not chain.incidents


@pytest.mark.parametrize(
    ("which", "error"),
    [
        pytest.param("real", WrongState, id="a real incident"),
        pytest.param("over", WrongState, id="an exercise that is over"),
        pytest.param("unknown", NotFound, id="one that isn't there"),
    ],
)
def test_only_an_exercise_that_goes_on_is_ended(
    chain: Chain, drill: Drill, which: str, error: type[MatphoError]
) -> None:
    chain.deliver(*(chain.put(5.0 * n, "fire_smoke") for n in range(3)))
    (real,) = chain.incidents
    over = drill.end(drill.start(kind="flood", camera_id="tv-2").id)
    told = len(chain.events)
    with pytest.raises(error):
        drill.end({"real": real.id, "over": over.id, "unknown": "20260301-none"}[which])
    assert len(chain.events) == told
