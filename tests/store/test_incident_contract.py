"""What every IncidentStore promises: all or nothing, each version once, the newest first."""

from dataclasses import replace

import pytest

from chalicelib.domain.confirmation import Tracker
from chalicelib.domain.incidents import Change
from chalicelib.domain.openings import note
from chalicelib.domain.seen import lose
from chalicelib.errors import Conflict
from tests.store.conftest import World
from tests.store.samples import at, growing, opening, recent, tracker, tracking

pytestmark = pytest.mark.xdist_group("store")


@pytest.fixture
def opened() -> Change:
    return opening()


@pytest.fixture
def grown(opened: Change) -> Change:
    return growing(opened, 30)


def test_an_incident_and_its_event_come_back_as_they_went_in(world: World, opened: Change) -> None:
    world.incidents.commit(opened, tracker=tracking(opened))
    assert world.incidents.get(opened.incident.id) == opened.incident
    assert world.incidents.timeline(opened.incident.id) == (opened.event,)


def test_an_unknown_incident_is_none_and_has_no_timeline(world: World) -> None:
    assert world.incidents.get("nobody") is None
    assert world.incidents.timeline("nobody") == ()


def test_the_timeline_is_in_order_past_its_ninth_event(world: World, opened: Change) -> None:
    change, follower = opened, tracking(opened)
    for number in range(1, 12):
        world.incidents.commit(change, tracker=replace(follower, version=number - 1))
        change = growing(change, number)
    assert [event.number for event in world.incidents.timeline(opened.incident.id)] == list(range(1, 12))
    assert world.incidents.get(opened.incident.id) == world.incidents.timeline(opened.incident.id)[-1].incident


@pytest.mark.parametrize(
    ("known", "read"),
    [
        pytest.param(0, 1, id="the record has expired"),
        pytest.param(1, 0, id="somebody else began it"),
        pytest.param(2, 1, id="somebody else changed it"),
    ],
)
def test_a_tracker_that_moved_on_is_a_conflict(world: World, known: int, read: int) -> None:
    for version in range(known):
        world.incidents.commit(tracker=replace(tracker(), version=version))
    before = world.cameras.load("cam-1", fresh=True)
    with pytest.raises(Conflict):
        world.incidents.commit(tracker=replace(tracker(), version=read, last_positive_utc=at(99)))
    assert world.cameras.load("cam-1", fresh=True) == before


def test_a_stale_tracker_keeps_its_incident_from_being_written(world: World, opened: Change) -> None:
    world.incidents.commit(tracker=tracker())
    with pytest.raises(Conflict):
        world.incidents.commit(opened, tracker=tracking(opened))
    assert world.incidents.get(opened.incident.id) is None
    assert world.incidents.timeline(opened.incident.id) == ()
    assert world.incidents.newest() == ()
    assert [one.incident_id for one in world.cameras.load("cam-1", fresh=True).trackers] == [None]


def test_an_incident_that_moved_on_keeps_the_tracker_from_being_written(
    world: World, opened: Change, grown: Change
) -> None:
    world.incidents.commit(opened, tracker=tracking(opened))
    world.incidents.commit(grown, tracker=replace(tracking(opened), version=1))
    other = replace(tracking(opened), kind="garbage")
    with pytest.raises(Conflict):
        world.incidents.commit(grown, tracker=other)
    assert world.cameras.load("cam-1", fresh=True).trackers == (replace(tracking(opened), version=2),)
    assert world.incidents.timeline(opened.incident.id) == (opened.event, grown.event)


def test_an_incident_that_is_not_there_can_not_grow(world: World, opened: Change, grown: Change) -> None:
    with pytest.raises(Conflict):
        world.incidents.commit(grown, tracker=tracking(opened))
    assert world.incidents.timeline(opened.incident.id) == ()


def test_a_commit_whose_answer_was_lost_conflicts_and_then_reads_as_done(world: World, opened: Change) -> None:
    world.incidents.commit(opened, tracker=tracking(opened))
    with pytest.raises(Conflict):
        world.incidents.commit(opened, tracker=tracking(opened))
    assert world.cameras.load("cam-1", fresh=True).trackers == (replace(tracking(opened), version=1),)
    assert world.incidents.timeline(opened.incident.id) == (opened.event,)


def test_of_two_that_read_the_same_one_wins(world: World, opened: Change, grown: Change) -> None:
    world.incidents.commit(opened, tracker=tracking(opened))
    ended = lose(opened.incident, "cam-1", last_seen_utc=at(0), at_utc=at(300))
    read: Tracker = replace(tracking(opened), version=1)
    world.incidents.commit(grown, tracker=read)
    with pytest.raises(Conflict):
        world.incidents.commit(ended, tracker=replace(read, incident_id=None))
    assert world.incidents.get(opened.incident.id) == grown.incident


def test_the_incident_that_changed_last_comes_first(world: World) -> None:
    changes = [opening(seconds, camera_id=f"cam-{seconds}") for seconds in (20, 0, 10.5, 10)]
    for change in changes:
        world.incidents.commit(change, tracker=tracking(change))
    again = growing(changes[1], 30)
    world.incidents.commit(again, tracker=replace(tracking(changes[1]), version=1))
    expected = (again.incident, changes[0].incident, changes[2].incident)
    assert world.incidents.newest(3) == expected


def test_changed_since_lists_later_changes_and_the_instant_itself(world: World) -> None:
    changes = [opening(seconds, camera_id=f"cam-{seconds}") for seconds in (60, 0, 30)]
    for change in changes:
        world.incidents.commit(change, tracker=tracking(change))
    listed = [one.camera_ids[0] for one in world.incidents.changed_since(at(30))]
    assert listed == ["cam-30", "cam-60"]


def test_changed_until_lists_earlier_changes_and_the_instant_itself_the_newest_first(world: World) -> None:
    changes = [opening(seconds, camera_id=f"cam-{seconds}") for seconds in (60, 0, 30)]
    for change in changes:
        world.incidents.commit(change, tracker=tracking(change))
    listed = [one.camera_ids[0] for one in world.incidents.changed_until(at(30))]
    assert listed == ["cam-30", "cam-0"]


def test_what_changes_together_is_written_together(world: World, opened: Change) -> None:
    other = opening(1, camera_id="cam-2")
    openings = note(world.incidents.openings("flood"), recent(opened))
    world.incidents.commit(opened, other, tracker=tracking(opened), openings=openings)
    assert world.incidents.openings("flood") == replace(openings, version=1)
    assert {one.id for one in world.incidents.newest()} == {opened.incident.id, other.incident.id}


def test_openings_that_moved_on_keep_an_incident_from_opening(world: World, opened: Change) -> None:
    read = world.incidents.openings("flood")
    world.incidents.commit(opened, tracker=tracking(opened), openings=note(read, recent(opened)))
    late = opening(1, camera_id="cam-2")
    with pytest.raises(Conflict):
        world.incidents.commit(late, tracker=tracking(late), openings=note(read, recent(late)))
    assert world.incidents.get(late.incident.id) is None
    assert not world.cameras.load("cam-2", fresh=True).trackers


def test_openings_of_one_kind_say_nothing_of_another(world: World, opened: Change) -> None:
    world.incidents.commit(opened, openings=note(world.incidents.openings("flood"), recent(opened)))
    assert world.incidents.openings("garbage").recent == ()


def test_due_lists_live_incidents_by_their_deadline_and_the_instant_itself(world: World) -> None:
    late, early, over = (opening(seconds, camera_id=f"cam-{seconds}") for seconds in (60, 0, 30))
    for one in (late, early, over):
        world.incidents.commit(one)
    world.incidents.commit(lose(over.incident, "cam-30", last_seen_utc=at(30), at_utc=at(90)))
    assert late.incident.due_utc is not None
    assert early.incident.due_utc is not None
    assert [one.id for one in world.incidents.due(late.incident.due_utc)] == [early.incident.id, late.incident.id]
    assert [one.id for one in world.incidents.due(early.incident.due_utc)] == [early.incident.id]
    assert {one.id for one in world.incidents.live()} == {early.incident.id, late.incident.id}


def test_an_incident_changes_without_a_tracker_as_people_change_it(world: World, opened: Change) -> None:
    world.incidents.commit(opened)
    world.incidents.commit(growing(opened, 30))
    with pytest.raises(Conflict):
        world.incidents.commit(growing(opened, 60))
    assert len(world.incidents.timeline(opened.incident.id)) == 2
