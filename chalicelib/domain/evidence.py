"""The pictures of an incident that are kept: each as it was taken, sealed, and beside it one that shows no face.

A picture has the number under which it was kept first, so whoever saw it in a list may ask for its original later.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.frames import parse_frame_key
from chalicelib.domain.heat import box_of
from chalicelib.domain.incidents import Evidence, Incident
from chalicelib.domain.kinds import WATCHLIST_CANDIDATE
from chalicelib.domain.observations import BoxRel
from chalicelib.domain.retention import DataClass, is_due
from chalicelib.errors import FrameRejected

FACE, SCENE = "face", "scene"

MOST_KEPT = 24
"""Pictures of one incident: what goes on for days is not filmed."""


class Part(StrEnum):
    """What a picture is to its incident: the street before it, the thing itself, the street after it."""

    BEFORE = "before"
    SIGHTING = "sighting"
    AFTER = "after"


class Missing(StrEnum):
    """Why there is no picture: it is still to be made, its time is over, or nobody ever asked for one."""

    PENDING = "pending"
    ERASED = "erased"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Box:
    """One thing in a picture, and where."""

    label: str
    box_rel: BoxRel


@dataclass(frozen=True, slots=True)
class Face:
    """How well a candidate's face can be judged: see vision/face_quality.py. Nothing here tells whose it is.

    All zero where the face could be cropped but not measured.
    """

    eye_distance_px: float = 0.0
    sharpness: float = 0.0
    brightness: float = 0.0
    turn: float = 0.0


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame that is kept; `score` is None where it is no sighting, `face` where there is no candidate's to crop."""

    number: int
    part: Part
    frame_key: str
    sha256: str
    captured_at_utc: datetime
    score: float | None = None
    boxes: tuple[Box, ...] = ()
    face: Face | None = None

    @property
    def camera_id(self) -> str:
        return parse_frame_key(self.frame_key, 0).camera_id


@dataclass(frozen=True, slots=True)
class CameraPicture:
    """The newest picture of a camera that somebody asked for."""

    camera_id: str
    captured_at_utc: datetime


@dataclass(frozen=True, slots=True)
class LentPicture:
    """An address that shows one picture to whoever has it, for minutes."""

    url: str
    expires_at_utc: datetime


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A picture as people are told of it, or why it can't be shown."""

    picture: Picture
    missing: Missing | None = None


def exhibits(incident: Incident, pictures: Sequence[Picture], now_utc: datetime) -> tuple[Exhibit, ...]:
    """What is kept of an incident, and the sightings of which nothing is, in the order in which they were taken."""
    over = is_over(incident, now_utc)
    known = [Exhibit(one) for one in pictures]
    for number, seen in enumerate(unkept(incident, pictures), next_number(pictures)):
        gone = over or is_due(DataClass.FRAMES, seen.captured_at_utc, now_utc, held=False)
        known.append(Exhibit(sighting(number, seen), Missing.ERASED if gone else Missing.PENDING))
    return tuple(sorted(known, key=lambda one: (one.picture.captured_at_utc, one.picture.number)))


def next_number(pictures: Sequence[Picture]) -> int:
    return max((one.number for one in pictures), default=0) + 1


def unkept(incident: Incident, pictures: Sequence[Picture]) -> tuple[Evidence, ...]:
    """The sightings of which no picture is kept yet, as many as there is still room for."""
    have = {one.frame_key for one in pictures}
    room = max(0, MOST_KEPT - len(pictures))
    return tuple(one for one in incident.evidence if one.frame_key not in have and _is_frame(one))[:room]


def sighting(number: int, seen: Evidence, boxes: tuple[Box, ...] = (), face: Face | None = None) -> Picture:
    """The picture of a sighting; what it was seen by is marked among the things that are in it."""
    marked = (*boxes, *_seen_by(seen))
    return Picture(number, Part.SIGHTING, seen.frame_key, seen.sha256, seen.captured_at_utc, seen.score, marked, face)


def _seen_by(seen: Evidence) -> Iterator[Box]:
    """A candidate's face, or roughly the part of the view that a scene fills."""
    scene = box_of(seen.heat)
    if seen.box_rel is not None:
        yield Box(FACE, seen.box_rel)
    elif scene is not None:
        yield Box(SCENE, scene)


def is_over(incident: Incident, now_utc: datetime) -> bool:
    """Whether its pictures may be kept no longer, a hold apart."""
    if is_unconfirmed(incident):
        return is_due(DataClass.UNCONFIRMED, incident.opened_at_utc, now_utc, held=False)
    return not incident.is_live and is_due(DataClass.EVIDENCE, incident.changed_at_utc, now_utc, held=False)


def is_unconfirmed(incident: Incident) -> bool:
    """Whether it shows somebody of whom people haven't said that it is who is searched for."""
    return incident.kind == WATCHLIST_CANDIDATE and incident.last_told is None


def with_surroundings(incident: Incident) -> bool:
    """Whether the street before and after it is of use: to a candidate it would only show more people."""
    return incident.kind != WATCHLIST_CANDIDATE


def _is_frame(seen: Evidence) -> bool:
    """A drill's evidence, or an outage's, is no frame."""
    try:
        parse_frame_key(seen.frame_key, 0)
    except FrameRejected:
        return False
    return True
