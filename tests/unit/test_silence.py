"""A camera that falls silent is a fault for those who mend cameras, once, until its frames come again."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.handled import Command
from chalicelib.domain.incidents import Reason
from chalicelib.domain.lifecycle import Action, Status
from tests.unit.chain import START, Chain


@pytest.fixture
def chain() -> Chain:
    chain = Chain()
    chain.pack = replace(chain.pack, escalations=())
    chain.deliver(chain.put(0))
    return chain


def sweep_at(chain: Chain, at_s: float) -> int:
    chain.now = START + timedelta(seconds=at_s)
    return chain.sweep().silent


def test_a_silent_camera_is_one_fault_however_often_the_sweep_comes_by(chain: Chain) -> None:
    assert [sweep_at(chain, at_s) for at_s in (240, 300, 360, 420)] == [0, 1, 0, 0]
    (incident,) = chain.incidents
    assert (incident.kind, incident.label, incident.camera_ids) == ("camera_fault", "offline", ("tv-1",))
    assert incident.first_seen_utc == START
    assert incident.evidence == ()


def test_a_camera_that_was_never_heard_of_is_not_connected_yet(chain: Chain) -> None:
    sweep_at(chain, 3600)
    assert [one.camera_ids for one in chain.incidents] == [("tv-1",)]


def test_frames_that_come_again_end_it_when_they_go_on_coming(chain: Chain) -> None:
    sweep_at(chain, 300)
    statuses = []
    for at_s in (310, chain.pack.kind("camera_fault").hold_s):
        chain.deliver(chain.put(at_s))
        statuses.append(chain.incidents[0].status)
    assert statuses == [Status.OPEN, Status.RESOLVED]


def test_a_camera_that_fell_silent_while_it_was_covered_has_one_fault(chain: Chain) -> None:
    chain.deliver(*(chain.put(5.0 * n, "dark") for n in range(1, 4)))
    assert sweep_at(chain, 600) == 0
    assert [one.label for one in chain.incidents] == ["dark"]


def test_what_people_dismissed_stays_dismissed_while_the_silence_lasts(chain: Chain) -> None:
    sweep_at(chain, 300)
    incident = chain.incidents[0]
    chain.command(incident.id, Command(Action.DISMISS, "lan", incident.version, "k", reason=Reason.PLANNED_WORKS))
    assert [sweep_at(chain, at_s) for at_s in (360, 4000, 8000)] == [0, 0, 0]
    assert [one.status for one in chain.incidents] == [Status.DISMISSED]


def test_a_camera_whose_health_is_nobodys_business_may_fall_silent(chain: Chain) -> None:
    chain.leave_health_alone()
    assert sweep_at(chain, 3600) == 0


def test_a_power_cut_is_one_incident_for_the_city_over_those_of_its_cameras() -> None:
    chain = Chain()
    kinds = tuple(replace(one, burst_count=4) if one.kind == "camera_fault" else one for one in chain.pack.kinds)
    chain.pack = replace(chain.pack, kinds=kinds, escalations=())
    chain.deliver(*(chain.put(0, camera_id=camera.id) for camera in chain.pack.cameras))
    silent = sweep_at(chain, 300)
    (parent,) = [one for one in chain.incidents if one.children]
    assert len(parent.children) == silent == len(chain.pack.cameras)
