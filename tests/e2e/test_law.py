"""A person becomes a candidate by law or not at all: the whole way on the local cloud, with the real models."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from chalicelib import bootstrap, bootstrap_law, bootstrap_vision
from chalicelib.domain.audit import first_break, record_to_line
from chalicelib.domain.deeds import Span
from chalicelib.domain.frames import frame_key
from chalicelib.domain.incidents import Incident
from chalicelib.domain.kinds import WATCHLIST_CANDIDATE
from chalicelib.domain.lifecycle import Status
from chalicelib.domain.mandate import searchable_where
from city.reading import read_pack
from local.city import City, running_city
from local.keeping import each_minute, keep_lists_and_law
from tests.data.drawn_faces import AN, drawn_face, street_with
from tests.e2e.conftest import TESTVILLE
from tests.unit.law_samples import authorisation, wanted_entry

pytestmark = pytest.mark.xdist_group("city")

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CAMERA = "tv-4"
HOUR = timedelta(hours=1)


@pytest.fixture
def city(models_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[City]:
    monkeypatch.setenv("MATPHO_MODELS_DIR", str(models_dir))
    with running_city(read_pack(TESTVILLE), start_utc=START) as city:
        yield city


def test_from_a_request_to_a_candidate_to_nothing_left_but_the_ledger(city: City) -> None:
    list_an(city)
    walk_past(city, START + timedelta(minutes=5))
    assert candidates() == [], "nobody has authorised a search"

    allow_the_camera()
    walk_past(city, START + timedelta(minutes=10))
    (candidate,) = candidates()
    assert (candidate.subject, candidate.label, candidate.status) == ("e1", "wanted", Status.AWAITING_CONFIRMATION)

    city.clock.advance_to(START + HOUR)
    bootstrap_law.change_watchlist().withdraw("e1", by="an", purpose="found")
    bootstrap_vision.keep_watchlist()
    assert bootstrap_law.biometrics().entries() == frozenset()
    walk_past(city, START + HOUR + timedelta(minutes=10))
    assert [one.id for one in candidates()] == [candidate.id], "nobody is searched for any more"

    city.clock.advance_to(START + 49 * HOUR)
    city.settle(city.clock.now_utc)
    bootstrap_law.keep_the_law()
    where = searchable_where(
        bootstrap_law.entries().deeds("e1"), [*bootstrap_law.authorisations().over()], Span(START, START + 24 * HOUR)
    )
    assert {camera: len(spans) for camera, spans in where.items()} == {CAMERA: 1}
    assert where[CAMERA][0].until_utc == START + HOUR


def test_what_was_done_is_in_an_audit_that_is_anchored_and_holds(city: City) -> None:
    list_an(city)
    allow_the_camera()
    walk_past(city, START + timedelta(minutes=5))
    city.clock.advance_to(START + 25 * HOUR)
    assert bootstrap_law.keep_the_law()["anchored_chains"] >= 2
    lines = list(map(record_to_line, bootstrap_law.audit_log().read(START.date())))
    assert first_break(lines, bootstrap_law.audit_vault().anchor(START.date())) is None
    assert sum('"faces_searched"' in line for line in lines) == 1


def test_on_a_laptop_the_gate_looks_at_a_photograph_within_a_minute(city: City) -> None:
    """local.serve keeps the lists as the deployment's clock does."""
    keep = each_minute(keep_lists_and_law, lambda: city.clock.now_utc)
    keep()
    bootstrap_law.change_watchlist().request(wanted_entry(requested_at_utc=START), purpose="case 7")
    bucket = bootstrap_law.law_settings().biometrics_bucket
    boto3.client("s3").put_object(Bucket=bucket, Key="portraits/e1/1.jpg", Body=jpeg(drawn_face(420, AN)))
    keep()
    assert bootstrap_law.entries().require("e1").portraits == ()
    city.clock.advance_to(START + timedelta(minutes=1))
    keep()
    (portrait,) = bootstrap_law.entries().require("e1").portraits
    assert portrait.accepted or portrait.refused


def list_an(city: City) -> None:
    """Requested by one, photographed, looked at by the gate, approved by another, and published."""
    bootstrap_law.change_watchlist().request(wanted_entry(requested_at_utc=city.clock()), purpose="case 7")
    bucket = bootstrap_law.law_settings().biometrics_bucket
    boto3.client("s3").put_object(Bucket=bucket, Key="portraits/e1/1.jpg", Body=jpeg(drawn_face(420, AN)))
    assert bootstrap_vision.keep_watchlist()["enrolled"] == 1
    bootstrap_law.change_watchlist().approve("e1", by="bình", purpose="case 7")
    assert bootstrap_vision.keep_watchlist()["published"] == 1


def allow_the_camera() -> None:
    now = bootstrap.clock()
    wanted = authorisation(
        camera_ids=(CAMERA,), requested_at_utc=now, valid_from_utc=now, valid_until_utc=START + 24 * HOUR
    )
    bootstrap_law.change_authorisations().request(wanted)
    bootstrap_law.change_authorisations().approve("a1", by="bình", purpose="case 7")


def walk_past(city: City, at_utc: datetime) -> None:
    """Four frames, each a little brighter, ten seconds apart."""
    street = street_with((400, 100, drawn_face(420, AN)))
    for number in range(4):
        taken = at_utc + timedelta(seconds=10 * number)
        brighter = np.asarray(cv2.add(street, np.full_like(street, number)), np.uint8)
        city.put(frame_key(CAMERA, taken, number), jpeg(brighter))
        city.settle(taken)


def candidates() -> list[Incident]:
    return [one for one in bootstrap.incidents().newest() if one.kind == WATCHLIST_CANDIDATE]


def jpeg(image_bgr: NDArray[np.uint8]) -> bytes:
    done, encoded = cv2.imencode(".jpg", image_bgr)
    assert done
    return encoded.tobytes()
