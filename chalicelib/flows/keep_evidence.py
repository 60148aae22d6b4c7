"""Keep what shows an incident, before its frames are gone: sealed as it was taken, and beside it without any face.

Frames live for three days, incidents for two years. Each event of an incident is a chance to keep what isn't kept yet,
so a look that failed is made up for by the next; what is kept already is known by its frame and never redone. Nothing
is changed in the incident: what is kept is told of in a list beside the pictures.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from itertools import islice
from typing import Protocol

from chalicelib.domain.evidence import (
    MOST_KEPT,
    Box,
    CameraPicture,
    Face,
    Part,
    Picture,
    is_over,
    next_number,
    sighting,
    unkept,
    with_surroundings,
)
from chalicelib.domain.frames import FrameRef, parse_frame_key
from chalicelib.domain.incidents import Evidence, Incident
from chalicelib.domain.observations import BoxRel
from chalicelib.domain.signals import box_rel
from chalicelib.errors import FrameRejected
from chalicelib.store.evidence_ports import EvidenceVault, Files, Film
from chalicelib.store.ports import Clock, FrameStore, IncidentStore
from chalicelib.vision.face_crops import Crop
from chalicelib.vision.redaction import Redacted

BEFORE = timedelta(minutes=10)
AFTER = timedelta(minutes=30)
"""How far from an incident the quiet street may be."""

NEWEST = timedelta(minutes=30)
"""How old a camera's newest picture may be."""


class Redacts(Protocol):
    """chalicelib.vision.redaction.Redactor, or a script in tests."""

    def redact(self, data: bytes) -> Redacted:
        """A frame in which nobody can be known; raises FrameRejected."""


class Crops(Protocol):
    """chalicelib.vision.face_crops.FaceCropper, or a script in tests."""

    def crop(self, data: bytes, box_rel: BoxRel) -> Crop:
        """A candidate's face alone; raises FrameRejected."""


@dataclass(frozen=True, slots=True)
class KeepEvidence:
    """Raises Transient to be called again; a frame that is gone, or never was a picture, is passed over."""

    incidents: IncidentStore
    frames: FrameStore
    film: Film
    vault: EvidenceVault
    redactor: Callable[[], Redacts]
    cropper: Callable[[], Crops]
    clock: Clock

    def __call__(self, incident_id: str) -> int:
        """Keep what isn't kept yet of an incident as it is now; returns how many pictures were added."""
        incident = self.incidents.get(incident_id)
        if incident is None or is_over(incident, self.clock()) or self.vault.is_closed(incident_id):
            return 0
        known = self.vault.pictures(incident_id)
        kept = list(known)
        for seen in self._wanted(incident, known):
            picture = self._keep(incident_id, next_number(kept), seen)
            if picture is not None:
                kept.append(picture)
        if len(kept) > len(known):
            self.vault.tell(incident_id, kept)
        return len(kept) - len(known)

    def photograph(self, camera_id: str) -> bool:
        """Keep a camera's newest frame, redacted, for whoever asked for it; returns whether there was one."""
        now = self.clock()
        newest = next(self.film.back(camera_id, now - NEWEST, now + timedelta(minutes=1)), None)
        if newest is None:
            return False
        try:
            redacted = self.redactor().redact(self.frames.read(newest))
        except FrameRejected:
            return False
        self.vault.put_camera_picture(CameraPicture(camera_id, newest.captured_at_utc), redacted.jpeg)
        return True

    def _wanted(self, incident: Incident, known: Iterable[Picture]) -> Iterator["_Wanted"]:
        known = tuple(known)
        have = {one.part for one in known}
        room = MOST_KEPT - len(known)
        if with_surroundings(incident) and Part.BEFORE not in have and room:
            yield from self._before(incident)
        for seen in unkept(incident, known):
            yield _Wanted(Part.SIGHTING, parse_frame_key(seen.frame_key, 0), seen)
        if with_surroundings(incident) and Part.AFTER not in have and room:
            yield from self._after(incident)

    def _before(self, incident: Incident) -> Iterator["_Wanted"]:
        """The last frame before the first that shows it."""
        first = incident.first_seen_utc
        for camera_id in incident.camera_ids[:1]:
            for frame in _first(self.film.back(camera_id, first - BEFORE, first)):
                yield _Wanted(Part.BEFORE, frame)

    def _after(self, incident: Incident) -> Iterator["_Wanted"]:
        """The first frame after it was last seen, once no camera sees it any more."""
        last = incident.last_seen_utc
        if incident.is_live and incident.seen_by:
            return
        for camera_id in incident.camera_ids[:1]:
            for frame in _first(self.film.between(camera_id, last, last + AFTER)):
                yield _Wanted(Part.AFTER, frame)

    def _keep(self, incident_id: str, number: int, wanted: "_Wanted") -> Picture | None:
        """None where the frame is gone, or another took its place, which is no evidence of this."""
        try:
            original = self.frames.read(wanted.frame)
            digest = sha256(original).hexdigest()
            if wanted.seen is not None and digest != wanted.seen.sha256:
                return None
            redacted, crop = self.redactor().redact(original), self._crop(original, wanted.seen)
        except FrameRejected:
            return None
        picture = wanted.picture(number, digest, _boxes(redacted), _face(crop))
        self.vault.keep(incident_id, picture, Files(original, redacted.jpeg, crop.jpeg if crop else None))
        return picture

    def _crop(self, original: bytes, seen: Evidence | None) -> Crop | None:
        return None if seen is None or seen.box_rel is None else self.cropper().crop(original, seen.box_rel)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A frame that is to be kept, and the sighting that it is of."""

    part: Part
    frame: FrameRef
    seen: Evidence | None = None

    def picture(self, number: int, digest: str, boxes: tuple[Box, ...], face: Face | None) -> Picture:
        if self.seen is not None:
            return sighting(number, self.seen, boxes, face)
        return Picture(number, self.part, self.frame.key, digest, self.frame.captured_at_utc, boxes=boxes)


def _boxes(redacted: Redacted) -> tuple[Box, ...]:
    return tuple(Box(one.label, box_rel(one.box_xyxy, redacted.wh)) for one in redacted.vehicles)


def _face(crop: Crop | None) -> Face | None:
    """Of a face that isn't found again there is a picture and no measure."""
    if crop is None:
        return None
    quality = crop.quality
    if quality is None:
        return Face()
    return Face(quality.eye_distance_px, quality.sharpness, quality.brightness, quality.turn)


def _first(frames: Iterator[FrameRef]) -> list[FrameRef]:
    return list(islice(frames, 1))
