"""Boundaries are sound and disjoint when a pack is compiled: who is listed first keeps what two areas claim."""

import json
import math
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.city import Area, Camera
from chalicelib.domain.jurisdiction import area_of_ground
from city.boundaries import Boundaries, draw_boundaries
from city.placing import contradictions, place_cameras

THEN, REFORM, NOW = date(2024, 1, 1), date(2025, 7, 1), date(2026, 1, 1)


def area(area_id: str, valid_from: date = THEN, valid_until: date | None = None, part_of: str | None = None) -> Area:
    return Area(area_id, area_id, area_id, "ward", valid_from, valid_until, part_of)


def square(west: float, south: float, side: float = 0.01) -> list[list[float]]:
    """A closed ring with its corner at 108° east, 12° north and some hundredths of a degree."""
    west, south = 108 + west / 100, 12 + south / 100
    corners = [[west, south], [west + side, south], [west + side, south + side], [west, south + side]]
    return [*corners, corners[0]]


def draw(
    tmp_path: Path, areas: tuple[Area, ...], *shapes: tuple[str, Any], cameras: tuple[Camera, ...] = ()
) -> Boundaries:
    features = [
        {"type": "Feature", "properties": {"id": name}, "geometry": {"type": "Polygon", "coordinates": rings}}
        for name, rings in shapes
    ]
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return draw_boundaries(path, areas, cameras)


def owner(drawn: Boundaries, east: float, north: float, day: date = NOW) -> str | None:
    found = area_of_ground(drawn.areas, (108 + east / 100, 12 + north / 100), day)
    return found.id if found else None


A, B = area("a"), area("b")


def test_a_position_is_in_the_area_that_is_drawn_around_it(tmp_path: Path) -> None:
    drawn = draw(tmp_path, (A, B), ("a", [square(0, 0)]), ("b", [square(1, 0)]))
    assert [owner(drawn, x, 0.5) for x in (0.5, 1.5, 2.5)] == ["a", "b", None]
    assert (drawn.problems, drawn.warnings) == ([], [])


@pytest.mark.parametrize("areas", [(A, B), (B, A)], ids=["a is listed first", "b is listed first"])
def test_ground_that_two_areas_claim_is_the_firsts(tmp_path: Path, areas: tuple[Area, ...]) -> None:
    drawn = draw(tmp_path, areas, ("a", [square(0, 0)]), ("b", [square(0.5, 0)]))
    first = areas[0].id
    assert [owner(drawn, x, 0.5) for x in (0.25, 0.75, 1.25)] == ["a", first, "b"]
    (warning,) = drawn.warnings
    assert f"{first!r}, listed first, keeps it" in warning
    overlap_m2 = float(warning.split("overlap by ")[1].split(" m²")[0].replace(",", ""))
    assert overlap_m2 == pytest.approx((111_320 * 0.01) ** 2 / 2 * math.cos(math.radians(12.005)), rel=0.01)


@pytest.mark.parametrize("areas", [(A, B), (B, A)], ids=["a is listed first", "b is listed first"])
def test_a_border_belongs_to_the_area_that_is_listed_first(tmp_path: Path, areas: tuple[Area, ...]) -> None:
    drawn = draw(tmp_path, areas, ("a", [square(0, 0)]), ("b", [square(1, 0)]))
    assert owner(drawn, 1, 0.5) == areas[0].id
    assert drawn.warnings == []


def test_areas_of_different_times_may_share_ground(tmp_path: Path) -> None:
    """The reform is data: what happened before it stays with the ward of then."""
    old, new = area("old", valid_until=REFORM), area("new", valid_from=REFORM)
    drawn = draw(tmp_path, (old, new), ("old", [square(0, 0)]), ("new", [square(0, 0, side=0.02)]))
    assert [owner(drawn, 0.5, 0.5, day) for day in (date(2025, 6, 30), REFORM)] == ["old", "new"]
    assert (drawn.problems, drawn.warnings) == ([], [])


def test_holes_are_not_the_areas(tmp_path: Path) -> None:
    drawn = draw(tmp_path, (A,), ("a", [square(0, 0), square(0.4, 0.4, side=0.002)]))
    assert [owner(drawn, x, 0.5) for x in (0.2, 0.5)] == ["a", None]


def test_slivers_that_a_cut_leaves_are_dropped(tmp_path: Path) -> None:
    """Of b a strip of a metre is left west of a, and the most of it east."""
    drawn = draw(
        tmp_path,
        (A, B),
        ("a", [square(0, 0)]),
        ("b", [[[107.99999, 12.002], [108.02, 12.002], [108.02, 12.0025], [107.99999, 12.0025], [107.99999, 12.002]]]),
    )
    assert owner(drawn, -0.0005, 0.22) is None
    assert owner(drawn, 1.5, 0.22) == "b"
    assert any("1 slivers of 'b' were dropped" in warning for warning in drawn.warnings)


def test_an_area_that_keeps_nothing_is_a_problem(tmp_path: Path) -> None:
    drawn = draw(tmp_path, (A, B), ("a", [square(0, 0)]), ("b", [square(0.2, 0.2, side=0.001)]))
    assert drawn.problems == [
        f"{tmp_path}/areas.geojson: nothing is left of 'b' beside the areas that are listed before it"
    ]


BOW_TIE = [[108, 12], [108.01, 12.01], [108.01, 12], [108, 12.01], [108, 12]]
CAMERA = Camera("c", "c", 12.005, 108.005, (), "p")


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        pytest.param(("x", [square(0, 0)]), "'x' is no area", id="a stranger"),
        pytest.param(("a", [square(0, 0)[:-1]]), "a ring of 4 positions isn't closed", id="an open ring"),
        pytest.param(("a", [BOW_TIE]), "Self-intersection", id="a ring that crosses itself"),
        pytest.param(("a", [square(300, 0)]), "'a' lies far from every camera", id="another city's"),
        pytest.param(("a", [[[y, x] for x, y in square(0, 0)]]), "'a' is no place on earth", id="swapped axes"),
        pytest.param(("a", [["here"]]), "'a': could not convert string to float", id="no positions"),
        pytest.param(("a", None), "'a': 'NoneType' object is not iterable", id="no coordinates"),
        pytest.param(("whole", [square(0, 0)]), "'whole' has parts: only they have boundaries", id="a whole city"),
    ],
)
def test_a_feature_that_does_not_hold_is_told_by_its_number(tmp_path: Path, shape: tuple[str, Any], told: str) -> None:
    areas = (area("whole"), A, area("part", part_of="whole"))
    drawn = draw(tmp_path, areas, ("part", [square(5, 5)]), shape, cameras=(CAMERA,))
    (problem,) = drawn.problems
    assert problem.startswith(f"{tmp_path}/areas.geojson: features[1]: ")
    assert told in problem


def test_an_area_is_drawn_once(tmp_path: Path) -> None:
    drawn = draw(tmp_path, (A,), ("a", [square(0, 0)]), ("a", [square(5, 0)]))
    assert drawn.problems == [f"{tmp_path}/areas.geojson: features[1]: 'a' is there twice: make it one MultiPolygon"]


def test_a_camera_without_areas_gets_one_for_every_time(tmp_path: Path) -> None:
    old, new, other = area("old", valid_until=REFORM), area("new", valid_from=REFORM), area("other")
    shapes = ("old", [square(0, 0)]), ("new", [square(0, 0, side=0.02)]), ("other", [square(2, 2)])
    areas = draw(tmp_path, (old, new, other), *shapes).areas
    stating = Camera("d", "d", 12.005, 108.005, ("other",), "p")
    placed = place_cameras((CAMERA, stating), areas)
    assert [camera.areas for camera in placed] == [("old", "new"), ("other",)]


def test_a_camera_that_contradicts_its_boundary_is_told(tmp_path: Path) -> None:
    areas = draw(tmp_path, (A, B), ("a", [square(0, 0)])).areas
    right, wrong = (Camera("c", "c", 12.005, 108.005, (name,), "p") for name in "ab")
    assert list(contradictions((right, wrong), areas)) == [
        "cameras[1].areas: 'b' is stated, but it stands in the boundary of 'a'"
    ]
