"""`python -m ops.cameras` and `python -m ops.status` against a running city."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache

import pytest
import typer
from typer.testing import CliRunner, Result

from city.reading import read_pack
from local.city import City, running_city
from ops import cameras, drill, status
from tests.e2e.conftest import START_UTC, TESTVILLE, ScriptedAnalyser, key_at

pytestmark = pytest.mark.xdist_group("city")


@pytest.fixture(scope="module")
def watched() -> Iterator[City]:
    """A city with a camera that is covered, one that fell silent, one that sees, and others never heard of."""
    with running_city(read_pack(TESTVILLE), start_utc=START_UTC, parts={"analyser": cache(ScriptedAnalyser)}) as city:
        city.put(key_at("tv-1", 0), b"quiet")
        for number in range(54, 60):
            city.put(key_at("tv-2", number), f"dark {number}".encode())
            city.put(key_at("tv-3", number), f"fire_smoke {number}".encode())
        city.put(key_at("tv-5", 0), b"stuck")
        city.settle(START_UTC + timedelta(minutes=10))
        yield city


def run(main: Callable[..., None], *arguments: str) -> Result:
    app = typer.Typer()
    app.command()(main)
    return CliRunner().invoke(app, arguments)


def test_cameras_that_need_somebody_are_listed(watched: City) -> None:
    told = {one["camera"]: (one["condition"], one["fault"]) for one in json.loads(run(cameras.main, "--json").stdout)}
    assert told.pop("tv-1") == ("offline", "")
    assert told.pop("tv-2") == ("blind", "dark")
    assert set(told.values()) == {("never seen", "")}
    assert "tv-3" not in told


def test_every_camera_is_listed_when_asked_for(watched: City) -> None:
    printed = run(cameras.main, "--all").stdout
    assert all(camera.id in printed for camera in watched.pack.cameras)


def test_status_counts_what_is_there(watched: City) -> None:
    told = json.loads(run(status.main, "--json").stdout)
    cameras_unheard = len(watched.pack.cameras) - 3
    assert told["cameras"] == {"blind": 1, "never seen": cameras_unheard, "offline": 1, "seeing": 1}
    assert told["incidents"] == {"camera_fault": 1, "fire_smoke": 1}
    assert (told["frames_waiting"], told["dead_letters"]) == (0, 1)
    assert "1 blind" in run(status.main).stdout


@pytest.mark.usefixtures("watched")
def test_status_counts_incidents_that_no_camera_follows() -> None:
    """An exercise, or one for the whole city: what goes on goes on, whoever opened it."""
    begun = run(drill.main, "--kind", "flood", "--camera", "tv-5").stdout.splitlines()[0]
    told = json.loads(run(status.main, "--json").stdout)
    run(drill.main, "--end", begun)
    assert told["incidents"] == {"camera_fault": 1, "fire_smoke": 1, "flood": 1}
