"""What every CameraStore promises."""

from dataclasses import replace

import pytest

from chalicelib.domain.cameras import CameraState
from tests.store.conftest import World
from tests.store.samples import at, heartbeat, opening, step, tracker, tracking

pytestmark = pytest.mark.xdist_group("store")


def test_an_unknown_camera_has_no_state(world: World) -> None:
    assert world.cameras.load("cam-1") == CameraState()


def test_heartbeat_and_trackers_come_back_as_they_went_in(world: World) -> None:
    flood, face = tracker("flood"), tracker("watchlist_candidate", subject="entry#7")
    world.cameras.beat(heartbeat())
    for one in (face, flood):
        world.incidents.commit(tracker=one)
    expected = CameraState(heartbeat(), (replace(flood, version=1), replace(face, version=1)))
    assert world.cameras.load("cam-1") == world.cameras.load("cam-1", fresh=True) == expected


def test_cameras_are_strangers_to_each_other(world: World) -> None:
    world.cameras.beat(heartbeat(camera_id="cam-2"))
    world.incidents.commit(tracker=tracker(camera_id="cam-2"))
    assert world.cameras.load("cam-1") == CameraState()


@pytest.mark.parametrize(
    ("beats", "newest"),
    [
        pytest.param((0, 60), 60, id="a newer one replaces"),
        pytest.param((60, 0), 60, id="an older one changes nothing"),
        pytest.param((0, 0.001), 0.001, id="a millisecond counts"),
        pytest.param((0.001, 0), 0.001, id="a millisecond counts backwards too"),
    ],
)
def test_heartbeats_never_go_backwards(world: World, beats: tuple[float, ...], newest: float) -> None:
    for seconds in beats:
        world.cameras.beat(heartbeat(seconds))
    assert world.cameras.load("cam-1").heartbeat == heartbeat(newest)


def test_a_heartbeat_of_the_same_instant_keeps_the_first(world: World) -> None:
    world.cameras.beat(heartbeat())
    world.cameras.beat(replace(heartbeat(), still_since_utc=at(-60)))
    assert world.cameras.load("cam-1").heartbeat == heartbeat()


def test_only_trackers_with_an_open_incident_are_listed(world: World) -> None:
    world.cameras.beat(heartbeat())
    world.incidents.commit(tracker=tracker("garbage"))
    changes = [opening(camera_id=camera_id) for camera_id in ("cam-1", "cam-2")]
    for change in changes:
        world.incidents.commit(change, tracker=tracking(change))
    listed = {one.incident_id for one in world.cameras.tracked_incidents()}
    assert listed == {change.incident.id for change in changes}


def test_a_tracker_leaves_the_list_when_its_incident_ends(world: World) -> None:
    change = opening()
    world.incidents.commit(change, tracker=tracking(change))
    world.incidents.commit(tracker=replace(tracking(change), version=1, incident_id=None))
    assert list(world.cameras.tracked_incidents()) == []


def test_the_cameras_last_heard_of_are_read_at_once(world: World) -> None:
    """More than one batch of DynamoDB's hundred, some of them silent so far."""
    ids = [f"cam-{number}" for number in range(120)]
    heard = ids[::40]
    for camera_id in heard:
        world.cameras.beat(heartbeat(camera_id=camera_id))
    world.incidents.commit(tracker=tracker(camera_id=ids[1]))
    assert world.cameras.last_heard(ids) == {camera_id: heartbeat(camera_id=camera_id) for camera_id in heard}
    assert world.cameras.last_heard([]) == {}


def test_traffic_comes_back_in_order_within_its_bounds_and_apart_from_the_state(world: World) -> None:
    steps = [step(300 * number) for number in range(4)]
    for one in reversed(steps):
        world.cameras.keep_traffic(one)
    world.cameras.keep_traffic(step(0, camera_id="cam-2"))
    kept = world.cameras.traffic("cam-1", from_utc=at(300), until_utc=at(900))
    assert kept == tuple(steps[1:3])
    assert world.cameras.load("cam-1") == CameraState()


def test_traffic_of_the_same_five_minutes_is_replaced(world: World) -> None:
    world.cameras.keep_traffic(step(0))
    fuller = replace(step(0), samples=5)
    world.cameras.keep_traffic(fuller)
    assert world.cameras.traffic("cam-1", from_utc=at(0), until_utc=at(300)) == (fuller,)
