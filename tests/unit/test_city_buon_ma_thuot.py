"""The real city's pack: its places and names are those of the administration, on every day since 2024."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from vietnam_provinces import Ward, WardCode

from chalicelib.domain.city import Area, CityPack
from chalicelib.domain.jurisdiction import area_at
from chalicelib.domain.kinds import CAMERA_FAULT, CROWD, SCENE_KINDS, STOPPED_VEHICLE, WATCHLIST_CANDIDATE
from chalicelib.domain.routing import route
from chalicelib.store.packs import pack_from_json, pack_to_json
from city import generate
from city.reading import read_pack

FOLDER = generate.TARGET
NOON_UTC = datetime(2026, 3, 2, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def city() -> CityPack:
    return read_pack(FOLDER)


@pytest.mark.parametrize(
    ("file", "render"), [("areas.yaml", generate.render_areas), ("cameras.yaml", generate.render_cameras)]
)
def test_generating_anew_gives_the_committed_file(
    file: str, render: Callable[[tuple[generate.OldWard, ...]], str]
) -> None:
    assert (FOLDER / file).read_text(encoding="utf-8") == render(generate.read_wards())


def test_the_city_survives_its_travel_as_json(city: CityPack) -> None:
    assert pack_from_json(pack_to_json(city)) == city


def test_there_are_454_standing_and_100_new_cameras(city: CityPack) -> None:
    assert [camera.id for camera in city.cameras] == [f"bmt-{number:04d}" for number in range(1, 555)]
    assert len({camera.name for camera in city.cameras}) == 554
    assert all(camera.position_is_made_up for camera in city.cameras)


def test_faces_are_looked_for_on_24_new_cameras_only(city: CityPack) -> None:
    designated = [camera.id for camera in city.cameras if city.profile(camera).faces]
    assert designated == [f"bmt-{number:04d}" for number in range(531, 555)]


def test_temporary_cameras_look_for_every_scene_and_for_faces_only_when_told_to(city: CityPack) -> None:
    plain, faces = (next(p for p in city.profiles if p.id == name) for name in ("temporary", "temporary-faces"))
    for profile in (plain, faces):
        assert set(profile.scenes) == set(SCENE_KINDS)
        assert profile.vehicles
        assert profile.health
    assert (plain.faces, faces.faces) == (False, True)


@pytest.mark.parametrize(
    ("day", "wards", "communes"),
    [
        pytest.param(date(2024, 10, 31), 13, 8, id="21 before Resolution 1193"),
        pytest.param(date(2024, 11, 1), 11, 8, id="19 after it"),
        pytest.param(date(2025, 6, 30), 11, 8, id="19 until the city ended"),
        pytest.param(date(2025, 7, 1), 5, 1, id="6 after Resolution 1660"),
    ],
)
def test_as_many_wards_and_communes_as_the_resolutions_say(
    city: CityPack, day: date, wards: int, communes: int
) -> None:
    levels = Counter(area.level for area in city.areas if area.in_force(day))
    assert (levels["phường"], levels["xã"]) == (wards, communes)


def test_names_and_codes_since_july_2025_are_the_official_ones(city: CityPack) -> None:
    for area in _wards(city, date(2025, 7, 1)):
        official = Ward.from_code(WardCode(int(area.code)))
        assert " ".join(official.name.split()) == area.name
        assert official.province_code == 66


def test_one_code_names_three_wards_and_an_id_only_one(city: CityPack) -> None:
    """The reason why ids aren't codes: 24133 was given anew at both reforms."""
    reused = [area for area in city.areas if area.code == "24133"]
    assert [area.name for area in reused] == ["Phường Thắng Lợi", "Phường Thành Công", "Phường Buôn Ma Thuột"]
    assert len({area.id for area in city.areas}) == len(city.areas)


def test_a_camera_moves_with_the_reforms_without_being_moved(city: CityPack) -> None:
    camera = next(camera for camera in city.cameras if "phuong-thang-loi" in camera.areas)
    days = (datetime(2024, 5, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 6, 30, 17, tzinfo=UTC))
    names = [area_at(city, camera, at).name for at in days]
    assert names == ["Phường Thắng Lợi", "Phường Thành Công", "Phường Buôn Ma Thuột"]


def test_every_camera_has_just_one_area_on_every_day(city: CityPack) -> None:
    """Tried day by day over each distinct history, apart from the rule in check_pack that promises it."""
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(3 * 365)]
    for history in {camera.areas for camera in city.cameras}:
        areas = [city.area(area_id) for area_id in history]
        assert all(sum(area.in_force(day) for area in areas) == 1 for day in days), history


def test_every_ward_of_every_day_has_one_police_of_its_own(city: CityPack) -> None:
    police = [unit for unit in city.units if unit.role == "ward_police"]
    wards = [area for area in city.areas if area.level in {"phường", "xã"}]
    assert Counter(area_id for unit in police for area_id in unit.areas) == Counter(area.id for area in wards)


@pytest.mark.parametrize(
    ("kind", "units"),
    [
        ("fire_smoke", ("ioc", "city-police", "fire", "police-xa-hoa-phu-202507")),
        ("flood", ("ioc", "drainage", "police-xa-hoa-phu-202507")),
        ("congestion", ("ioc", "traffic-police", "police-xa-hoa-phu-202507")),
        ("garbage", ("ioc", "environment", "police-xa-hoa-phu-202507")),
        (STOPPED_VEHICLE, ("ioc", "traffic-police", "police-xa-hoa-phu-202507")),
        (CROWD, ("ioc", "city-police", "police-xa-hoa-phu-202507")),
        (WATCHLIST_CANDIDATE, ("ioc", "city-police", "police-xa-hoa-phu-202507")),
        (CAMERA_FAULT, ("ioc", "camera-technicians")),
    ],
)
def test_each_kind_reaches_the_units_that_act_on_it(city: CityPack, kind: str, units: tuple[str, ...]) -> None:
    area = city.area("xa-hoa-phu-202507")
    assert route(city, kind=kind, area=area, severity=city.kind(kind).severity, at_utc=NOON_UTC).units == units


def test_nothing_goes_to_the_unrouted_desk_in_any_ward(city: CityPack) -> None:
    for policy in city.kinds:
        for area in (area for area in city.areas if area.level in {"phường", "xã"}):
            routed = route(city, kind=policy.kind, area=area, severity=policy.severity, at_utc=NOON_UTC)
            assert "unrouted" not in routed.units, (policy.kind, area.id)


def test_three_frames_in_a_row_are_enough_for_every_kind_but_those_told_by_boxes(city: CityPack) -> None:
    by_boxes = {STOPPED_VEHICLE, CROWD}
    rules = {policy.kind: (policy.positives, policy.of_frames) for policy in city.kinds}
    assert {rule for kind, rule in rules.items() if kind not in by_boxes} == {(3, 5)}
    assert all(rules[kind][0] > 5 for kind in by_boxes)


def test_kinds_told_by_boxes_are_off_until_a_camera_asks_for_them(city: CityPack) -> None:
    profiles = [city.profile(camera) for camera in city.cameras]
    assert not any(one.stopped_after_s or one.crowd or one.road_zones for one in profiles)
    assert all(policy.threshold is None for policy in city.kinds)


def test_only_candidates_are_held_for_review(city: CityPack) -> None:
    assert [policy.kind for policy in city.kinds if policy.held_for_review] == [WATCHLIST_CANDIDATE]


def _wards(city: CityPack, day: date) -> list[Area]:
    return [area for area in city.areas if area.in_force(day) and area.level in {"phường", "xã"}]
