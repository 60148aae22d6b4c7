"""What every store of evidence promises, in memory and on moto alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.evidence import Box, CameraPicture, Face, Part, Picture
from chalicelib.domain.frames import frame_key
from chalicelib.errors import NotFound
from chalicelib.store.evidence import S3EvidenceVault
from chalicelib.store.evidence_fakes import FakeEvidenceVault, FakeFilm, FakePictureRequests
from chalicelib.store.evidence_ports import EvidenceVault, Files, Film, PictureRequests
from chalicelib.store.fakes import FakeFrameStore
from chalicelib.store.film import S3Film
from chalicelib.store.picture_requests import DynamoPictureRequests
from tests.store.conftest import BUCKET, REGION, Cloud

pytestmark = pytest.mark.xdist_group("store")

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FILES = Files(b"as it was taken", b"without a face", b"the face alone")


@dataclass(frozen=True)
class Evidence:
    """The stores under test, and how a frame gets in."""

    vault: EvidenceVault
    film: Film
    requests: PictureRequests
    put_frame: Callable[[str, bytes], object]


@pytest.fixture(params=["fake", "moto"])
def evidence(request: pytest.FixtureRequest) -> Evidence:
    if request.param == "fake":
        frames = FakeFrameStore()
        return Evidence(FakeEvidenceVault(), FakeFilm(frames), FakePictureRequests(), frames.frames.__setitem__)
    return _on_moto(request.getfixturevalue("cloud"))


def _on_moto(cloud: Cloud) -> Evidence:
    for name in ("evidence", "sealed"):
        cloud.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    return Evidence(
        S3EvidenceVault(cloud.s3, "evidence", "sealed"),
        S3Film(cloud.s3, BUCKET, cloud.frames),
        DynamoPictureRequests("incidents"),
        lambda key, data: cloud.s3.put_object(Bucket=BUCKET, Key=key, Body=data),
    )


def picture(number: int = 1) -> Picture:
    key = frame_key("tv-1", NOON, number)
    box = Box("car", (0.1, 0.2, 0.3, 0.4))
    return Picture(number, Part.SIGHTING, key, "ab", NOON, 0.9, (box,), Face(40.0, 0.02, 120.0, 0.1))


def test_pictures_are_told_of_as_they_were_kept(evidence: Evidence) -> None:
    evidence.vault.keep("i1", picture(), FILES)
    assert evidence.vault.pictures("i1") == ()
    assert evidence.vault.keeps("i1"), "a file that no list names must not be forgotten"
    evidence.vault.tell("i1", [picture()])
    assert evidence.vault.pictures("i1") == (picture(),)
    assert evidence.vault.original("i1", 1) == FILES.original


def test_what_is_not_kept_is_not_found(evidence: Evidence) -> None:
    assert evidence.vault.pictures("i1") == ()
    with pytest.raises(NotFound):
        evidence.vault.original("i1", 1)


def test_erasing_one_incident_leaves_the_others(evidence: Evidence) -> None:
    for incident in ("i1", "i1-city"):
        evidence.vault.keep(incident, picture(), FILES)
        evidence.vault.tell(incident, [picture()])
    assert evidence.vault.erase("i1")
    assert not evidence.vault.keeps("i1")
    assert not evidence.vault.erase("i1")
    assert evidence.vault.pictures("i1") == ()
    with pytest.raises(NotFound):
        evidence.vault.original("i1", 1)
    assert evidence.vault.original("i1-city", 1) == FILES.original


def test_closed_incident_stays_closed_when_it_is_erased_and_keeps_nothing(evidence: Evidence) -> None:
    assert not evidence.vault.is_closed("i1")
    evidence.vault.close("i1")
    evidence.vault.erase("i1")
    assert evidence.vault.is_closed("i1")
    assert not evidence.vault.keeps("i1")
    assert not evidence.vault.is_closed("i1-city")


def test_nothing_is_left_of_what_was_erased(cloud: Cloud) -> None:
    """The face of a candidate is a file of its own, and no list names it."""
    vault = _on_moto(cloud).vault
    vault.keep("i1", picture(), FILES)
    vault.erase("i1")
    assert [cloud.s3.list_objects_v2(Bucket=name)["KeyCount"] for name in ("evidence", "sealed")] == [0, 0]


def test_originals_and_faces_lie_in_the_sealed_bucket_only(cloud: Cloud) -> None:
    vault = _on_moto(cloud).vault
    vault.keep("i1", picture(), FILES)
    shown = cloud.s3.list_objects_v2(Bucket="evidence")["Contents"]
    assert [cloud.s3.get_object(Bucket="evidence", Key=one["Key"])["Body"].read() for one in shown] == [FILES.redacted]


def test_the_newest_picture_of_a_camera_takes_the_place_of_the_one_before(evidence: Evidence) -> None:
    assert evidence.vault.camera_picture("tv-1") is None
    for minutes in (0, 5):
        evidence.vault.put_camera_picture(CameraPicture("tv-1", NOON + timedelta(minutes=minutes)), b"a street")
    assert evidence.vault.camera_picture("tv-1") == CameraPicture("tv-1", NOON + timedelta(minutes=5))


def test_a_request_is_remembered_by_its_time(evidence: Evidence) -> None:
    assert evidence.requests.asked_utc("tv-1") is None
    evidence.requests.ask("tv-1", NOON)
    evidence.requests.ask("tv-1", NOON + timedelta(seconds=9))
    assert evidence.requests.asked_utc("tv-1") == NOON + timedelta(seconds=9)


@pytest.mark.parametrize("midnight", [NOON, NOON.replace(hour=0)], ids=["by day", "over midnight"])
def test_a_cameras_frames_are_found_around_a_moment(evidence: Evidence, midnight: datetime) -> None:
    """Neither end counts, and another camera's never do."""
    for seconds in (-30, -20, -10, 0, 10):
        evidence.put_frame(frame_key("tv-1", midnight + timedelta(seconds=seconds), 0), b"a street")
    evidence.put_frame(frame_key("tv-10", midnight - timedelta(seconds=5), 0), b"another street")
    span = ("tv-1", midnight - timedelta(seconds=30), midnight + timedelta(seconds=0))
    found = [(one.captured_at_utc - midnight).total_seconds() for one in evidence.film.between(*span)]
    back = [(one.captured_at_utc - midnight).total_seconds() for one in evidence.film.back(*span)]
    assert (found, back) == ([-20, -10], [-10, -20])
