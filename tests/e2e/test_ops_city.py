"""`python -m ops.city` against a running city: a pack comes into force at once, as a whole, or not at all."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import boto3
import pytest
from typer.testing import CliRunner, Result

from chalicelib import bootstrap, bootstrap_law
from chalicelib.domain.city import Mask
from chalicelib.flows.change_city import require_pack
from chalicelib.store.pack_source import PACK_KEY
from city.reading import read_pack
from local.city import City, running_city
from ops.city import app
from tests.e2e.conftest import START_UTC, TESTVILLE, ScriptedAnalyser, key_at

pytestmark = pytest.mark.xdist_group("city")


@pytest.fixture
def city() -> Iterator[City]:
    with running_city(read_pack(TESTVILLE), start_utc=START_UTC, parts={"analyser": cache(ScriptedAnalyser)}) as city:
        yield city


@pytest.fixture
def proposal(tmp_path: Path) -> Path:
    """A copy of Testville to change."""
    return Path(shutil.copytree(TESTVILLE, tmp_path / "proposal"))


def change(proposal: Path, file: str, old: str, new: str) -> None:
    text = (proposal / file).read_text()
    assert old in text
    (proposal / file).write_text(text.replace(old, new, 1))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


def in_force() -> bytes:
    s3, bucket = boto3.client("s3"), bootstrap.settings().config_bucket
    return bytes(s3.get_object(Bucket=bucket, Key=PACK_KEY)["Body"].read())


def see(city: City, kind: str, *, camera_id: str, numbers: range) -> None:
    for number in numbers:
        city.put(key_at(camera_id, number), f"{kind} {number}".encode())
        city.settle(START_UTC + timedelta(seconds=number * 10))


def test_a_pack_that_is_applied_decides_on_the_next_frames(city: City, proposal: Path) -> None:
    """Five positives instead of three, without a deployment."""
    see(city, "quiet", camera_id="tv-1", numbers=range(1))
    change(proposal, "kinds.yaml", "severity: minor, window_s: 1800", "severity: minor, positives: 5, window_s: 1800")
    done = run("apply", proposal)
    assert done.exit_code == 0
    line = json.loads(done.stdout)
    assert (line["action"], line["before"], line["changes"]) == ("city.apply", city.pack.version, 1)
    assert line["actor"].startswith("arn:aws:")
    see(city, "garbage", camera_id="tv-1", numbers=range(10, 14))
    assert bootstrap.incidents().newest() == ()
    see(city, "garbage", camera_id="tv-1", numbers=range(14, 15))
    (incident,) = bootstrap.incidents().newest()
    assert incident.provenance.config_version == line["after"]


def test_a_bad_pack_changes_nothing(city: City, proposal: Path) -> None:
    before = in_force()
    change(proposal, "cameras.yaml", "profile: lane", "profile: alley")
    done = run("apply", proposal)
    assert done.exit_code == 1
    assert done.stderr.strip().endswith("cameras.yaml:3: cameras[2].profile: 'alley' is no profile")
    assert in_force() == before


def test_what_an_incident_is_about_can_not_be_dropped_before_it_ends(city: City, proposal: Path) -> None:
    see(city, "garbage", camera_id="tv-2", numbers=range(3))
    (incident,) = bootstrap.incidents().newest()
    before = in_force()
    change(proposal, "cameras.yaml", "- {id: tv-2,", "- {id: tv-7,")
    done = run("apply", proposal)
    assert done.exit_code == 2
    assert f"camera 'tv-2' can't go while incident {incident.id} is open" in done.stderr
    assert in_force() == before
    assert "not yet: camera 'tv-2' can't go" in run("diff", proposal).stdout


def test_another_citys_pack_is_refused(city: City, proposal: Path) -> None:
    change(proposal, "city.yaml", "id: testville", "id: otherville")
    done = run("apply", proposal)
    assert (done.exit_code, done.stderr) == (2, "the city in force is 'testville', not 'otherville'\n")


def test_a_diff_shows_each_field_before_and_after(city: City, proposal: Path) -> None:
    assert "nothing changes" in run("diff", TESTVILLE).stdout
    change(proposal, "kinds.yaml", "hold_s: 3600", "hold_s: 7200")
    change(proposal, "routes.yaml", "- {id: bad-flood", "- {id: worse-flood")
    told = json.loads(run("diff", proposal, "--json").stdout)
    assert (told["before"], told["blocked"]) == (city.pack.version, [])
    assert [(one["section"], one["what"], one["item"], one["field"]) for one in told["changes"]] == [
        ("routes", "added", "worse-flood", ""),
        ("routes", "removed", "bad-flood", ""),
        ("kinds", "changed", "garbage", "hold_s"),
    ]
    assert (told["changes"][2]["before"], told["changes"][2]["after"]) == (3600, 7200)
    shown = run("diff", proposal).stdout
    assert "1 added, 1 removed, 1 changed" in shown
    assert "worse-flood" in shown


def test_applying_what_is_in_force_says_so(city: City) -> None:
    assert run("apply", TESTVILLE).stdout == f"{city.pack.version} is in force already\n"


def test_subscriptions_are_listed_first_and_made_when_told_to(city: City) -> None:
    def pack_s_own() -> list[str]:
        pages = boto3.client("sns").list_subscriptions_by_topic(TopicArn=bootstrap.settings().alerts_topic_arn)
        return sorted(one["Endpoint"] for one in pages["Subscriptions"] if "testville.example" in one["Endpoint"])

    listed = run("subscriptions", TESTVILLE)
    assert listed.exit_code == 0
    assert listed.stdout.count("subscribe ") == 4
    assert "ioc, drill/ioc, police-new-town" in listed.stdout
    assert listed.stdout.endswith("nothing was changed: --apply does it\n")
    assert pack_s_own() == []
    boto3.client("sqs").create_queue(QueueName="ioc-alerts")
    made = run("subscriptions", TESTVILLE, "--apply")
    assert made.stdout.endswith("done\n")
    assert pack_s_own() == ["https://fire.testville.example/alerts", "ioc@testville.example"]


def set_in_the_console(camera_id: str) -> None:
    """As the API does it, with a lamp masked."""
    pack = require_pack(bootstrap.pack_versions().in_force())
    camera = pack.camera(camera_id)
    assert camera is not None
    lamp = Mask(((0.0, 0.0), (0.5, 0.0), (0.5, 0.5)), ("fire_smoke",))
    bootstrap.change_city().put_view(replace(camera, masks=(lamp,)), by="hoa", purpose="a lamp", seen=pack.version)


def test_applying_is_in_the_audits_chain_with_who_and_for_what(city: City, proposal: Path) -> None:
    change(proposal, "kinds.yaml", "hold_s: 3600", "hold_s: 7200")
    assert run("apply", proposal, "--purpose", "calmer at night").exit_code == 0
    (act,) = [one.act for one in bootstrap_law.audit_log().read(city.clock.now_utc.date())]
    assert (act.action, act.subject, act.purpose) == ("city_changed", f"city/{city.pack.id}", "calmer at night")
    assert act.actor.startswith("arn:aws:")
    assert act.details["before"] == city.pack.version


def test_what_was_set_in_the_console_is_not_undone_behind_anybodys_back(city: City, proposal: Path) -> None:
    """It has to be pulled into the folder first, or let go in so many words."""
    set_in_the_console("tv-2")
    assert "camera 'tv-2' was set in the console" in run("diff", proposal).stdout
    refused = run("apply", proposal)
    assert (refused.exit_code, "camera 'tv-2' was set in the console" in refused.stderr) == (2, True)
    assert run("pull", proposal).stdout.strip().endswith("cameras.yaml: 1 cameras as they are in force: tv-2")
    change(proposal, "kinds.yaml", "hold_s: 3600", "hold_s: 7200")
    assert json.loads(run("apply", proposal).stdout)["changes"] == 1
    assert read_pack(proposal).camera("tv-2") == require_pack(bootstrap.pack_versions().in_force()).camera("tv-2")


def test_edits_of_the_console_are_let_go_when_somebody_says_so(city: City) -> None:
    set_in_the_console("tv-2")
    assert json.loads(run("apply", TESTVILLE, "--undo-edits").stdout)["after"] == city.pack.version
