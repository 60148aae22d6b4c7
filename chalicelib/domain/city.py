"""The city as data: areas, units, routes, kinds and cameras, as one versioned, validated value.

A city pack is written as YAML, checked once when it is compiled and travels as JSON; here it is only values and
look-ups, so that changing a city never means changing code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

EVERYWHERE = "*"

PolygonRel = tuple[tuple[float, float], ...]
"""Corners as (x, y) shares of the picture's width and height, each in [0,1]."""


@dataclass(frozen=True, slots=True)
class Area:
    """A jurisdiction with the days it was in force: `valid_from` counts, `valid_until` doesn't any more."""

    id: str
    code: str
    name: str
    level: str
    valid_from: date
    valid_until: date | None = None
    part_of: str | None = None

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True)
class Unit:
    """An organisation that acts, in the areas it is competent for (`*`: the whole city)."""

    id: str
    role: str
    name_vi: str
    name_en: str
    areas: tuple[str, ...] = (EVERYWHERE,)

    def covers(self, area_id: str) -> bool:
        return EVERYWHERE in self.areas or area_id in self.areas


@dataclass(frozen=True, slots=True)
class Route:
    """Which roles hear of which kinds; `areas` and `min_severity` narrow it."""

    id: str
    kinds: tuple[str, ...]
    roles: tuple[str, ...]
    areas: tuple[str, ...] = (EVERYWHERE,)
    min_severity: str = "minor"


@dataclass(frozen=True, slots=True)
class KindPolicy:
    """When a kind counts as seen, as confirmed and as over.

    `threshold` is a score in [0,1], or a cosine for candidates; None leaves it to the model's calibrated default.
    `positives` of the last `of_frames` frames, none older than `window_s`, open an incident; `hold_s` without a
    positive ends it. `update_s` is the least time between two updates of one incident. A kind that is
    `held_for_review` reaches no unit before people confirmed it.
    """

    kind: str
    name_vi: str
    name_en: str
    severity: str
    threshold: float | None = None
    positives: int = 3
    of_frames: int = 5
    window_s: float = 600
    hold_s: float = 300
    update_s: float = 600
    held_for_review: bool = False


@dataclass(frozen=True, slots=True)
class CameraProfile:
    """What is looked for on a camera; zones are in shares of the picture."""

    id: str
    scenes: tuple[str, ...] = ()
    vehicles: bool = False
    faces: bool = False
    health: bool = True
    thresholds: Mapping[str, float] = field(default_factory=dict)
    road_zone_rel: PolygonRel = ((0.0, 0.35), (1.0, 0.35), (1.0, 1.0), (0.0, 1.0))


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera, its place (WGS 84 degrees) and every area it ever stood in."""

    id: str
    name: str
    latitude: float
    longitude: float
    areas: tuple[str, ...]
    profile: str
    position_is_made_up: bool = False


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
    """One city at one version. `default_area` places cameras that the pack doesn't know yet."""

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

    def camera(self, camera_id: str) -> Camera | None:
        return self._cameras.get(camera_id)

    def profile(self, camera: Camera) -> CameraProfile:
        return self._profiles[camera.profile]

    def kind(self, kind: str) -> KindPolicy:
        return self._kinds[kind]

    def area(self, area_id: str) -> Area:
        return self._areas[area_id]

    def local_day(self, at_utc: datetime) -> date:
        """The calendar day in the city, which is what effective dates are written in."""
        return at_utc.astimezone(ZoneInfo(self.timezone)).date()

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
