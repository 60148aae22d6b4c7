"""Cameras, and whether they are heard of."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, Field

from chalicelib import bootstrap
from chalicelib.api import scopes
from chalicelib.api.endpoints import Call, Routes
from chalicelib.api.fields import AreaId, CameraId, Instant, Page, PageQuery
from chalicelib.api.paging import page_by_id
from chalicelib.domain.cameras import FROZEN_AFTER, Heartbeat
from chalicelib.domain.city import Camera, CityPack
from chalicelib.domain.jurisdiction import area_at
from chalicelib.domain.permissions import Permission
from chalicelib.errors import NotFound

SILENT_AFTER = timedelta(minutes=10)

routes = Routes("cameras")


class CameraState(StrEnum):
    LIVE = "live"
    FROZEN = "frozen"
    SILENT = "silent"
    NEVER_HEARD = "never_heard"


class CameraView(BaseModel):
    """A camera where it stands now, in WGS 84 degrees, and when it last sent a frame."""

    id: str
    name: str
    latitude: float
    longitude: float
    position_is_made_up: bool
    area_id: str
    area_name: str
    profile: str
    looks_for: tuple[str, ...] = Field(description="Kinds of scene; faces are looked for only where this says so.")
    state: CameraState
    last_frame_at: Instant | None
    same_picture_since: Instant | None


class CameraQuery(PageQuery):
    area: AreaId | None = None
    state: CameraState | None = None


class CameraPage(Page[CameraView]):
    pass


@routes.get("/cameras", needs=Permission.CAMERA_READ)
def list_cameras(call: Call, query: CameraQuery) -> CameraPage:
    """The cameras of your areas, by id.

    `silent` sent no frame for ten minutes, `frozen` sends one and the same picture.
    """
    pack, now = bootstrap.city_packs().current(), bootstrap.clock()
    within = [one for one in pack.cameras if _is_wanted(call, pack, one, query.area, now)]
    if query.state is None:
        part, following = page_by_id(within, query, key=lambda one: one.id)
        return CameraPage(items=_views(pack, part, now), next=following)
    views = [one for one in _views(pack, within, now) if one.state == query.state]
    page, following = page_by_id(views, query, key=lambda one: one.id)
    return CameraPage(items=tuple(page), next=following)


@routes.get("/cameras/{camera_id}", needs=Permission.CAMERA_READ)
def read_camera(call: Call, camera_id: CameraId) -> CameraView:
    """One camera."""
    pack, now = bootstrap.city_packs().current(), bootstrap.clock()
    (view,) = _views(pack, [require_camera(call, pack, camera_id, now)], now)
    return view


def require_camera(call: Call, pack: CityPack, camera_id: str, at_utc: datetime) -> Camera:
    """A camera of the pack that the asker may see; raises NotFound."""
    camera = pack.camera(camera_id)
    if camera is None:
        raise NotFound(f"there is no camera {camera_id!r}")
    call.require(scopes.of_camera(pack, camera, at_utc), what=f"camera {camera_id!r}")
    return camera


def _is_wanted(call: Call, pack: CityPack, camera: Camera, area: str | None, now: datetime) -> bool:
    scope = scopes.of_camera(pack, camera, now)
    return call.reaches(scope) and (area is None or area in scope.areas)


def _views(pack: CityPack, cameras: Iterable[Camera], now: datetime) -> tuple[CameraView, ...]:
    cameras = list(cameras)
    heard = bootstrap.cameras().last_heard([one.id for one in cameras]) if cameras else {}
    return tuple(_view(pack, one, heard, now) for one in cameras)


def _view(pack: CityPack, camera: Camera, heard: Mapping[str, Heartbeat], now: datetime) -> CameraView:
    area, profile, beat = area_at(pack, camera, now), pack.profile(camera), heard.get(camera.id)
    return CameraView(
        id=camera.id,
        name=camera.name,
        latitude=camera.latitude,
        longitude=camera.longitude,
        position_is_made_up=camera.position_is_made_up,
        area_id=area.id,
        area_name=area.name,
        profile=profile.id,
        looks_for=(*profile.scenes, *(["faces"] if profile.faces else [])),
        state=_state(beat, now),
        last_frame_at=beat.captured_at_utc if beat else None,
        same_picture_since=beat.still_since_utc if beat else None,
    )


def _state(beat: Heartbeat | None, now: datetime) -> CameraState:
    if beat is None:
        return CameraState.NEVER_HEARD
    if now - beat.captured_at_utc >= SILENT_AFTER:
        return CameraState.SILENT
    frozen = beat.captured_at_utc - beat.still_since_utc >= FROZEN_AFTER
    return CameraState.FROZEN if frozen else CameraState.LIVE
