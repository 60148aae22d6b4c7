"""`python -m ops.drill` against a running city: through the stream and SNS to those who drill, and to nobody else."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element

import pytest
import typer
from defusedxml import ElementTree
from typer.testing import CliRunner

from city.reading import read_pack
from local.city import City, running_city
from local.units import EVERYTHING
from ops import alerts
from ops.drill import main
from tests.e2e.conftest import START_UTC, TESTVILLE, ScriptedAnalyser, key_at

pytestmark = pytest.mark.xdist_group("city")

DRILLING = {"ioc", "fire"}

drills = typer.Typer()
drills.command()(main)


@dataclass(frozen=True)
class Drilled:
    """What units got of a real fire, and of an exercise started beside it and ended."""

    city: City
    exercise_id: str
    received: dict[str, list[Any]]


@pytest.fixture(scope="module")
def drilled() -> Iterator[Drilled]:
    with running_city(read_pack(TESTVILLE), start_utc=START_UTC, parts={"analyser": cache(ScriptedAnalyser)}) as city:
        for number in range(3):
            city.put(key_at("tv-1", number), f"fire_smoke {number}".encode())
        city.settle(START_UTC + timedelta(seconds=30))
        exercise_id = run("--kind", "flood", "--camera", "tv-5", "--severity", "extreme").splitlines()[0]
        city.settle(START_UTC + timedelta(seconds=40))
        run("--end", exercise_id)
        city.settle(START_UTC + timedelta(seconds=50))
        yield Drilled(city, exercise_id, city.units.received())


def run(*arguments: str) -> str:
    done = CliRunner().invoke(drills, arguments)
    assert done.exit_code == 0, done.stderr
    return done.stdout


def show(alert_id: str, form: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(alerts.app, ["show", alert_id, "--format", form])
    return done.exit_code, done.stdout, done.stderr


def test_an_exercise_reaches_those_who_drill_from_its_opening_to_its_end(drilled: Drilled) -> None:
    """A flood is the centre's among those who drill; the brigade drills too, for fires."""
    exercise = [one for one in drilled.received["ioc"] if one["data"]["exercise"]]
    assert [one["data"]["type"] for one in exercise] == ["opened", "resolved"]
    assert {one["subject"] for one in exercise} == {drilled.exercise_id}


def test_live_units_hear_of_the_real_fire_alone(drilled: Drilled) -> None:
    """The harbour's police and services would have had the flood, had it been real."""
    live = {unit: got for unit, got in drilled.received.items() if unit not in {*DRILLING, EVERYTHING}}
    assert not [one for got in live.values() for one in got if one["data"]["exercise"]]
    assert [one["data"]["kind"] for one in live["police-new-town"]] == ["fire_smoke"]


def test_an_alert_is_shown_in_the_form_that_is_asked_for(drilled: Drilled) -> None:
    alert_id = f"{drilled.exercise_id}/1"
    assert json.loads(show(alert_id, "cloud-event")[1])["id"] == alert_id
    root: Element = ElementTree.fromstring(show(alert_id, "cap")[1].encode())
    assert root.findtext("{*}status") == "Exercise"
    assert json.loads(show(alert_id, "ngsi-ld")[1])["type"] == "Alert"
    assert "DIỄN TẬP" in show(alert_id, "sms")[1]
    assert "EXERCISE" in show(alert_id, "email")[1]


@pytest.mark.parametrize("alert_id", ["20260301-none/1", "nonsense"])
def test_an_alert_that_is_not_there_is_one_line(drilled: Drilled, alert_id: str) -> None:
    code, printed, refused = show(alert_id, "cap")
    assert (code, printed) == (2, "")
    assert refused == f"there is no alert '{alert_id}': its id is INCIDENT/NUMBER\n"


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param((), id="nothing"),
        pytest.param(("--kind", "flood"), id="no camera"),
        pytest.param(("--end", "x", "--kind", "flood"), id="both at once"),
    ],
)
def test_what_makes_no_sense_is_one_line(arguments: tuple[str, ...]) -> None:
    done = CliRunner().invoke(drills, arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "say what to practise with --kind and --camera, or what to end with --end\n"
