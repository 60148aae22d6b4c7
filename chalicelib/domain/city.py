"""The city as data: areas, units, routes, kinds and cameras, as one versioned, validated value.

A city pack is written as YAML, checked once when it is compiled and travels as JSON; here it is only values and
look-ups, so that changing a city never means changing code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from chalicelib.domain.thresholds import OwnThreshold
from chalicelib.domain.watchlists import CATEGORIES, Category
from chalicelib.errors import NotFound

T = TypeVar("T")

EVERYWHERE = "*"

PolygonRel = tuple[tuple[float, float], ...]
"""Corners as (x, y) shares of the picture's width and height, each in [0,1]."""

RingLonLat = tuple[tuple[float, float], ...]
"""Corners as (longitude, latitude) in WGS 84 degrees, the last joined to the first."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Area:
    """A jurisdiction with the days it was in force: `valid_from` counts, `valid_until` doesn't any more.

    A point inside an odd number of `rings_lonlat` lies in it, so that holes and islands need no words of their own.
    """

    id: str
    code: str
    name: str
    level: str
    valid_from: date
    valid_until: date | None = None
    part_of: str | None = None
    rings_lonlat: tuple[RingLonLat, ...] = ()

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of the week on the city's clock; when `until` is not after `start` they run over midnight."""

    start: time
    until: time
    days: tuple[str, ...] = DAYS


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a unit gets its alerts: a protocol of SNS (sqs, email, sms, https) and the address there."""

    protocol: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisation that acts, in the areas it is competent for (`*`: the whole city).

    Exercises reach it only if it takes part in `drills`.
    """

    id: str
    role: str
    name_vi: str
    name_en: str
    areas: tuple[str, ...] = (EVERYWHERE,)
    drills: bool = False
    contacts: tuple[Contact, ...] = ()

    def covers(self, area_id: str) -> bool:
        return EVERYWHERE in self.areas or area_id in self.areas


@dataclass(frozen=True, slots=True)
class Route:
    """Which roles hear of which kinds; `areas`, `min_severity` and `hours` narrow it."""

    id: str
    kinds: tuple[str, ...]
    roles: tuple[str, ...]
    areas: tuple[str, ...] = (EVERYWHERE,)
    min_severity: str = "minor"
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """Who is called in when nobody acknowledged within `after_s` of the step before, or of the opening."""

    after_s: float
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Escalation:
    """The chain that an unacknowledged incident climbs; its last step is taken `repeats` times more.

    Of several that fit an incident the one with the highest `min_severity` holds.
    """

    id: str
    kinds: tuple[str, ...]
    steps: tuple[EscalationStep, ...]
    min_severity: str = "minor"
    repeats: int = 0


@dataclass(frozen=True, slots=True)
class Rise:
    """When an incident becomes that severe: every condition that is given holds.

    `after_s` since it was first seen, `cameras` that saw it, `extent` as the share of the picture it fills.
    """

    severity: str
    after_s: float = 0
    cameras: int = 1
    extent: float = 0


@dataclass(frozen=True, slots=True)
class CheckStep:
    """One step of a kind's standard procedure, to be ticked off by who handles it."""

    id: str
    name_vi: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Window:
    """A time in which incidents of some kinds and places don't open (`suppress`) or are an `exercise`.

    Planned works, a festival, a drill: `reason` says which. What is already open goes on and ends as ever.
    """

    id: str
    effect: str
    reason: str
    from_utc: datetime
    until_utc: datetime
    kinds: tuple[str, ...] = (EVERYWHERE,)
    areas: tuple[str, ...] = (EVERYWHERE,)
    cameras: tuple[str, ...] = (EVERYWHERE,)


@dataclass(frozen=True, slots=True)
class KindPolicy:
    """When a kind counts as seen, as confirmed and as over.

    `threshold` is a score in [0,1], or a cosine for candidates; None leaves it to the model's calibrated default.
    `positives` of the last `of_frames` frames, none older than `window_s`, open an incident; `hold_s` without a
    positive ends it. Of frames less than `apart_s` from each other one counts, so that K of N lasts as long however
    often a camera sends. `update_s` is the least time between two updates of one incident.

    Cameras within `join_radius_m` that see it within `join_window_s` of each other see one incident (0: none joins).
    What comes back within `cooldown_s` of its end is the same incident again, or none if people dismissed it. As many
    as `burst_count` incidents that open within `burst_window_s` get a parent for the whole city (0: never).

    A kind that is `held_for_review` reaches no unit before `confirmations` different people confirmed it, and lapses
    after `review_s`. `resolve_s` is how long handling may take before the operations centre is reminded.
    """

    kind: str
    name_vi: str
    name_en: str
    severity: str
    threshold: float | None = None
    positives: int = 3
    of_frames: int = 5
    apart_s: float = 0
    window_s: float = 600
    hold_s: float = 300
    update_s: float = 600
    join_radius_m: float = 0
    join_window_s: float = 600
    cooldown_s: float = 0
    burst_count: int = 0
    burst_window_s: float = 600
    held_for_review: bool = False
    confirmations: int = 2
    review_s: float = 86_400
    resolve_s: float = 86_400
    rises: tuple[Rise, ...] = ()
    checklist: tuple[CheckStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Mask:
    """A part of the picture that is nobody's business for some kinds."""

    polygon_rel: PolygonRel
    kinds: tuple[str, ...] = (EVERYWHERE,)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Hours in which kinds are looked for; a kind without a schedule is looked for at all hours."""

    kinds: tuple[str, ...]
    hours: tuple[Hours, ...]


@dataclass(frozen=True, slots=True)
class RoadZone:
    """A part of the road whose fullness and queue are told by themselves: an approach, a lane, a ramp."""

    id: str
    polygon_rel: PolygonRel


@dataclass(frozen=True, slots=True)
class CrowdLimit:
    """From how many people in a zone on there is a crowd; without a zone, in the whole picture."""

    people: int
    zone_rel: PolygonRel = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


@dataclass(frozen=True, slots=True)
class CameraProfile:
    """What is looked for on a camera; zones are in shares of the picture.

    `stopped_after_s` is how long a vehicle may stand on a road that flows; 0, and no `crowd`: not looked for.
    """

    id: str
    scenes: tuple[str, ...] = ()
    vehicles: bool = False
    faces: bool = False
    health: bool = True
    thresholds: Mapping[str, float] = field(default_factory=dict)
    road_zone_rel: PolygonRel = ((0.0, 0.35), (1.0, 0.35), (1.0, 1.0), (0.0, 1.0))
    masks: tuple[Mask, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    road_zones: tuple[RoadZone, ...] = ()
    stopped_after_s: float = 0
    crowd: CrowdLimit | None = None


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera, its place (WGS 84 degrees) and every area it ever stood in.

    Its own masks and schedules add to those of its profile, its own zones and limits take the place of the profile's.
    `image_to_ground` is a homography, 3×3 by rows: (x, y, 1) in shares of the picture to (longitude, latitude, 1).
    """

    id: str
    name: str
    latitude: float
    longitude: float
    areas: tuple[str, ...]
    profile: str
    position_is_made_up: bool = False
    road_zone_rel: PolygonRel | None = None
    masks: tuple[Mask, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    image_to_ground: tuple[float, ...] = ()
    road_zones: tuple[RoadZone, ...] = ()
    stopped_after_s: float | None = None
    crowd: CrowdLimit | None = None


@dataclass(frozen=True, slots=True)
class FaceBudget:
    """How many false candidates a day reviewers can bear, of how many faces that pass all cameras a day.

    `likeness`: how many times likelier than strangers of the impostor curve the people here resemble those listed.
    """

    false_alerts_per_day: float = 1.0
    faces_per_day: float = 50_000.0
    likeness: float = 10.0


@dataclass(frozen=True)
class CityPack:
    """One city at one version. `default_area` places cameras that the pack doesn't know yet.

    `face_threshold` takes the place of what `face_budget` gives as long as its evaluation carries it.
    """

    id: str
    version: str
    name_vi: str
    name_en: str
    timezone: str
    default_area: str
    areas: tuple[Area, ...]
    units: tuple[Unit, ...]
    routes: tuple[Route, ...]
    kinds: tuple[KindPolicy, ...]
    profiles: tuple[CameraProfile, ...]
    cameras: tuple[Camera, ...]
    face_budget: FaceBudget = FaceBudget()
    face_threshold: OwnThreshold | None = None
    categories: tuple[Category, ...] = CATEGORIES
    escalations: tuple[Escalation, ...] = ()
    windows: tuple[Window, ...] = ()

    def camera(self, camera_id: str) -> Camera | None:
        return self._cameras.get(camera_id)

    def profile(self, camera: Camera) -> CameraProfile:
        """What is looked for on a camera, its own masks, schedules, zones and limits included."""
        profile = self._profiles[camera.profile]
        return replace(
            profile,
            masks=profile.masks + camera.masks,
            schedules=profile.schedules + camera.schedules,
            road_zone_rel=camera.road_zone_rel or profile.road_zone_rel,
            road_zones=camera.road_zones or profile.road_zones,
            stopped_after_s=profile.stopped_after_s if camera.stopped_after_s is None else camera.stopped_after_s,
            crowd=camera.crowd or profile.crowd,
        )

    def kind(self, kind: str) -> KindPolicy:
        """Raises NotFound for one that only an older pack had."""
        return _known(self._kinds, kind, f"pack {self.version!r} has no kind")

    def area(self, area_id: str) -> Area:
        """Raises NotFound for one that only an older pack had."""
        return _known(self._areas, area_id, f"pack {self.version!r} has no area")

    def local_time(self, at_utc: datetime) -> datetime:
        """An instant on the city's clock."""
        return at_utc.astimezone(ZoneInfo(self.timezone))

    def local_day(self, at_utc: datetime) -> date:
        """The calendar day in the city, which is what effective dates are written in."""
        return self.local_time(at_utc).date()

    @cached_property
    def _cameras(self) -> Mapping[str, Camera]:
        return {camera.id: camera for camera in self.cameras}

    @cached_property
    def _profiles(self) -> Mapping[str, CameraProfile]:
        return {profile.id: profile for profile in self.profiles}

    @cached_property
    def _kinds(self) -> Mapping[str, KindPolicy]:
        return {policy.kind: policy for policy in self.kinds}

    @cached_property
    def _areas(self) -> Mapping[str, Area]:
        return {area.id: area for area in self.areas}


def _known(named: Mapping[str, T], name: str, otherwise: str) -> T:
    if name not in named:
        raise NotFound(f"{otherwise} {name!r}")
    return named[name]
