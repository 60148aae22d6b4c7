"""From frames to evidence on the local cloud: kept by the template's function, shown over HTTP, and erased in time."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from urllib.request import urlopen

import boto3
import cv2
import numpy as np
import pytest

from chalicelib import bootstrap, bootstrap_evidence, bootstrap_law
from chalicelib.domain.incidents import Incident
from chalicelib.domain.lifecycle import Status
from chalicelib.store.lent_pictures import S3PictureDesk
from chalicelib.vision.images import decode_image
from city.reading import read_pack
from local.city import City, running_city
from local.drawn_street import draw_street, to_jpeg
from tests.data.drawn_faces import AN, drawn_face, street_with
from tests.e2e.conftest import START_UTC, TESTVILLE, ScriptedAnalyser, key_at

pytestmark = pytest.mark.xdist_group("city")

CAMERA = "tv-1"
QUIET_FOR_S = 1200


@pytest.fixture
def city(models_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[City]:
    monkeypatch.setenv("MATPHO_MODELS_DIR", str(models_dir))
    with running_city(read_pack(TESTVILLE), start_utc=START_UTC, parts={"analyser": cache(ScriptedAnalyser)}) as city:
        yield city


def put(city: City, number: int, kind: str = "") -> None:
    """A street with somebody in it, a little brighter each time."""
    street = street_with((60, 100, drawn_face(420, AN)))
    brighter = cv2.add(street, np.full_like(street, number % 50))
    city.put(key_at(CAMERA, number), to_jpeg(np.asarray(brighter, np.uint8)) + kind.encode())


def burn(city: City) -> Incident:
    """Two quiet frames, four of a fire."""
    for number in range(6):
        put(city, number, "fire_smoke" if number >= 2 else "")
    city.settle(START_UTC + timedelta(minutes=2))
    city.pump.keep_evidence()
    (incident,) = bootstrap.incidents().newest()
    return incident


def parts(incident: Incident) -> list[str]:
    return [one.part.value for one in bootstrap_evidence.evidence_vault().pictures(incident.id)]


def test_an_incidents_pictures_are_kept_sealed_shown_and_erased(city: City) -> None:
    incident = burn(city)
    sightings = len(incident.evidence)
    assert parts(incident) == ["before", *["sighting"] * sightings]

    originals = [bootstrap_evidence.evidence_vault().original(incident.id, 2 + n) for n in range(sightings)]
    assert [hashlib.sha256(one).hexdigest() for one in originals] == [one.sha256 for one in incident.evidence]

    for second in (0, QUIET_FOR_S):
        put(city, 10 + second // 10)
    city.settle(START_UTC + timedelta(seconds=QUIET_FOR_S + 200))
    city.pump.keep_evidence()
    ended = bootstrap.incidents().get(incident.id)
    assert ended is not None
    assert ended.status is Status.RESOLVED
    assert parts(incident) == ["before", *["sighting"] * sightings, "after"]
    assert not city.pump.evidence.given_up

    city.clock.advance_to(START_UTC + timedelta(days=181))
    assert bootstrap_law.keep_the_law()["pictures_erased"] == 1
    assert objects("incidents/") == []
    assert bootstrap.incidents().get(incident.id) is not None, "only its pictures are due"


def test_whoever_has_an_address_sees_the_picture_without_the_face(city: City) -> None:
    """Over HTTP, as a browser does."""
    incident = burn(city)
    settings = bootstrap_evidence.evidence_settings()
    client = boto3.client("s3", endpoint_url=city.cloud_url)
    desk = S3PictureDesk(client, settings.evidence_bucket, settings.sealed_bucket, clock=city.clock)
    shown, sealed = (decode_image(_fetch(lend(incident.id, 2).url)) for lend in (desk.redacted, desk.original))
    assert shown.shape == sealed.shape
    face = slice(200, 440), slice(150, 400)
    assert np.abs(shown[face].astype(int) - sealed[face]).mean() > 5, "the face is hidden"


def test_a_picture_that_is_asked_for_is_there_after_the_streams_next_delivery(city: City) -> None:
    put(city, 0)
    bootstrap_evidence.picture_requests().ask(CAMERA, city.clock.now_utc)
    city.clock.advance_to(START_UTC + timedelta(minutes=1))
    city.pump.keep_evidence()
    picture = bootstrap_evidence.evidence_vault().camera_picture(CAMERA)
    assert picture is not None
    assert picture.captured_at_utc == START_UTC
    assert len(objects("cameras/")) == 2


def test_a_city_of_drawings_needs_no_model() -> None:
    """What `make up` shows is drawn, its faces hidden by the drawing itself."""
    drawing = draw_street("watchlist_candidate", seed=7)
    hidden = drawing.redacted()
    assert drawing.heads
    for left, top, right, bottom in drawing.heads:
        assert (hidden[top:bottom, left:right] != drawing.image_bgr[top:bottom, left:right]).any()


def objects(prefix: str) -> list[str]:
    settings, s3 = bootstrap_evidence.evidence_settings(), boto3.client("s3")
    return [
        f"{bucket}/{one['Key']}"
        for bucket in (settings.evidence_bucket, settings.sealed_bucket)
        for one in s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])
    ]


def _fetch(url: str) -> bytes:
    with urlopen(url) as answer:  # noqa: S310 - our own cloud
        body: bytes = answer.read()
    return body
