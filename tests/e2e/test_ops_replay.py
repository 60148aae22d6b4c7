"""What is done at leisure, `ops.replay`, `ops.recorded` and `ops.report`, against a running city."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache

import boto3
import pytest
import typer
from typer.testing import CliRunner, Result

from chalicelib import bootstrap, bootstrap_vision
from chalicelib.store.recorded import parse_recorded_message
from city.reading import read_pack
from local.city import City, running_city
from ops import recorded, replay, report
from tests.e2e.conftest import START_UTC, TESTVILLE, ScriptedAnalyser, key_at

pytestmark = pytest.mark.xdist_group("city")

CAMERA = "tv-1"


@pytest.fixture(scope="module")
def city() -> Iterator[City]:
    """A city whose bucket holds half an hour of a camera that live analysis never saw, with a fire in it."""
    with running_city(read_pack(TESTVILLE), start_utc=START_UTC, parts={"analyser": cache(ScriptedAnalyser)}) as city:
        _provision()
        city.settle(START_UTC)
        for number in range(35):
            shown = "fire_smoke" if 12 <= number < 20 else "quiet"
            city.put(key_at(CAMERA, number), f"{shown} {number}".encode())
        _forget_announcements()
        yield city


def _provision() -> None:
    """What the deployed template will bring for this path."""
    sqs = boto3.client("sqs")
    dead = sqs.create_queue(QueueName="matpho-dev-recorded-dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 5})
    sqs.create_queue(QueueName="matpho-dev-recorded", Attributes={"RedrivePolicy": policy})
    bucket = "matpho-dev-reports"
    boto3.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
    os.environ["MATPHO_REPORTS_BUCKET"] = bucket  # the city puts the environment back


def _forget_announcements() -> None:
    sqs = boto3.client("sqs")
    sqs.purge_queue(QueueUrl=sqs.get_queue_url(QueueName="matpho-dev-frames")["QueueUrl"])


def run(main: Callable[..., None], *arguments: str) -> Result:
    app = typer.Typer()
    app.command()(main)
    return CliRunner().invoke(app, arguments)


def look() -> int:
    """What the function does with each message; returns how many there were."""
    sqs, read, count = boto3.client("sqs"), bootstrap_vision.read_recorded(), 0
    url = sqs.get_queue_url(QueueName="matpho-dev-recorded")["QueueUrl"]
    while messages := sqs.receive_message(QueueUrl=url).get("Messages"):
        for message in messages:
            asked = parse_recorded_message(message["Body"])
            read(asked.run, asked.frames)
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            count += 1
    return count


def test_recorded_frames_are_found_to_show_what_they_show_and_nobody_is_told(city: City) -> None:
    queued = run(replay.main, "--prefix", f"frames/{CAMERA}/", "--run", "night")
    assert queued.stdout == "35 frames queued; `python -m ops.recorded night` tells what they show\n"
    assert look() == 4
    told = json.loads(run(recorded.main, "night", "--json").stdout)
    assert told["frames"] == {"looked at": 35}
    (fire,) = told["incidents"]
    assert (fire["kind"], fire["camera"], fire["status"]) == ("fire_smoke", CAMERA, "open")
    assert fire["first_seen"] == (START_UTC + timedelta(seconds=120)).isoformat()
    assert "fire_smoke" in run(recorded.main, "night").stdout
    city.pump.settle()
    assert (bootstrap.incidents().newest(), list(city.units.received()["everything"])) == ((), [])


def test_the_same_command_goes_on_where_it_stopped(city: City) -> None:
    arguments = ("--prefix", f"frames/{CAMERA}/", "--until", "2026-03-02T01:01:00", "--run", "again")
    assert run(replay.main, *arguments).stdout.startswith("6 frames queued")
    assert run(replay.main, *arguments).stdout.startswith("0 frames queued")
    assert look() == 1


def test_a_report_is_made_anew_by_hand(city: City) -> None:
    done = run(report.main, "--day", "2026-03-02")
    assert done.stdout.splitlines() == [
        "0 incidents on 2026-03-02: s3://matpho-dev-reports/daily/2026/03/02.html and .csv",
        "0 steps of five minutes: s3://matpho-dev-reports/traffic/2026/03/02.csv",
    ]
    page = city.s3.get_object(Bucket="matpho-dev-reports", Key="daily/2026/03/02.html")["Body"].read().decode()
    assert "báo cáo ngày / daily report 02/03/2026" in page


@pytest.mark.parametrize(
    ("main", "arguments", "line"),
    [
        pytest.param(
            replay.main, ("--prefix", "video/"), "frames lie under 'frames/', not under 'video/'", id="prefix"
        ),
        pytest.param(
            replay.main,
            ("--prefix", "frames/", "--run", "a/b"),
            "a run is named with letters, digits, - and _, not 'a/b'",
            id="a name that is a path",
        ),
        pytest.param(recorded.main, ("never",), "nothing was looked at yet in run 'never'", id="no such run"),
    ],
)
def test_what_is_typed_wrong_gets_one_line(
    city: City, main: Callable[..., None], arguments: tuple[str, ...], line: str
) -> None:
    done = run(main, *arguments)
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"{line}\n")
