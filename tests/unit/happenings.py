"""Made-up incidents in Testville, opened by the rules that open real ones."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from chalicelib.domain.confirmation import Sighting
from chalicelib.domain.evidence import Face, Part, Picture
from chalicelib.domain.frames import frame_key
from chalicelib.domain.incidents import Change, Place, Provenance
from chalicelib.domain.seen import open_incident
from city.reading import read_pack

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
PACK = read_pack(Path(__file__).parents[2] / "city" / "testville")
NEW_TOWN = Place("new-town", "New Town", 12.68, 108.04)


def sighting(at_s: float = 0, *, extent: float = 0.0) -> Sighting:
    at = START + timedelta(seconds=at_s)
    return Sighting(at, 0, positive=True, score=0.9, frame_key=f"frames/{at_s}", sha256="00", extent=extent)


def opened(
    kind: str = "flood",
    *,
    camera_id: str = "cam-1",
    subject: str = "",
    count: int = 3,
    exercise: bool = False,
    place: Place = NEW_TOWN,
    at_utc: datetime = START,
) -> Change:
    """An incident on `count` sightings five seconds apart; a watchlist candidate is held for review."""
    return open_incident(
        PACK,
        camera_id=camera_id,
        kind=kind,
        subject=subject,
        label="",
        sightings=tuple(sighting(5.0 * n) for n in range(count)),
        place=place,
        exercise=exercise,
        provenance=Provenance({"scene_encoder": "aa"}, "1"),
        at_utc=at_utc,
    )


def kept_picture(number: int = 1, part: Part = Part.SIGHTING, *, at_s: float = 0, face: Face | None = None) -> Picture:
    """A picture as keep_evidence tells of one."""
    at = START + timedelta(seconds=at_s)
    score = 0.9 if part is Part.SIGHTING else None
    return Picture(number, part, frame_key("cam-1", at, number), "00", at, score, face=face)
