"""`python -m ops.explain` against a running city: equal while all is there, and plain about what is not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
import typer
from typer.testing import CliRunner, Result

from chalicelib import bootstrap, bootstrap_evidence, bootstrap_law
from chalicelib.domain.evidence import sighting
from chalicelib.domain.incidents import Incident
from chalicelib.store import clients
from chalicelib.store.evidence_ports import Files
from chalicelib.store.pack_versions import S3PackVersions
from city.reading import read_pack
from local.city import City, running_city
from ops import explain
from tests.e2e.conftest import START_UTC, TESTVILLE, ScriptedAnalyser, key_at

pytestmark = pytest.mark.xdist_group("city")

command = typer.Typer()
command.command()(explain.main)


@pytest.fixture
def city(monkeypatch: pytest.MonkeyPatch) -> Iterator[City]:
    monkeypatch.setattr(explain, "load_analyser", lambda _: ScriptedAnalyser())
    with running_city(read_pack(TESTVILLE), start_utc=START_UTC, parts={"analyser": cache(ScriptedAnalyser)}) as city:
        yield city


def burn(city: City) -> Incident:
    for number in range(3):
        city.put(key_at("tv-1", number), f"fire_smoke {number}".encode())
    city.settle(START_UTC + timedelta(seconds=30))
    (incident,) = bootstrap.incidents().newest()
    return incident


def run(incident_id: str) -> Result:
    return CliRunner().invoke(command, [incident_id])


def forget_frames(city: City, incident: Incident) -> None:
    for one in incident.evidence:
        city.s3.delete_object(Bucket=city.frames_bucket, Key=one.frame_key)


def test_a_decision_is_the_same_while_its_frames_are_there(city: City) -> None:
    incident = burn(city)
    done = run(incident.id)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.count("equal") == len(incident.evidence)
    assert f"city pack {incident.provenance.config_version}, as recorded" in done.stdout
    assert done.stdout.rstrip().endswith("the decision is the same")


def test_the_sealed_originals_serve_when_the_frames_are_gone(city: City) -> None:
    incident, vault = burn(city), bootstrap_evidence.evidence_vault()
    pictures = [sighting(number, seen) for number, seen in enumerate(incident.evidence, 1)]
    for number, picture in enumerate(pictures):
        vault.keep(incident.id, picture, Files(f"fire_smoke {number}".encode(), b"redacted"))
    vault.tell(incident.id, pictures)
    forget_frames(city, incident)
    assert run(incident.id).exit_code == 0


def test_what_is_erased_can_not_be_explained(city: City) -> None:
    incident = burn(city)
    forget_frames(city, incident)
    done = run(incident.id)
    assert done.exit_code == 2
    assert "its picture is erased" in done.stdout


def test_a_picture_that_was_exchanged_is_a_difference(city: City) -> None:
    incident = burn(city)
    city.s3.put_object(Bucket=city.frames_bucket, Key=incident.evidence[0].frame_key, Body=b"fire_smoke 9")
    done = run(incident.id)
    assert done.exit_code == 1
    assert done.stdout.rstrip().endswith("the decision differs: see the table")


def test_it_is_judged_by_the_pack_of_then_and_not_of_now(city: City) -> None:
    incident = burn(city)
    versions = S3PackVersions(clients.s3_client(), bootstrap.settings().config_bucket)
    newer = replace(city.pack, version="2+ab", kinds=tuple(replace(one, threshold=0.99) for one in city.pack.kinds))
    versions.replace(versions.in_force(), newer)
    gone = run(incident.id)
    assert gone.exit_code == 2
    assert gone.stderr == f"the city pack of then, version {city.pack.version!r}, is not kept\n"
    versions.replace(versions.in_force(), city.pack)
    versions.replace(versions.in_force(), newer)
    assert run(incident.id).exit_code == 0


def test_that_originals_were_judged_is_in_the_audit(city: City) -> None:
    incident = burn(city)
    run(incident.id)
    acts = [one.act for one in bootstrap_law.audit_log().read(city.clock.now_utc.date())]
    assert [(one.action, one.subject) for one in acts] == [("originals_judged", f"incident/{incident.id}")]


@pytest.mark.usefixtures("city")
def test_an_incident_that_is_not_there_is_one_line_and_exit_code_2() -> None:
    done = run("20260301-0123456789ab")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "there is no incident '20260301-0123456789ab'\n"
