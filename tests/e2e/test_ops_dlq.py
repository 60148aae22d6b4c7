"""`python -m ops.dlq` against a running city."""

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any

import boto3
import pytest
import typer
from typer.testing import CliRunner, Result

from chalicelib import bootstrap
from city.reading import read_pack
from local.city import City, running_city
from ops import dead_letters, dlq
from tests.e2e.conftest import START_UTC, TESTVILLE, ScriptedAnalyser, key_at

pytestmark = pytest.mark.xdist_group("city")

CAMERA = "tv-3"
LATER = START_UTC + timedelta(minutes=2)


@pytest.fixture
def city(monkeypatch: pytest.MonkeyPatch) -> Iterator[City]:
    """A city in which three frames can't be analysed for now."""
    monkeypatch.setattr(dead_letters, "WAIT_S", 0)
    with running_city(read_pack(TESTVILLE), start_utc=START_UTC, parts={"analyser": cache(ScriptedAnalyser)}) as city:
        for number in range(3):
            city.put(key_at(CAMERA, number), b"stuck")
        city.settle(LATER)
        yield city


def run(app: typer.Typer, *arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def listed() -> list[dict[str, Any]]:
    letters: list[dict[str, Any]] = json.loads(run(dlq.app, "list", "--json").stdout)
    return letters


def rejected() -> dict[str, str]:
    items: list[Any] = boto3.client("dynamodb").scan(TableName=bootstrap.settings().rejections_table)["Items"]
    return {item["frame_key"]["S"]: item["reason"]["S"] for item in items}


def test_dead_letters_are_listed_with_their_frames(city: City) -> None:
    assert sorted(key for letter in listed() for key in letter["frames"]) == [key_at(CAMERA, n) for n in range(3)]
    printed = run(dlq.app, "list").stdout
    assert "3 dead letters" in printed
    assert key_at(CAMERA, 1) in printed


def test_showing_a_letter_tells_whether_its_frame_can_be_read(city: City) -> None:
    letter = listed()[0]
    (key,) = letter["frames"]
    assert f"{key}: 5 bytes can be read" in run(dlq.app, "show", letter["id"][:13]).stdout
    city.s3.delete_object(Bucket=city.frames_bucket, Key=key)
    assert f"{key}: missing" in run(dlq.app, "show", letter["id"]).stdout


def test_frames_sent_again_are_analysed_once_their_cause_is_gone(city: City) -> None:
    """Invariant 1: whatever befalls a frame, the account adds up in the end."""
    first, *_ = listed()
    for number in range(3):
        city.put(key_at(CAMERA, number), b"quiet")
    assert run(dlq.app, "redrive", first["id"]).stdout == "1 sent again\n"
    assert run(dlq.app, "redrive", "--all").stdout == "2 sent again\n"
    city.settle(LATER)
    assert (city.ledger.processed, city.pump.frames.dead()) == (3, 0)


def test_quarantine_ends_frames_as_rejected_and_leaves_the_others(city: City) -> None:
    letter, *others = listed()
    assert run(dlq.app, "quarantine", letter["id"]).stdout == "1 quarantined\n"
    assert rejected() == dict.fromkeys(letter["frames"], "quarantined")
    assert [one["id"] for one in listed()] == [one["id"] for one in others]


@pytest.mark.parametrize("arguments", [("redrive",), ("quarantine", "abc", "--all")], ids=["nothing named", "both"])
def test_letters_are_named_or_all_are_meant(arguments: tuple[str, ...]) -> None:
    done = run(dlq.app, *arguments)
    assert (done.exit_code, done.stderr) == (2, "name letters by id, or say --all\n")


def test_what_is_not_there_gets_one_line_and_changes_nothing(city: City) -> None:
    for arguments, line in (
        (("redrive", "zz"), "no dead letters with an id that begins 'zz'"),
        (("quarantine", ""), "3 dead letters with an id that begins ''"),
        (("list", "--stack", "x"), "read the settings of stack 'x' in this account and region: ValidationError"),
    ):
        done = run(dlq.app, *arguments)
        assert (done.exit_code, done.stderr) == (2, f"{line}\n")
    assert city.pump.frames.dead() == 3
