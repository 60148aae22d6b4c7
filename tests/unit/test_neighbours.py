"""One event is one incident, however many cameras see it and however they race; two events are two."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.city import Camera, CityPack, Rise, Window
from chalicelib.domain.handled import Command
from chalicelib.domain.incidents import EventType, Incident, Reason
from chalicelib.domain.lifecycle import Action, Status
from tests.unit.chain import START, Chain

JOIN_RADIUS_M, COOLDOWN_S, HOLD_S = 300, 900, 1800
STEP_DEGREES = 0.0002
"""About 22 m of latitude."""
TWO_KM_DEGREES = 0.018


def city(pack: CityPack, cameras: dict[str, float], **options: object) -> CityPack:
    """Testville with cameras on a line, by their distance in degrees of latitude from its first."""
    street = pack.cameras[0]
    line = tuple(replace(street, id=name, latitude=street.latitude + north) for name, north in cameras.items())
    policy = {"join_radius_m": JOIN_RADIUS_M, "join_window_s": 600.0, "cooldown_s": COOLDOWN_S, "rises": (), **options}
    kinds = tuple(replace(one, **policy) if one.kind == "flood" else one for one in pack.kinds)  # type: ignore[arg-type]
    return replace(pack, cameras=line, kinds=kinds, escalations=(), windows=())


def chain_of(cameras: dict[str, float], **options: object) -> Chain:
    chain = Chain()
    chain.pack = city(chain.pack, cameras, **options)
    return chain


def flood(chain: Chain, camera_id: str, from_s: float = 0) -> None:
    chain.deliver(*(chain.put(from_s + 5.0 * n, "flood", camera_id=camera_id) for n in range(3)))


def quiet(chain: Chain, camera_id: str, at_s: float) -> None:
    chain.deliver(chain.put(at_s, camera_id=camera_id))


def end(chain: Chain, incident: Incident, action: Action, reason: Reason | None = None) -> None:
    chain.command(incident.id, Command(action, "lan", chain.command.read(incident.id).version, "k", reason=reason))


TEN = {f"cam-{n}": n * STEP_DEGREES for n in range(10)}
PAIR = {"here": 0.0, "near": STEP_DEGREES}


def test_ten_cameras_around_one_event_give_one_incident() -> None:
    chain = chain_of(TEN)
    for n, camera_id in enumerate(TEN):
        flood(chain, camera_id, from_s=n)
    (incident,) = chain.incidents
    assert set(incident.camera_ids) == set(TEN)
    assert [event.type for event in chain.events] == [EventType.OPENED] + [EventType.JOINED] * 9


def test_two_events_two_kilometres_apart_are_two_incidents() -> None:
    chain = chain_of({"here": 0.0, "far": TWO_KM_DEGREES})
    flood(chain, "here")
    flood(chain, "far")
    assert len(chain.incidents) == 2


def test_neighbours_that_confirm_in_turns_frame_by_frame_share_an_incident() -> None:
    chain = chain_of(PAIR)
    for n in range(3):
        for camera_id in PAIR:
            chain.deliver(chain.put(5.0 * n, "flood", camera_id=camera_id))
    assert len(chain.incidents) == 1


def test_a_neighbour_that_reads_before_the_first_has_written_looks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both saw no incident; the second finds the openings moved on, and joins."""
    chain = chain_of(PAIR)
    read = chain.store.openings
    seen_before = read("flood")
    flood(chain, "here")
    stale = iter([seen_before])
    monkeypatch.setattr(chain.store, "openings", lambda kind: next(stale, read(kind)))
    flood(chain, "near")
    (incident,) = chain.incidents
    assert incident.camera_ids == ("here", "near")


def test_it_ends_when_the_last_camera_sees_it_no_more() -> None:
    chain = chain_of(PAIR)
    flood(chain, "here")
    flood(chain, "near", from_s=600)
    quiet(chain, "here", HOLD_S + 20)
    assert (chain.incidents[0].status, chain.incidents[0].seen_by) == (Status.OPEN, ("near",))
    quiet(chain, "near", 600 + HOLD_S + 20)
    assert chain.incidents[0].status is Status.RESOLVED
    left = next(event for event in chain.events if event.type is EventType.LEFT)
    assert not left.is_told


def test_what_comes_back_soon_is_the_same_incident_to_be_acknowledged_anew() -> None:
    chain = chain_of(PAIR)
    flood(chain, "here")
    quiet(chain, "here", HOLD_S + 20)
    flood(chain, "near", from_s=HOLD_S + COOLDOWN_S - 60)
    (incident,) = chain.incidents
    assert (incident.status, incident.handling.level) == (Status.OPEN, 0)
    assert [event.type for event in chain.events] == [EventType.OPENED, EventType.RESOLVED, EventType.REOPENED]


def test_what_comes_back_late_is_a_new_incident() -> None:
    chain = chain_of(PAIR)
    flood(chain, "here")
    quiet(chain, "here", HOLD_S + 20)
    flood(chain, "near", from_s=HOLD_S + 20 + COOLDOWN_S + 60)
    assert len(chain.incidents) == 2


@pytest.mark.parametrize("camera_id", ["here", "near"])
def test_what_people_dismissed_does_not_come_back_before_the_cooldown_is_over(camera_id: str) -> None:
    chain = chain_of(PAIR)
    flood(chain, "here")
    end(chain, chain.incidents[0], Action.DISMISS, Reason.FALSE_ALARM)
    for from_s in range(20, COOLDOWN_S - 60, 20):
        flood(chain, camera_id, from_s=from_s)
    assert [one.status for one in chain.incidents] == [Status.DISMISSED]
    flood(chain, camera_id, from_s=COOLDOWN_S + 120)
    assert sorted(one.status for one in chain.incidents) == [Status.DISMISSED, Status.OPEN]


def test_what_people_resolved_and_cameras_still_see_is_open_again() -> None:
    chain = chain_of(PAIR)
    flood(chain, "here")
    end(chain, chain.incidents[0], Action.RESOLVE)
    chain.deliver(*(chain.put(20 + 5.0 * n, "flood", camera_id="here") for n in range(6)))
    (incident,) = chain.incidents
    assert incident.status is Status.OPEN
    assert chain.events[-1].type is EventType.REOPENED


def test_late_frames_of_what_is_over_open_nothing() -> None:
    chain = chain_of(PAIR)
    late = [chain.put(5.0 * n, "flood", camera_id="near") for n in range(3)]
    flood(chain, "here")
    quiet(chain, "here", HOLD_S + 20)
    chain.deliver(*late)
    assert [one.status for one in chain.incidents] == [Status.RESOLVED]


def test_a_candidate_that_leaves_and_returns_is_still_one_candidate() -> None:
    chain = Chain()
    for from_s in (0, 4000):
        chain.deliver(*(chain.put(from_s + 5.0 * n, "face:entry-1", camera_id="tv-4") for n in range(3)))
        chain.deliver(chain.put(from_s + 2000, camera_id="tv-4"))
    (incident,) = chain.incidents
    assert incident.status is Status.AWAITING_CONFIRMATION


def test_more_cameras_make_it_worse_and_that_is_news_at_once() -> None:
    chain = chain_of(TEN, rises=(Rise("extreme", cameras=3),))
    for n, camera_id in enumerate(TEN):
        flood(chain, camera_id, from_s=n)
    severities = [event.incident.severity for event in chain.events[:3]]
    assert severities == ["moderate", "moderate", "extreme"]


def test_time_makes_it_worse_without_waiting_for_the_next_update() -> None:
    chain = chain_of(PAIR, rises=(Rise("severe", after_s=60),))
    chain.deliver(*(chain.put(10.0 * n, "flood", camera_id="here") for n in range(8)))
    assert [(event.type, event.incident.severity) for event in chain.events] == [
        (EventType.OPENED, "moderate"),
        (EventType.UPDATED, "severe"),
    ]
    assert "police-new-town" in chain.incidents[0].routed.units


def test_many_cameras_tell_of_one_incident_no_more_often_than_one() -> None:
    chain = chain_of(TEN, update_s=600.0)
    for n in range(150):
        chain.deliver(*(chain.put(10.0 * n, "flood", camera_id=camera_id) for camera_id in TEN))
    assert sum(event.type is EventType.UPDATED for event in chain.events) == 2


BURST = {f"far-{n}": n * TWO_KM_DEGREES for n in range(6)}


def by_role(chain: Chain) -> tuple[list[Incident], list[Incident]]:
    parents = [one for one in chain.incidents if one.children]
    return parents, [one for one in chain.incidents if not one.children]


def test_a_burst_all_over_the_city_gets_one_parent_for_the_city() -> None:
    chain = chain_of(BURST, burst_count=4)
    for camera_id in BURST:
        flood(chain, camera_id)
    (parent,), children = by_role(chain)
    assert set(parent.children) == {one.id for one in children}
    assert all(one.parent_id == parent.id for one in children)
    assert (parent.place.area_id, parent.routed.units[0]) == ("*", "ioc")
    assert [one.camera_ids for one in sorted(children, key=lambda one: one.camera_ids)] == [(name,) for name in BURST]


def test_the_parent_ends_with_the_last_of_its_children() -> None:
    chain = chain_of(BURST, burst_count=4)
    for camera_id in BURST:
        flood(chain, camera_id)
    for n, camera_id in enumerate(BURST):
        (parent,), _ = by_role(chain)
        assert parent.is_live, n
        quiet(chain, camera_id, HOLD_S + 20)
    (parent,), _ = by_role(chain)
    assert parent.status is Status.RESOLVED


def test_openings_spread_over_the_day_are_no_burst() -> None:
    chain = chain_of(BURST, burst_count=4, burst_window_s=600.0)
    for n, camera_id in enumerate(BURST):
        flood(chain, camera_id, from_s=700.0 * n)
    assert not by_role(chain)[0]


def window(effect: str, until_s: float, cameras: tuple[str, ...] = ("*",)) -> Window:
    return Window("w", effect, "works", START, START + timedelta(seconds=until_s), cameras=cameras)


def test_in_a_window_nothing_opens_and_what_is_still_there_afterwards_does() -> None:
    chain = chain_of(PAIR)
    chain.pack = replace(chain.pack, windows=(window("suppress", 60),))
    flood(chain, "here")
    assert not chain.incidents
    flood(chain, "here", from_s=60)
    assert len(chain.incidents) == 1


def test_what_is_open_ends_in_a_window_as_ever() -> None:
    chain = chain_of(PAIR)
    flood(chain, "here")
    chain.pack = replace(chain.pack, windows=(window("suppress", 10_000),))
    quiet(chain, "here", HOLD_S + 20)
    assert chain.incidents[0].status is Status.RESOLVED


def test_an_exercise_is_marked_and_a_real_event_beside_it_is_an_incident_of_its_own() -> None:
    chain = chain_of(PAIR)
    chain.pack = replace(chain.pack, windows=(window("exercise", 10_000, cameras=("here",)),))
    flood(chain, "here")
    flood(chain, "near")
    assert sorted((one.camera_ids, one.exercise) for one in chain.incidents) == [(("here",), True), (("near",), False)]


def test_an_incident_is_where_the_picture_shows_it_when_the_view_is_surveyed() -> None:
    chain = Chain()
    gate = chain.pack.camera("tv-4")
    assert isinstance(gate, Camera)
    surveyed = replace(gate, image_to_ground=(0.0, 0.0, 108.0505, 0.0, 0.0, 12.6905, 0.0, 0.0, 1.0))
    chain.pack = replace(chain.pack, cameras=(surveyed,))
    chain.deliver(*(chain.put(5.0 * n, "face:entry-1", camera_id="tv-4") for n in range(3)))
    assert (chain.incidents[0].place.latitude, chain.incidents[0].place.longitude) == (12.6905, 108.0505)
