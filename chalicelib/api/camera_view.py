"""What a camera looks for, where in its picture and when: drawn in the console, and a new version of the city pack."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import time
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from chalicelib import bootstrap
from chalicelib.api.cameras import require_camera
from chalicelib.api.deeds import Purpose
from chalicelib.api.endpoints import Call, Routes, Strict, Versioned
from chalicelib.api.fields import CameraId
from chalicelib.api.problems import Misfit, refusal, unsound
from chalicelib.domain.city import Camera, CameraProfile, CityPack, CrowdLimit, Hours, Mask, RoadZone, Schedule
from chalicelib.domain.permissions import Permission, may
from chalicelib.errors import NotAllowed, StaleVersion, Unsound
from chalicelib.flows.change_city import require_pack

routes = Routes("cameras")

Share = Annotated[float, Field(ge=0, le=1)]
Corner = Annotated[tuple[Share, ...], Field(min_length=2, max_length=2)]
"""[x, y] as shares of the picture's width and height."""

Polygon = Annotated[tuple[Corner, ...], Field(min_length=3, max_length=200)]
KindOrAll = Annotated[str, Field(pattern=r"^(\*|[a-z_]{1,64})$", examples=["flood"])]
Clock = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$", examples=["22:00"])]
DayOfWeek = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
ProfileId = Annotated[str, Field(min_length=1, max_length=64, examples=["junction"])]


class MaskView(Strict):
    """A part of the picture that is nobody's business for some kinds (`*`: for all)."""

    kinds: tuple[KindOrAll, ...] = Field(min_length=1, max_length=50)
    polygon_rel: Polygon

    @classmethod
    def of(cls, mask: Mask) -> "MaskView":
        return cls(kinds=mask.kinds, polygon_rel=mask.polygon_rel)

    def value(self) -> Mask:
        return Mask(_corners(self.polygon_rel), self.kinds)


class HoursView(Strict):
    """Hours on the city's clock; when `until` is not after `start` they run over midnight."""

    start: Clock
    until: Clock
    days: tuple[DayOfWeek, ...] = Field(min_length=1, max_length=7)

    @classmethod
    def of(cls, hours: Hours) -> "HoursView":
        return cls.model_validate({"start": _told(hours.start), "until": _told(hours.until), "days": hours.days})

    def value(self) -> Hours:
        return Hours(time.fromisoformat(self.start), time.fromisoformat(self.until), self.days)


class ScheduleView(Strict):
    """Hours in which kinds are looked for; a kind without a schedule is looked for at all hours."""

    kinds: tuple[KindOrAll, ...] = Field(min_length=1, max_length=50)
    hours: tuple[HoursView, ...] = Field(min_length=1, max_length=50)

    @classmethod
    def of(cls, schedule: Schedule) -> "ScheduleView":
        return cls(kinds=schedule.kinds, hours=tuple(map(HoursView.of, schedule.hours)))

    def value(self) -> Schedule:
        return Schedule(self.kinds, tuple(one.value() for one in self.hours))


class RoadZoneView(Strict):
    """A part of the road whose fullness and queue are told by themselves."""

    id: str = Field(min_length=1, max_length=64, examples=["from-the-bridge"])
    polygon_rel: Polygon

    @classmethod
    def of(cls, zone: RoadZone) -> "RoadZoneView":
        return cls(id=zone.id, polygon_rel=zone.polygon_rel)

    def value(self) -> RoadZone:
        return RoadZone(self.id, _corners(self.polygon_rel))


class CrowdView(Strict):
    """From how many people in a zone on there is a crowd."""

    people: int = Field(ge=1, le=10_000)
    zone_rel: Polygon

    @classmethod
    def of(cls, limit: CrowdLimit | None) -> "CrowdView | None":
        return None if limit is None else cls(people=limit.people, zone_rel=limit.zone_rel)

    def value(self) -> CrowdLimit:
        return CrowdLimit(self.people, _corners(self.zone_rel))


class EffectiveView(BaseModel):
    """What functions work by: the camera's own and its profile's together."""

    profile: str
    road_zone_rel: Polygon
    masks: tuple[MaskView, ...]
    schedules: tuple[ScheduleView, ...]
    road_zones: tuple[RoadZoneView, ...]
    stopped_after_s: float
    crowd: CrowdView | None

    @classmethod
    def of(cls, profile: CameraProfile) -> "EffectiveView":
        return cls(
            profile=profile.id,
            road_zone_rel=profile.road_zone_rel,
            masks=tuple(map(MaskView.of, profile.masks)),
            schedules=tuple(map(ScheduleView.of, profile.schedules)),
            road_zones=tuple(map(RoadZoneView.of, profile.road_zones)),
            stopped_after_s=profile.stopped_after_s,
            crowd=CrowdView.of(profile.crowd),
        )


class CameraSettings(Versioned):
    """A camera's own settings, beside which those of its profile hold; null, or no road zones: the profile's."""

    profile: str
    road_zone_rel: Polygon | None
    masks: tuple[MaskView, ...]
    schedules: tuple[ScheduleView, ...]
    road_zones: tuple[RoadZoneView, ...]
    stopped_after_s: float | None
    crowd: CrowdView | None
    effective: EffectiveView
    profiles: tuple[str, ...] = Field(description="Those that there are.")

    @classmethod
    def of(cls, camera: Camera, pack: CityPack) -> "CameraSettings":
        return cls(
            version=pack.version,
            profile=camera.profile,
            road_zone_rel=camera.road_zone_rel,
            masks=tuple(map(MaskView.of, camera.masks)),
            schedules=tuple(map(ScheduleView.of, camera.schedules)),
            road_zones=tuple(map(RoadZoneView.of, camera.road_zones)),
            stopped_after_s=camera.stopped_after_s,
            crowd=CrowdView.of(camera.crowd),
            effective=EffectiveView.of(pack.profile(camera)),
            profiles=tuple(one.id for one in pack.profiles),
        )


class CameraSettingsWish(Strict):
    """All of a camera's own settings, in place of those that it has."""

    profile: ProfileId
    road_zone_rel: Polygon | None
    masks: tuple[MaskView, ...] = Field(max_length=50)
    schedules: tuple[ScheduleView, ...] = Field(max_length=50)
    road_zones: tuple[RoadZoneView, ...] = Field(max_length=20)
    stopped_after_s: float | None = Field(ge=0, le=86_400, description="0: not looked for, whatever the profile says.")
    crowd: CrowdView | None
    purpose: Purpose

    def on(self, camera: Camera) -> Camera:
        return replace(
            camera,
            profile=self.profile,
            road_zone_rel=None if self.road_zone_rel is None else _corners(self.road_zone_rel),
            masks=tuple(one.value() for one in self.masks),
            schedules=tuple(one.value() for one in self.schedules),
            road_zones=tuple(one.value() for one in self.road_zones),
            stopped_after_s=self.stopped_after_s,
            crowd=None if self.crowd is None else self.crowd.value(),
        )


@routes.get("/cameras/{camera_id}/view", needs=Permission.CAMERA_READ, stateful=True)
def read_camera_view(call: Call, camera_id: CameraId) -> CameraSettings:
    """What a camera looks for, where in its picture and when, as it is in force this very moment."""
    pack = _pack_in_force()
    return CameraSettings.of(require_camera(call, pack, camera_id, bootstrap.clock()), pack)


@routes.put("/cameras/{camera_id}/view", needs=Permission.CAMERA_EDIT)
def change_camera_view(call: Call, camera_id: CameraId, body: CameraSettingsWish) -> CameraSettings:
    """Set all of it anew: a new version of the city pack, in force within a minute.

    Whether faces are looked for is a matter of the city pack: a profile that differs in that needs `city.apply`.
    """
    pack = _pack_in_force()
    camera = require_camera(call, pack, camera_id, bootstrap.clock())
    wanted = body.on(camera)
    _require_leave_for_faces(call, pack, camera, wanted)
    try:
        after = bootstrap.change_city().put_view(wanted, by=call.actor.subject, purpose=body.purpose, seen=call.seen)
    except StaleVersion as error:
        now = _pack_in_force()
        raise refusal(error, current=CameraSettings.of(now.camera(camera_id) or camera, now)) from error
    except Unsound as error:
        raise _misfit(error) from error
    return CameraSettings.of(wanted, after)


def _pack_in_force() -> CityPack:
    return require_pack(bootstrap.pack_versions().in_force())


def _require_leave_for_faces(call: Call, pack: CityPack, before: Camera, after: Camera) -> None:
    searched = {one.id for one in pack.profiles if one.faces}
    if (before.profile in searched) != (after.profile in searched) and not may(call.actor, Permission.CITY_APPLY):
        raise NotAllowed(f"whether faces are looked for on a camera needs the permission {Permission.CITY_APPLY}")


def _misfit(error: Unsound) -> Misfit:
    """In the places of the body, which knows of no other camera."""
    return unsound("body", Unsound(one.partition("].")[2] for one in error.problems))


def _told(at: time) -> str:
    return at.isoformat("seconds" if at.second else "minutes")


def _corners(polygon: Iterable[tuple[float, ...]]) -> tuple[tuple[float, float], ...]:
    return tuple((x, y) for x, y in polygon)
