"""What happens in a simulated hour, drawn from a seed: where, from when to when, and what must come of it.

Places of one kind keep so far apart that each happening is an incident of its own by the city's own rules. What ends
early is over at the end of the hour, what is held longer is still open.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, hypot, radians
from random import Random

from chalicelib.domain.city import Camera, CityPack
from chalicelib.domain.kinds import CAMERA_FAULT, CONGESTION, FIRE_SMOKE, FLOOD, GARBAGE, WATCHLIST_CANDIDATE

HOUR_S = 3600
METRES_PER_DEGREE = 111_195
HOW_MANY = {FIRE_SMOKE: 4, FLOOD: 4, CONGESTION: 8, GARBAGE: 3, WATCHLIST_CANDIDATE: 2, CAMERA_FAULT: 4}
DRILLS, SILENT_LINKS, OUTAGES, UNANSWERED = 2, 6, 2, 0.25
HAPPENINGS = sum(HOW_MANY.values()) + DRILLS + OUTAGES
"""In the hour, all over the city."""
LASTS_S = (240, 1500)
SILENCE_S, OUTAGE_S = (60, 240), (500, 900)
"""A link that is lost for moments is nobody's business, one that is lost for long is a camera's fault."""
ANSWERED_WITHIN_S = (20, 90)
SIGHT_M = 150
"""How far a fire, a flood or a jam is seen at most."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that cameras see for a while. `answered_after_s` is None where nobody acknowledges it."""

    kind: str
    camera_ids: tuple[str, ...]
    from_utc: datetime
    until_utc: datetime
    subject: str = ""
    exercise: bool = False
    answered_after_s: float | None = None
    is_silence: bool = False

    def shows(self, camera_id: str, at_utc: datetime) -> bool:
        """Whether a camera's frame of an instant shows it; silence shows nothing."""
        return not self.is_silence and camera_id in self.camera_ids and self.from_utc <= at_utc < self.until_utc


@dataclass(frozen=True, slots=True)
class Silence:
    """A link that is down: what the camera takes meanwhile arrives all at once when it is up again."""

    camera_id: str
    from_utc: datetime
    until_utc: datetime


@dataclass(frozen=True, slots=True)
class Script:
    """All that happens, and the frames' rhythm."""

    start_utc: datetime
    cadence_s: float
    happenings: tuple[Happening, ...]
    silences: tuple[Silence, ...]
    lasts: timedelta = timedelta(seconds=HOUR_S)

    @property
    def until_utc(self) -> datetime:
        return self.start_utc + self.lasts

    def rounds(self) -> Iterator[datetime]:
        """Every instant at which all cameras take a frame."""
        at_utc = self.start_utc
        while at_utc < self.until_utc:
            yield at_utc
            at_utc += timedelta(seconds=self.cadence_s)


def write_script(pack: CityPack, *, seed: int, start_utc: datetime, cadence_s: float) -> Script:
    """Draw an hour for a city; the same seed gives the same hour."""
    dice = Random(seed)  # noqa: S311  # a story, not a secret
    happenings: list[Happening] = []
    for kind, count in HOW_MANY.items():
        for number in range(count + (DRILLS if kind == FIRE_SMOKE else 0)):
            happenings.append(_draw(pack, dice, kind, happenings, start_utc, exercise=number >= count))
    busy = {camera_id for one in happenings for camera_id in one.camera_ids}
    idle = sorted(camera.id for camera in pack.cameras if camera.id not in busy)
    quiet = dice.sample(idle, SILENT_LINKS + OUTAGES)
    lost = tuple(_silence(dice, camera_id, start_utc, SILENCE_S) for camera_id in quiet[OUTAGES:])
    outages = tuple(_silence(dice, camera_id, start_utc, OUTAGE_S) for camera_id in quiet[:OUTAGES])
    happenings += [_outage(one, cadence_s) for one in outages]
    return Script(start_utc, cadence_s, tuple(happenings), (*lost, *outages))


def seeing(pack: CityPack, kind: str, at: Camera) -> tuple[str, ...]:
    """The cameras that see what happens at a camera; a listed face and a fault are one camera's own.

    No two of them are farther apart than the kind's radius, whichever of them opens the incident.
    """
    if kind in (WATCHLIST_CANDIDATE, CAMERA_FAULT):
        return (at.id,)
    sight_m = min(SIGHT_M, pack.kind(kind).join_radius_m / 2)
    near = (one for one in pack.cameras if distance_m(one, at) <= sight_m and kind in pack.profile(one).scenes)
    return (at.id, *(one.id for one in near if one.id != at.id))


def distance_m(one: Camera, other: Camera) -> float:
    """On the plane that touches the earth there."""
    east = (one.longitude - other.longitude) * cos(radians(one.latitude))
    return METRES_PER_DEGREE * hypot(one.latitude - other.latitude, east)


def _draw(
    pack: CityPack, dice: Random, kind: str, others: Sequence[Happening], start_utc: datetime, *, exercise: bool
) -> Happening:
    at = dice.choice(sorted(_places(pack, kind, others), key=lambda camera: camera.id))
    begins = start_utc + timedelta(seconds=dice.uniform(60, HOUR_S / 3))
    lasts = timedelta(seconds=dice.uniform(*LASTS_S))
    answered = None if dice.random() < UNANSWERED else dice.uniform(*ANSWERED_WITHIN_S)
    subject = f"entry-{len(others)}" if kind == WATCHLIST_CANDIDATE else ""
    return Happening(kind, seeing(pack, kind, at), begins, begins + lasts, subject, exercise, answered)


def _places(pack: CityPack, kind: str, others: Sequence[Happening]) -> Iterator[Camera]:
    """Cameras that look for a kind, see nothing else, and are far from all that is of the same kind."""
    taken = {camera_id for one in others for camera_id in one.camera_ids}
    apart_m = 2 * pack.kind(kind).join_radius_m + 2 * SIGHT_M
    alike = [pack.camera(one.camera_ids[0]) for one in others if one.kind == kind]
    for camera in pack.cameras:
        far = all(other is None or distance_m(camera, other) > apart_m for other in alike)
        if far and _looks_for(pack, kind, camera) and not taken & set(seeing(pack, kind, camera)):
            yield camera


def _looks_for(pack: CityPack, kind: str, camera: Camera) -> bool:
    profile = pack.profile(camera)
    if kind == WATCHLIST_CANDIDATE:
        return profile.faces
    return profile.health if kind == CAMERA_FAULT else kind in profile.scenes


def _silence(dice: Random, camera_id: str, start_utc: datetime, lasts_s: tuple[float, float]) -> Silence:
    begins = start_utc + timedelta(seconds=dice.uniform(120, HOUR_S / 2))
    return Silence(camera_id, begins, begins + timedelta(seconds=dice.uniform(*lasts_s)))


def _outage(silence: Silence, cadence_s: float) -> Happening:
    """First seen with the last frame that came, or with the last heartbeat, up to a minute earlier."""
    begins = silence.from_utc - timedelta(seconds=60 + cadence_s)
    return Happening(CAMERA_FAULT, (silence.camera_id,), begins, silence.until_utc, is_silence=True)
