"""Evidence for the incidents of a sample, which no frame shows: drawn, and put where the real pictures lie."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from zlib import crc32

from chalicelib.domain.evidence import Box, CameraPicture, Face, Part, Picture, sighting, unkept, with_surroundings
from chalicelib.domain.frames import frame_key
from chalicelib.domain.incidents import Incident
from chalicelib.domain.kinds import WATCHLIST_CANDIDATE
from chalicelib.flows.keep_evidence import KeepEvidence
from chalicelib.store.evidence_ports import EvidenceVault, Files
from chalicelib.store.ports import Clock
from local.drawn_street import WH, Drawing, draw_face, draw_street, to_jpeg

BEFORE = timedelta(seconds=40)
LISTED = 7
"""The seed of the face that the sample's entry and its candidates share, more or less."""

_FACE = Face(eye_distance_px=46.0, sharpness=0.031, brightness=142.0, turn=0.12)


@dataclass(frozen=True, slots=True)
class DrawsWhatNobodySends:
    """Keeps evidence as the deployment does; a camera that sends no frames is drawn when its picture is asked for."""

    keep: KeepEvidence
    clock: Clock

    def __call__(self, incident_id: str) -> int:
        return self.keep(incident_id)

    def photograph(self, camera_id: str) -> bool:
        if not self.keep.photograph(camera_id):
            drawing = draw_street(None, seed=_seed(camera_id))
            picture = CameraPicture(camera_id, self.clock())
            self.keep.vault.put_camera_picture(picture, to_jpeg(drawing.redacted()))
        return True


def show(vault: EvidenceVault, incident: Incident) -> None:
    """Keep pictures of an incident as keep_evidence would of real frames."""
    pictures: list[Picture] = []
    for picture, drawing in _drawn(incident):
        face = to_jpeg(draw_face(seed=LISTED)) if picture.face else None
        files = Files(to_jpeg(drawing.image_bgr), to_jpeg(drawing.redacted()), face)
        vault.keep(incident.id, picture, files)
        pictures.append(picture)
    if pictures:
        vault.tell(incident.id, pictures)


def _drawn(incident: Incident) -> Iterator[tuple[Picture, Drawing]]:
    """The quiet street of the camera's own seed, then what it saw."""
    if not incident.camera_ids:
        return
    seed, first = _seed(incident.camera_ids[0]), 1
    if with_surroundings(incident):
        yield _before(incident), draw_street(None, seed=seed)
        first = 2
    for number, seen in enumerate(unkept(incident, ()), first):
        drawing = draw_street(incident.kind, seed=seed, moment=number)
        picture = sighting(number, seen, tuple(_boxes(drawing)))
        face = _FACE if incident.kind == WATCHLIST_CANDIDATE else None
        yield replace(picture, face=face), drawing


def _seed(camera_id: str) -> int:
    """A camera's street looks the same each time."""
    return crc32(camera_id.encode())


def _before(incident: Incident) -> Picture:
    at_utc = incident.first_seen_utc - BEFORE
    key = frame_key(incident.camera_ids[0], at_utc, 0)
    return Picture(1, Part.BEFORE, key, hashlib.sha256(key.encode()).hexdigest(), at_utc)


def _boxes(drawing: Drawing) -> Iterator[Box]:
    for label, (left, top, right, bottom) in drawing.things:
        if label != "person":
            yield Box(label, (left / WH[0], top / WH[1], right / WH[0], bottom / WH[1]))
