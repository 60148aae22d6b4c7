"""A proposed pack is told from the one in force field by field, and can't drop what goes on."""

from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.domain.city import CityPack, FaceBudget
from chalicelib.domain.confirmation import Tracker
from chalicelib.domain.pack_changes import PackChange, pack_changes, still_needed
from city.reading import read_pack
from tests.unit.happenings import opened

PACK = read_pack(Path(__file__).parents[2] / "city" / "testville")
FLOOD, HARBOUR = PACK.kind("flood"), PACK.area("harbour")


def only(changed: CityPack) -> PackChange:
    (change,) = pack_changes(PACK, changed)
    return change


def test_a_pack_equals_itself_whatever_its_version() -> None:
    assert pack_changes(PACK, replace(PACK, version="2")) == ()


@pytest.mark.parametrize(
    ("changed", "change"),
    [
        pytest.param(
            replace(PACK, kinds=tuple(replace(one, hold_s=60) if one == FLOOD else one for one in PACK.kinds)),
            PackChange("kinds", "flood", "changed", "hold_s", 1800, 60),
            id="a field of an item",
        ),
        pytest.param(replace(PACK, routes=PACK.routes[:-1]), PackChange("routes", "crowds", "removed"), id="gone"),
        pytest.param(
            replace(PACK, areas=(*PACK.areas, replace(HARBOUR, id="pier"))),
            PackChange("areas", "pier", "added"),
            id="new",
        ),
        pytest.param(
            replace(PACK, areas=(HARBOUR, *PACK.areas[:2])),
            PackChange("areas", "harbour", "moved", "", 3, 1),
            id="another order",
        ),
        pytest.param(
            replace(PACK, default_area="harbour"),
            PackChange("city", "default_area", "changed", "", "new-town", "harbour"),
            id="a word of city.yaml",
        ),
        pytest.param(
            replace(PACK, face_budget=FaceBudget(2)),
            PackChange("city", "face_budget", "changed", "", FaceBudget(1), FaceBudget(2)),
            id="the face budget",
        ),
    ],
)
def test_what_changed_is_told(changed: CityPack, change: PackChange) -> None:
    assert only(changed) == change


def test_against_no_pack_everything_is_new() -> None:
    changes = pack_changes(None, PACK)
    assert {one.what for one in changes} == {"added"}
    assert sum(one.section == "cameras" for one in changes) == len(PACK.cameras)


INCIDENT = opened("flood", camera_id="tv-1").incident
WITHOUT_FLOOD = replace(PACK, kinds=tuple(one for one in PACK.kinds if one.kind != "flood"))
WITHOUT_CAMERA = replace(PACK, cameras=PACK.cameras[1:])
WITHOUT_AREA = replace(PACK, areas=(PACK.areas[0], HARBOUR))


@pytest.mark.parametrize(
    ("pack", "told"),
    [
        pytest.param(PACK, [], id="nothing dropped"),
        pytest.param(WITHOUT_FLOOD, ["kind 'flood' can't go while incident"], id="its kind"),
        pytest.param(WITHOUT_CAMERA, ["camera 'tv-1' can't go while incident"], id="its camera"),
        pytest.param(WITHOUT_AREA, ["area 'new-town' can't go while incident"], id="its area"),
    ],
)
def test_what_an_incident_is_about_can_not_go(pack: CityPack, told: list[str]) -> None:
    sentences = list(still_needed(pack, [INCIDENT], []))
    assert [sentence.split(" 20")[0] for sentence in sentences] == told
    assert all(INCIDENT.id in sentence and "open" in sentence for sentence in sentences)


def test_a_camera_that_still_sees_something_can_not_go() -> None:
    tracker = Tracker("tv-1", "flood", incident_id="i-1")
    assert list(still_needed(WITHOUT_CAMERA, [], [tracker])) == [
        "camera 'tv-1' can't go while camera 'tv-1' still sees flood, incident i-1"
    ]
