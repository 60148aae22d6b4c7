"""`python -m ops.alerts republish` against a running city."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import pytest
from typer.testing import CliRunner

from city.reading import read_pack
from local.city import City, running_city
from local.units import EVERYTHING
from ops.alerts import app
from tests.e2e.conftest import START_UTC, TESTVILLE, ScriptedAnalyser, key_at

pytestmark = pytest.mark.xdist_group("city")


@dataclass(frozen=True)
class Told:
    """A city, and the ids of the alerts that it told."""

    city: City
    ids: frozenset[str]


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    """A city in which a fire was told at 20 seconds, and a flood five minutes later, when the fire had escalated."""
    with running_city(read_pack(TESTVILLE), start_utc=START_UTC, parts={"analyser": cache(ScriptedAnalyser)}) as city:
        for number, camera_id, kind in [(0, "tv-1", "fire_smoke"), (30, "tv-2", "flood")]:
            for later in range(number, number + 3):
                city.put(key_at(camera_id, later), f"{kind} {later}".encode())
                city.settle(START_UTC + timedelta(seconds=10 * later))
        yield Told(city, frozenset(alert["id"] for alert in city.units.received()[EVERYTHING]))


def republish(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["republish", *arguments])
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("until", "again"),
    [
        pytest.param("2026-03-02T01:05:00", {("fire_smoke", "opened")}, id="what happened later is left alone"),
        pytest.param("2026-03-02", set(), id="nothing before anything happened"),
        pytest.param(
            "2026-03-03",
            {("fire_smoke", "opened"), ("fire_smoke", "escalated"), ("flood", "opened")},
            id="everything",
        ),
    ],
)
def test_alerts_of_a_stretch_are_told_again_under_their_own_ids(
    told: Told, until: str, again: set[tuple[str, str]]
) -> None:
    """Invariant 4: an alert that is repeated is recognisably the same."""
    assert republish("--since", "2026-03-01", "--until", until)[0] == 0
    heard = told.city.units.received()[EVERYTHING]
    assert {(alert["data"]["kind"], alert["data"]["type"]) for alert in heard} == again
    assert {alert["id"] for alert in heard} <= told.ids


def test_a_stretch_that_ends_before_it_begins_is_refused() -> None:
    code, printed, refused = republish("--since", "2026-03-03", "--until", "2026-03-02T07:00:00+0700")
    assert (code, printed) == (2, "")
    assert refused == "nothing lies between 2026-03-03T00:00:00+00:00 and 2026-03-02T00:00:00+00:00\n"
