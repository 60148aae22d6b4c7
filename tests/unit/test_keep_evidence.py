"""What is kept of an incident: the street before, what confirmed it, the street after; and of a candidate no more."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from chalicelib.domain.evidence import MOST_KEPT, Box, CameraPicture, Face, Part
from chalicelib.domain.frames import frame_key
from chalicelib.domain.incidents import Evidence, Incident
from chalicelib.domain.lifecycle import Status
from chalicelib.domain.observations import BoxRel, Detection
from chalicelib.errors import FrameRejected, Transient
from chalicelib.flows.keep_evidence import KeepEvidence
from chalicelib.store.evidence_fakes import FakeEvidenceVault, FakeFilm
from chalicelib.store.fakes import FakeCameraStore, FakeFrameStore, FakeIncidentStore
from chalicelib.vision.face_crops import Crop
from chalicelib.vision.face_quality import FaceQuality
from chalicelib.vision.redaction import Redacted
from local.sample_pictures import DrawsWhatNobodySends
from tests.unit.happenings import START, opened

CAMERA = "cam-1"
FACE_AT = (0.1, 0.2, 0.3, 0.4)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def key(seconds: float) -> str:
    return frame_key(CAMERA, at(seconds), 0)


@dataclass
class Eyes:
    """Redacts by saying so, and sees one car in everything."""

    looked: list[bytes] = field(default_factory=list)

    def redact(self, data: bytes) -> Redacted:
        if data == b"no picture":
            raise FrameRejected("not_an_image")
        self.looked.append(data)
        return Redacted(b"nobody in " + data, (200, 100), (Detection("car", 0.9, (20.0, 10.0, 40.0, 30.0)),))

    def crop(self, data: bytes, box_rel: BoxRel) -> Crop:
        assert box_rel == FACE_AT
        return Crop(b"face of " + data, FaceQuality(44.0, 0.02, 120.0, 0.1, 1.0))


class Street:
    """A camera's frames, one incident on three of them, and what keeps its evidence."""

    def __init__(self) -> None:
        self.now = at(60)
        self.frames = FakeFrameStore({key(s): f"street at {s}".encode() for s in (-20, -5, 0, 5, 10, 15)})
        self.incidents = FakeIncidentStore(FakeCameraStore())
        self.vault, self.eyes = FakeEvidenceVault(), Eyes()
        self.keep = KeepEvidence(
            self.incidents,
            self.frames,
            FakeFilm(self.frames),
            self.vault,
            lambda: self.eyes,
            lambda: self.eyes,
            lambda: self.now,
        )

    def incident(self, kind: str = "flood", *, seen_at_s: tuple[float, ...] = (0, 5, 10), **changes: Any) -> Incident:
        change = opened(kind, camera_id=CAMERA)
        seen = tuple(Evidence(key(s), self.digest(s), at(s), 0.9) for s in seen_at_s)
        told: dict[str, Any] = {"evidence": seen, "opened_at_utc": at(10), "changed_at_utc": at(10), **changes}
        incident = replace(change.incident, first_seen_utc=at(0), last_seen_utc=at(seen_at_s[-1]), **told)
        self.incidents.incidents[incident.id] = incident
        return incident

    def digest(self, seconds: float) -> str:
        return sha256(self.frames.frames.get(key(seconds), b"gone")).hexdigest()

    def kept(self, incident: Incident) -> list[tuple[int, str, bytes]]:
        return [(one.number, one.part.value, self.original(incident, one.number)) for one in self.told(incident)]

    def told(self, incident: Incident) -> Any:
        return self.vault.pictures(incident.id)

    def original(self, incident: Incident, number: int) -> bytes:
        return self.vault.original(incident.id, number)


@pytest.fixture
def street() -> Street:
    return Street()


BEFORE_AND_SIGHTINGS = [
    (1, "before", b"street at -5"),
    (2, "sighting", b"street at 0"),
    (3, "sighting", b"street at 5"),
    (4, "sighting", b"street at 10"),
]


def test_what_confirmed_it_is_kept_with_the_last_frame_before(street: Street) -> None:
    incident = street.incident()
    assert street.keep(incident.id) == 4
    assert street.kept(incident) == BEFORE_AND_SIGHTINGS


def test_beside_each_original_lies_one_without_faces_and_what_is_in_it_is_marked(street: Street) -> None:
    incident = street.incident()
    street.keep(incident.id)
    files = street.vault.files[incident.id, 2]
    assert (files.original, files.redacted, files.face) == (b"street at 0", b"nobody in street at 0", None)
    assert street.told(incident)[1].boxes == (Box("car", (0.1, 0.1, 0.2, 0.3)),)


def test_running_again_keeps_nothing_twice_and_looks_at_nothing_again(street: Street) -> None:
    incident = street.incident()
    street.keep(incident.id)
    looked = len(street.eyes.looked)
    assert street.keep(incident.id) == 0
    assert len(street.eyes.looked) == looked
    assert street.kept(incident) == BEFORE_AND_SIGHTINGS


def test_what_comes_later_is_added_behind_under_the_next_number(street: Street) -> None:
    street.incident(seen_at_s=(0, 5))
    incident = street.incident(seen_at_s=(0, 5))
    street.keep(incident.id)
    street.incident(seen_at_s=(0, 5, 10))
    assert street.keep(incident.id) == 1
    assert street.kept(incident) == BEFORE_AND_SIGHTINGS


def test_the_street_after_is_kept_once_no_camera_sees_it_any_more(street: Street) -> None:
    incident = street.incident(status=Status.RESOLVED, seen_by=())
    street.keep(incident.id)
    assert street.kept(incident)[-1] == (5, "after", b"street at 15")
    assert street.told(incident)[-1].score is None


def test_of_a_candidate_only_what_shows_it_is_kept_with_its_face(street: Street) -> None:
    """Before and after would only show more people."""
    seen = Evidence(key(0), street.digest(0), at(0), 0.6, box_rel=FACE_AT)
    incident = street.incident("watchlist_candidate", evidence=(seen,), status=Status.DISMISSED, seen_by=())
    assert street.keep(incident.id) == 1
    (picture,) = street.told(incident)
    assert (picture.part, picture.face) == (Part.SIGHTING, Face(44.0, 0.02, 120.0, 0.1))
    assert picture.boxes[-1] == Box("face", FACE_AT)
    assert street.vault.files[incident.id, 1].face == b"face of street at 0"


@pytest.mark.parametrize(
    ("frame", "left"),
    [
        pytest.param(None, 3, id="gone"),
        pytest.param(b"another frame", 3, id="another under its name"),
        pytest.param(b"no picture", 3, id="no picture"),
    ],
)
def test_a_frame_that_can_not_be_evidence_is_passed_over(street: Street, frame: bytes | None, left: int) -> None:
    incident = street.incident()
    del street.frames.frames[key(5)]
    if frame is not None:
        street.frames.frames[key(5)] = frame
    assert street.keep(incident.id) == left
    assert b"street at 5" not in [original for *_, original in street.kept(incident)]


def test_nothing_is_told_of_when_the_work_broke_off_and_the_next_try_keeps_all(street: Street) -> None:
    incident, read = street.incident(), FakeFrameStore.read

    def failing(frame: Any) -> bytes:
        if frame.key == key(5):
            raise Transient("S3 is away")
        return read(street.frames, frame)

    street.frames.read = failing  # type: ignore[method-assign]  # for once
    with pytest.raises(Transient):
        street.keep(incident.id)
    assert street.told(incident) == ()
    del street.frames.read
    assert street.keep(incident.id) == 4
    assert street.kept(incident) == BEFORE_AND_SIGHTINGS


@pytest.mark.parametrize(
    ("kind", "changes", "hours"),
    [
        pytest.param("watchlist_candidate", {}, 24.1, id="a candidate that nobody confirmed in a day"),
        pytest.param("flood", {"status": Status.RESOLVED}, 24 * 180.1, id="an incident over for half a year"),
    ],
)
def test_what_may_be_kept_no_longer_is_not_kept_anew(
    street: Street, kind: str, changes: dict[str, Any], hours: float
) -> None:
    """An event that was delivered late must not bring back what was erased."""
    incident = street.incident(kind, **changes)
    street.now = at(10) + timedelta(hours=hours)
    assert street.keep(incident.id) == 0


def test_what_a_person_had_erased_is_not_made_anew_while_its_frames_last(street: Street) -> None:
    incident = street.incident()
    street.vault.close(incident.id)
    assert street.keep(incident.id) == 0
    assert street.told(incident) == ()


def test_nothing_is_kept_of_an_incident_that_is_gone(street: Street) -> None:
    assert street.keep("20260301-0123456789ab") == 0


def test_what_goes_on_for_days_is_not_filmed(street: Street) -> None:
    every = tuple(range(0, 5 * (MOST_KEPT + 9), 5))
    for seconds in every:
        street.frames.frames[key(seconds)] = f"street at {seconds}".encode()
    incident = street.incident(seen_at_s=every, status=Status.RESOLVED, seen_by=())
    street.keep(incident.id)
    street.keep(incident.id)
    assert len(street.told(incident)) <= MOST_KEPT + 2


def test_a_drills_evidence_is_no_frame(street: Street) -> None:
    drilled = Evidence("drill/flood", "00", at(0), 1.0)
    incident = street.incident(evidence=(drilled,))
    street.keep(incident.id)
    assert [one.part for one in street.told(incident)] == [Part.BEFORE]


def test_a_cameras_newest_frame_is_kept_without_faces_for_who_asked(street: Street) -> None:
    assert street.keep.photograph(CAMERA)
    assert street.vault.of_cameras[CAMERA] == (CameraPicture(CAMERA, at(15)), b"nobody in street at 15")


@pytest.mark.parametrize(
    ("camera_id", "minutes"), [("cam-2", 1), (CAMERA, 31)], ids=["it sends nothing", "it has sent nothing of late"]
)
def test_a_camera_that_sends_nothing_has_no_newest_picture(street: Street, camera_id: str, minutes: float) -> None:
    street.now = at(15) + timedelta(minutes=minutes)
    assert not street.keep.photograph(camera_id)


def test_on_a_laptop_a_camera_that_sends_nothing_is_drawn(street: Street) -> None:
    """So that its zones can be tried out; one that sends frames is shown as it is."""
    drawn = DrawsWhatNobodySends(street.keep, lambda: street.now)
    assert drawn.photograph("cam-2")
    assert drawn.photograph(CAMERA)
    assert street.vault.of_cameras["cam-2"][0] == CameraPicture("cam-2", street.now)
    assert street.vault.of_cameras["cam-2"][1].startswith(b"\xff\xd8\xff")
    assert street.vault.of_cameras[CAMERA][1] == b"nobody in street at 15"


def test_a_newest_frame_that_is_no_picture_is_passed_over(street: Street) -> None:
    """Else it would hold up what comes behind it in the stream."""
    street.frames.frames[key(15)] = b"no picture"
    assert not street.keep.photograph(CAMERA)
