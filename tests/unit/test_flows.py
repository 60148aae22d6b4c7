"""From frames to alerts with the real rules, on fakes held to AWS's contract: invariants 2, 3 and 6 of the design."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import permutations

import pytest

from chalicelib.domain.confirmation import Tracker
from chalicelib.domain.frames import FrameRef
from chalicelib.domain.incidents import Change, EventType
from chalicelib.domain.lifecycle import Status
from chalicelib.domain.openings import Openings
from chalicelib.errors import Conflict, FrameRejected
from chalicelib.flows.follow_sightings import ATTEMPTS
from chalicelib.store.fakes import FakeIncidentStore
from tests.unit.chain import START, Chain

HOLD_S = 1800
"""Testville's hold time for floods."""


@pytest.fixture
def chain() -> Chain:
    return Chain()


def flood(chain: Chain, count: int = 3, *, camera_id: str = "tv-1") -> list[FrameRef]:
    return [chain.put(5.0 * n, "flood", camera_id=camera_id) for n in range(count)]


def types(chain: Chain) -> list[EventType]:
    return [event.type for event in chain.events]


def test_three_positive_frames_open_one_incident_at_its_place_for_its_units(chain: Chain) -> None:
    chain.deliver(*flood(chain))
    (incident,) = chain.incidents
    assert (incident.kind, incident.camera_ids, incident.status) == ("flood", ("tv-1",), Status.OPEN)
    assert incident.place.area_id == "new-town"
    assert incident.routed.units == ("ioc", "services")
    assert len(incident.evidence) == 3


def test_a_quiet_frame_writes_nothing_but_a_heartbeat_a_minute(chain: Chain) -> None:
    """Invariant 2."""
    beats = []
    for at_s in range(0, 130, 10):
        chain.deliver(chain.put(at_s))
        beats.append(chain.cameras.heartbeats["tv-1"].captured_at_utc)
    assert sorted(set(beats)) == [START + timedelta(seconds=s) for s in (0, 60, 120)]
    assert not chain.cameras.trackers
    assert not chain.incidents


@pytest.mark.parametrize("order", [*permutations(range(3))])
def test_any_order_and_any_number_of_deliveries_give_one_incident(chain: Chain, order: Sequence[int]) -> None:
    """Invariant 3."""
    frames = flood(chain)
    chain.deliver(*(frames[n] for n in order for _ in range(3)))
    chain.deliver(*frames)
    assert types(chain) == [EventType.OPENED]
    assert [one.frame_key for one in chain.incidents[0].evidence] == [frame.key for frame in frames]


def test_frames_of_an_ended_incident_delivered_again_open_no_second_one(chain: Chain) -> None:
    """Invariant 3."""
    frames = flood(chain)
    chain.deliver(*frames, chain.put(HOLD_S + 10))
    chain.deliver(*frames)
    assert types(chain) == [EventType.OPENED, EventType.RESOLVED]


def test_two_cameras_have_an_incident_each(chain: Chain) -> None:
    chain.deliver(*flood(chain), *flood(chain, camera_id="tv-2"))
    assert {incident.camera_ids for incident in chain.incidents} == {("tv-1",), ("tv-2",)}


def test_lasting_quiet_resolves_and_a_new_flood_is_a_new_incident(chain: Chain) -> None:
    chain.deliver(*flood(chain), chain.put(HOLD_S + 9))
    assert types(chain) == [EventType.OPENED]
    chain.deliver(chain.put(HOLD_S + 10))
    assert chain.incidents[0].status is Status.RESOLVED
    chain.deliver(*(chain.put(HOLD_S + 100 + 5 * n, "flood") for n in range(3)))
    assert len(chain.incidents) == 2


def test_an_incident_that_goes_on_is_told_again_only_now_and_then(chain: Chain) -> None:
    chain.deliver(*(chain.put(60.0 * n, "flood") for n in range(30)))
    assert types(chain) == [EventType.OPENED, EventType.UPDATED, EventType.UPDATED]
    assert [event.number for event in chain.events] == [1, 2, 3]


def test_the_sweep_ends_what_went_quiet_before_its_positives_arrived(chain: Chain) -> None:
    quiet = chain.put(HOLD_S + 100)
    chain.deliver(quiet, *reversed(flood(chain)))
    assert types(chain) == [EventType.OPENED]
    assert chain.sweep().ended == 1
    assert types(chain) == [EventType.OPENED, EventType.RESOLVED]
    assert chain.sweep().ended == 0


def test_the_sweep_leaves_a_camera_that_fell_silent_alone(chain: Chain) -> None:
    chain.deliver(*flood(chain))
    chain.now += timedelta(days=1)
    assert chain.sweep().ended == 0


def test_a_candidate_awaits_people_and_reaches_no_unit(chain: Chain) -> None:
    """Invariant 6."""
    chain.deliver(*(chain.put(5.0 * n, "face:entry-1", camera_id="tv-4") for n in range(3)))
    chain.deliver(chain.put(4000, "", camera_id="tv-4"))
    chain.publish_all()
    (incident,) = chain.incidents
    assert (incident.subject, incident.status) == ("entry-1", Status.AWAITING_CONFIRMATION)
    assert not chain.bus.published


def test_two_listed_people_at_one_camera_are_two_incidents(chain: Chain) -> None:
    chain.deliver(*(chain.put(5.0 * n, f"face:entry-{n % 2}", camera_id="tv-4") for n in range(6)))
    assert {incident.subject for incident in chain.incidents} == {"entry-0", "entry-1"}


def test_a_blind_camera_is_a_fault_for_those_who_mend_cameras(chain: Chain) -> None:
    chain.deliver(*(chain.put(5.0 * n, "dark") for n in range(3)))
    (incident,) = chain.incidents
    assert (incident.kind, incident.label, incident.routed.units) == ("camera_fault", "dark", ("ioc", "services"))


def test_every_event_is_published_under_its_own_id_however_often(chain: Chain) -> None:
    chain.deliver(*flood(chain), chain.put(HOLD_S + 10))
    chain.publish_all()
    chain.publish_all()
    ids = [alert.id for alert in chain.bus.published]
    assert ids == [event.id for event in chain.events] * 2


@pytest.mark.parametrize(
    ("camera_id", "at_s", "reason"),
    [
        pytest.param("nobody-knows", 0, "unknown_camera", id="a camera the city pack doesn't know"),
        pytest.param("tv-1", 301, "captured_in_future", id="a clock that runs ahead"),
    ],
)
def test_frames_that_are_not_admitted(chain: Chain, camera_id: str, at_s: float, reason: str) -> None:
    frame = chain.put(at_s, camera_id=camera_id)
    chain.now = START
    with pytest.raises(FrameRejected) as rejected:
        chain.analyse(frame)
    assert rejected.value.reason == reason


@dataclass
class Contended(FakeIncidentStore):
    """Lets somebody else write the tracker before each of the first few commits."""

    races: int = 0

    def commit(self, *changes: Change, tracker: Tracker | None = None, openings: Openings | None = None) -> None:
        if self.races:
            self.races -= 1
            raise Conflict("somebody else wrote first")
        super().commit(*changes, tracker=tracker, openings=openings)


@pytest.mark.parametrize(("races", "settled"), [(ATTEMPTS - 1, True), (ATTEMPTS, False)])
def test_a_lost_race_is_run_again_and_in_the_end_left_to_the_queue(chain: Chain, races: int, settled: bool) -> None:  # noqa: FBT001
    contended = Contended(chain.cameras, races=races)
    analyse = replace(chain.analyse, follow=replace(chain.analyse.follow, incidents=contended))
    frame = chain.put(0, "flood")
    if settled:
        analyse(frame)
    else:
        with pytest.raises(Conflict):
            analyse(frame)
    assert bool(chain.cameras.trackers) is settled
