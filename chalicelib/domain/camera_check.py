"""What must hold of a city's cameras, of what is looked for on them and when, and of where they stand."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from chalicelib.domain.checking import (
    below,
    kinds,
    kinds_or_all,
    no_polygon,
    no_share,
    not_a_day,
    numbered,
    repeated,
    unknown,
    unknown_each,
)
from chalicelib.domain.city import Area, Camera, CameraProfile, CityPack
from chalicelib.domain.kinds import CROWD, STOPPED_VEHICLE

RECORD_START = date(2024, 1, 1)
"""From this day on every camera must have exactly one area on every day."""

_CAMERA_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def check_profiles(pack: CityPack) -> Iterator[str]:
    for at, profile in numbered("profiles", pack.profiles):
        yield from unknown_each(f"{at}.scenes", profile.scenes, kinds(pack), "kind")
        for kind, threshold in profile.thresholds.items():
            yield from unknown(f"{at}.thresholds", kind, kinds(pack), "kind")
            yield from no_share(f"{at}.thresholds.{kind}", threshold)
        yield from no_polygon(f"{at}.road_zone_rel", profile.road_zone_rel)
        yield from _check_view(at, profile, pack)
        yield from _check_street(at, profile, profile, pack)


def check_cameras(pack: CityPack) -> Iterator[str]:
    areas, profiles = {area.id: area for area in pack.areas}, {profile.id for profile in pack.profiles}
    for at, camera in numbered("cameras", pack.cameras):
        if not _CAMERA_ID.fullmatch(camera.id):
            yield f"{at}.id: {camera.id!r} can't stand in a frame's key"
        if not (-90 <= camera.latitude <= 90 and -180 <= camera.longitude <= 180):
            yield f"{at}.latitude: ({camera.latitude}, {camera.longitude}) is no place on earth"
        if len(camera.image_to_ground) not in {0, 9}:
            yield f"{at}.image_to_ground: {len(camera.image_to_ground)} numbers are no homography"
        if camera.road_zone_rel is not None:
            yield from no_polygon(f"{at}.road_zone_rel", camera.road_zone_rel)
        yield from _check_view(at, camera, pack)
        yield from unknown(f"{at}.profile", camera.profile, profiles, "profile")
        if camera.profile in profiles:
            yield from _check_street(at, camera, pack.profile(camera), pack)
        yield from unknown_each(f"{at}.areas", camera.areas, areas, "area")
        if areas.keys() >= set(camera.areas):
            yield from _check_days(f"{at}.areas", [areas[area_id] for area_id in camera.areas])


def _check_view(at: str, view: CameraProfile | Camera, pack: CityPack) -> Iterator[str]:
    """Masks and schedules, which profiles and cameras have alike."""
    for place, mask in numbered(f"{at}.masks", view.masks):
        yield from no_polygon(f"{place}.polygon_rel", mask.polygon_rel)
        yield from unknown_each(f"{place}.kinds", mask.kinds, kinds_or_all(pack), "kind")
    for place, schedule in numbered(f"{at}.schedules", view.schedules):
        yield from unknown_each(f"{place}.kinds", schedule.kinds, kinds_or_all(pack), "kind")
        if not schedule.hours:
            yield f"{place}.hours: no hours, so it would never be looked for"
        for hours_at, hours in numbered(f"{place}.hours", schedule.hours):
            yield from not_a_day(hours_at, hours)


def _check_street(at: str, view: CameraProfile | Camera, effective: CameraProfile, pack: CityPack) -> Iterator[str]:
    """Zones and what boxes are looked at for; all of it needs the vehicle detector."""
    for place, zone in numbered(f"{at}.road_zones", view.road_zones):
        yield from no_polygon(f"{place}.polygon_rel", zone.polygon_rel)
    yield from repeated(f"{at}.road_zones", [zone.id for zone in view.road_zones])
    if view.stopped_after_s is not None:
        yield from below(f"{at}.stopped_after_s", view.stopped_after_s)
    if view.crowd is not None:
        yield from below(f"{at}.crowd.people", view.crowd.people, 1)
        yield from no_polygon(f"{at}.crowd.zone_rel", view.crowd.zone_rel)
    needed = {"road_zones": view.road_zones, "stopped_after_s": view.stopped_after_s, "crowd": view.crowd}
    for what, asked_for in needed.items():
        if asked_for and not effective.vehicles:
            yield f"{at}.{what}: needs a profile with vehicles"
    for what, kind in (("stopped_after_s", STOPPED_VEHICLE), ("crowd", CROWD)):
        if needed[what]:
            yield from unknown(f"{at}.{what}", kind, kinds(pack), "kind")


def _check_days(at: str, unordered: list[Area]) -> Iterator[str]:
    """One area on every day since the record starts: the first is early enough, each follows the last, one goes on."""
    areas = sorted(unordered, key=lambda area: area.valid_from)
    if not areas or areas[0].valid_from > RECORD_START:
        yield f"{at}: no area in force on {RECORD_START}"
    for before, after in pairwise(areas):
        if before.valid_until is None or before.valid_until > after.valid_from:
            yield f"{at}: {before.id!r} and {after.id!r} are both in force on {after.valid_from}"
        elif before.valid_until < after.valid_from:
            yield f"{at}: no area in force on {before.valid_until}"
    if areas and areas[-1].valid_until is not None:
        yield f"{at}: no area in force on {areas[-1].valid_until}"
