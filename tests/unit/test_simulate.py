"""The simulator finds what it must: an hour of a small city is as promised, and each broken promise is told."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.simulate import script as scripts
from bench.simulate.city import SimulatedCity, with_drills
from bench.simulate.pace import measure_frame_s
from bench.simulate.scale import Size, limits
from bench.simulate.script import Happening, Script, write_script
from bench.simulate.verdict import find_breaches
from chalicelib.domain.incidents import Incident
from city.reading import read_pack
from local.replay import CITY

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
PACK = read_pack(CITY)


def fire(camera_id: str, *, exercise: bool = False, answered_after_s: float | None = 30) -> Happening:
    until = START + timedelta(minutes=4)
    return Happening("fire_smoke", (camera_id,), START, until, exercise=exercise, answered_after_s=answered_after_s)


def an_hour(*happenings: Happening) -> SimulatedCity:
    """Twenty minutes of the cameras that something happens to, and of one more."""
    cameras = {camera_id for one in happenings for camera_id in one.camera_ids} | {"bmt-0001"}
    small = replace(PACK, cameras=tuple(one for one in PACK.cameras if one.id in cameras))
    story = Script(START, 10, happenings, (), lasts=timedelta(minutes=20))
    city = SimulatedCity(with_drills(small, story), story, seed=3)
    city.run(lambda: None)
    return city


@pytest.fixture
def city() -> SimulatedCity:
    return an_hour(fire("bmt-0100"), fire("bmt-0390", exercise=True), fire("bmt-0522", answered_after_s=None))


def test_a_small_hour_is_as_promised(city: SimulatedCity) -> None:
    assert find_breaches(city) == ()
    assert len(city.incidents.incidents) == 3


def change(city: SimulatedCity, camera_id: str, **changes: object) -> None:
    """Tamper with the incident of a camera and with its timeline's end."""
    found = next(one for one in city.incidents.incidents.values() if camera_id in one.camera_ids)
    tampered: Incident = replace(found, **changes)  # type: ignore[arg-type]
    city.incidents.incidents[found.id] = tampered


@pytest.mark.parametrize(
    ("breaks", "told"),
    [
        pytest.param(lambda city: setattr(city, "put", city.put + 1), "are accounted for", id="a frame was lost"),
        pytest.param(lambda city: city.incidents.incidents.clear(), "no incident for", id="an incident is missing"),
        pytest.param(lambda city: change(city, "bmt-0100", kind="flood"), "in no script", id="one is of nothing"),
        pytest.param(
            lambda city: change(city, "bmt-0390", exercise=False), "exercise is False", id="a drill is unmarked"
        ),
        pytest.param(lambda city: city.bus.published.clear(), "not told", id="an alert was lost"),
        pytest.param(
            lambda city: city.bus.published.append(replace(city.bus.published[0], id="x/1")),
            "which nobody may hear",
            id="an alert is of nothing",
        ),
        pytest.param(
            lambda city: city.bus.published.extend(replace(one, exercise=False) for one in tuple(city.bus.published)),
            "goes to",
            id="a drill reaches a live unit",
        ),
        pytest.param(
            lambda city: change(city, "bmt-0522", due_utc=START), "overdue", id="a deadline passed without a step"
        ),
    ],
)
def test_each_broken_promise_is_told(city: SimulatedCity, breaks: Callable[[SimulatedCity], object], told: str) -> None:
    breaks(city)
    assert any(told in breach for breach in find_breaches(city)), find_breaches(city)


def test_the_same_seed_is_the_same_hour_and_another_one_another() -> None:
    one, again, other = (write_script(PACK, seed=seed, start_utc=START, cadence_s=10) for seed in (1, 1, 2))
    assert one == again
    assert one != other


@pytest.mark.parametrize("seed", range(5))
def test_what_happens_keeps_apart_so_that_each_is_an_incident_of_its_own(seed: int) -> None:
    story = write_script(PACK, seed=seed, start_utc=START, cadence_s=10)
    seen = [camera_id for one in story.happenings for camera_id in one.camera_ids]
    assert len(seen) == len(set(seen))
    assert len(story.happenings) == sum(scripts.HOW_MANY.values()) + scripts.DRILLS + scripts.OUTAGES


def test_the_limit_that_is_met_first_comes_first(city: SimulatedCity) -> None:
    found = limits(city.bill, Size(cameras=6, opened=3, tracked=2), frame_s=0.2, times=1000)
    assert [one.share for one in found] == sorted((one.share for one in found), reverse=True)


def test_a_larger_city_uses_as_much_more_of_every_limit() -> None:
    """Ten times the cameras are ten times of all: of functions, grants, and the seconds of a sweep that sees each."""
    hour = Counter(lambda_request=36_000, dynamodb_write=7200, did_tracker_write=3600, sns_request=360, s3_put=36_000)
    now, later = (limits(hour, Size(500, 10, 20), frame_s=0.1, times=times) for times in (1, 10))
    used = [{one.name: one.used for one in found} for found in (now, later)]
    shared = "functions at once in the account"  # with those that are there anyway
    assert {name: used[0][name] * 10 for name in used[0] if name != shared} == pytest.approx(
        {name: used[1][name] for name in used[1] if name != shared}
    )
    assert used[0]["seconds that a sweep takes"] == pytest.approx((5 + 20) * 0.01)
    assert used[0]["functions that look at frames at once"] == pytest.approx(1)


def test_a_frame_is_timed_with_the_very_models(models_dir: Path) -> None:
    """A figure that was typed in would outlive the models that it was true of."""
    assert 0.02 < measure_frame_s(PACK, models_dir) < 3
