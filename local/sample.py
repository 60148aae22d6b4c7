"""Something to look at on a city that just started: an incident of every kind, and cameras in every state.

Made up, and made by the very rules that open real ones; no frame shows any of it, only drawings do.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.domain.cameras import Heartbeat
from chalicelib.domain.city import Camera, CityPack
from chalicelib.domain.confirmation import Sighting
from chalicelib.domain.frames import frame_key
from chalicelib.domain.incidents import Change, Place, Provenance
from chalicelib.domain.jurisdiction import area_at
from chalicelib.domain.kinds import WATCHLIST_CANDIDATE
from chalicelib.domain.seen import open_incident
from chalicelib.domain.traffic import STEP, TrafficStep
from chalicelib.store.evidence_ports import EvidenceVault
from chalicelib.store.ports import CameraStore, IncidentStore
from local.sample_pictures import show

FRAMES = 3
ENTRY = "trial-entry"
"""Whom the sample's candidates resemble."""
SILENT_FOR = timedelta(minutes=30)
HOURS = timedelta(hours=2)


def happen(
    pack: CityPack, cameras: CameraStore, incidents: IncidentStore, vault: EvidenceVault, *, at_utc: datetime
) -> None:
    """Let one incident of each kind open, each on another camera, with heartbeats and two hours of traffic."""
    for number, camera in enumerate(pack.cameras):
        if number % 7 != 6:
            heard_utc = at_utc - (SILENT_FOR if number % 5 == 4 else timedelta(seconds=20))
            cameras.beat(Heartbeat(camera.id, heard_utc, b"sample", heard_utc))
    for step in _traffic(pack.cameras[0], at_utc):
        cameras.keep_traffic(step)
    for number, (policy, camera) in enumerate(zip(pack.kinds, pack.cameras, strict=False)):
        opened = opening(pack, policy.kind, camera, at_utc - number * timedelta(minutes=3))
        incidents.commit(opened)
        show(vault, opened.incident)


def opening(pack: CityPack, kind: str, camera: Camera, at_utc: datetime) -> Change:
    area = area_at(pack, camera, at_utc)
    return open_incident(
        pack,
        camera_id=camera.id,
        kind=kind,
        subject=ENTRY if kind == WATCHLIST_CANDIDATE else "",
        label="",
        sightings=tuple(_sighting(camera, at_utc - timedelta(seconds=5 * n)) for n in reversed(range(FRAMES))),
        place=Place(area.id, area.name, camera.latitude, camera.longitude),
        exercise=False,
        provenance=Provenance({"sample": "none"}, pack.version),
        at_utc=at_utc,
    )


def _sighting(camera: Camera, at_utc: datetime) -> Sighting:
    key = frame_key(camera.id, at_utc, 0)
    return Sighting(at_utc, 0, positive=True, score=0.9, frame_key=key, sha256=hashlib.sha256(key.encode()).hexdigest())


def _traffic(camera: Camera, at_utc: datetime) -> Iterator[TrafficStep]:
    start_utc = at_utc.replace(minute=0, second=0, microsecond=0) - HOURS
    for number in range(HOURS // STEP):
        counts = {"motorcycle": 40 + number, "car": 12}
        yield TrafficStep(camera.id, start_utc + number * STEP, 5, 0.5 + number / 10, counts)
