"""Each incident reaches the roles its routes name where they are competent, the operations centre always."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import product
from pathlib import Path

import pytest

from chalicelib.domain.city import Area, CityPack, Hours, Route
from chalicelib.domain.incidents import Routed
from chalicelib.domain.jurisdiction import whole_city
from chalicelib.domain.routing import explain, is_unrouted, route, units_of_roles, widen
from chalicelib.domain.severity import SEVERITIES, at_least
from city.reading import read_pack

NOON_UTC = datetime(2026, 3, 2, 5, tzinfo=UTC)
"""Noon of a Monday in the city."""

CITY = Path(__file__).parents[2] / "city"


@pytest.fixture(scope="module")
def testville() -> CityPack:
    return read_pack(CITY / "testville")


@pytest.mark.parametrize(
    ("kind", "area", "severity", "units"),
    [
        pytest.param(
            "fire_smoke", "new-town", "severe", ("ioc", "fire", "police-new-town"), id="fire: brigade and ward"
        ),
        pytest.param(
            "fire_smoke", "old-town", "severe", ("ioc", "fire", "police-old-town"), id="then: the ward of then"
        ),
        pytest.param("flood", "harbour", "moderate", ("ioc", "services"), id="a mild flood stays with the services"),
        pytest.param(
            "flood", "harbour", "severe", ("ioc", "services", "police-harbour"), id="a bad flood calls police"
        ),
        pytest.param("garbage", "harbour", "minor", ("ioc", "services"), id="a route for one area holds there"),
        pytest.param("garbage", "new-town", "minor", ("ioc", "unrouted"), id="and nowhere else"),
        pytest.param("congestion", "old-town", "minor", ("ioc", "unrouted"), id="no unit of the role covers the area"),
        pytest.param("noise", "harbour", "extreme", ("ioc", "unrouted"), id="a kind nobody routed"),
    ],
)
def test_units_follow_from_routes_roles_and_areas(
    testville: CityPack, kind: str, area: str, severity: str, units: tuple[str, ...]
) -> None:
    assert route(testville, kind=kind, area=testville.area(area), severity=severity, at_utc=NOON_UTC).units == units


def test_reasons_say_in_plain_words_which_rule_sent_it_where(testville: CityPack) -> None:
    assert route(
        testville, kind="fire_smoke", area=testville.area("harbour"), severity="severe", at_utc=NOON_UTC
    ).reasons == (
        "the operations centre hears of everything",
        "route fire-everywhere: role fire covers Harbour",
        "route fire-everywhere: role ward_police covers Harbour",
    )


def test_the_desk_is_told_why_nobody_else_was(testville: CityPack) -> None:
    routed = route(testville, kind="noise", area=testville.area("harbour"), severity="minor", at_utc=NOON_UTC)
    assert routed.reasons[-1] == "no route for noise of severity minor reaches a unit in Harbour"


def test_every_case_reaches_the_centre_once_and_somebody_else(testville: CityPack) -> None:
    for policy, area, severity in product(testville.kinds, testville.areas, SEVERITIES):
        routed = route(testville, kind=policy.kind, area=area, severity=severity, at_utc=NOON_UTC)
        assert routed.units[0] == "ioc"
        assert len(routed.units) == len(set(routed.units)) == len(routed.reasons) >= 2


@pytest.mark.parametrize(
    ("severity", "floor", "reached"),
    [("minor", "minor", True), ("minor", "moderate", False), ("extreme", "severe", True), ("severe", "extreme", False)],
)
def test_severities_are_in_order(severity: str, floor: str, reached: bool) -> None:  # noqa: FBT001
    assert at_least(severity, floor) is reached


def test_a_severity_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError, match="awful"):
        at_least("awful", "minor")


@pytest.mark.parametrize(
    ("at_utc", "units"),
    [
        pytest.param(NOON_UTC, ("ioc", "services"), id="by day the route for the night is silent"),
        pytest.param(
            NOON_UTC + timedelta(hours=11), ("ioc", "services", "police-harbour"), id="at eleven at night it holds"
        ),
        pytest.param(NOON_UTC + timedelta(hours=17), ("ioc", "services"), id="and ends at five"),
    ],
)
def test_a_route_may_hold_at_some_hours_only(testville: CityPack, at_utc: datetime, units: tuple[str, ...]) -> None:
    harbour = testville.area("harbour")
    assert route(testville, kind="garbage", area=harbour, severity="minor", at_utc=at_utc).units == units


def drilling(pack: CityPack, *unit_ids: str) -> CityPack:
    return replace(pack, units=tuple(replace(unit, drills=unit.id in unit_ids) for unit in pack.units))


@pytest.mark.parametrize(
    ("taking_part", "units"),
    [
        pytest.param(("ioc", "fire"), ("ioc", "fire"), id="those of the route that take part"),
        pytest.param(("ioc", "services"), ("ioc",), id="not those that the route doesn't call"),
        pytest.param((), (), id="nobody takes part, nobody is called"),
    ],
)
def test_an_exercise_reaches_only_those_who_take_part(
    testville: CityPack, taking_part: tuple[str, ...], units: tuple[str, ...]
) -> None:
    pack = drilling(testville, *taking_part)
    area = pack.area("harbour")
    routed = route(pack, kind="fire_smoke", area=area, severity="severe", at_utc=NOON_UTC, exercise=True)
    assert routed.units == units
    assert len(routed.reasons) == len(units)


def test_what_happens_all_over_the_city_reaches_those_who_are_competent_everywhere(testville: CityPack) -> None:
    everywhere = whole_city(testville)
    routed = route(testville, kind="fire_smoke", area=everywhere, severity="severe", at_utc=NOON_UTC)
    assert routed.units == ("ioc", "fire")
    assert routed.reasons[1] == "route fire-everywhere: role fire covers Thành phố Thử"
    assert is_unrouted(testville, route(testville, kind="flood", area=everywhere, severity="minor", at_utc=NOON_UTC))


@pytest.mark.parametrize(
    ("roles", "area", "units"),
    [
        pytest.param(("ward_police", "fire"), "harbour", ("fire", "police-harbour"), id="in the pack's order"),
        pytest.param(("services",), "old-town", (), id="none is competent there"),
        pytest.param(("ioc",), "old-town", ("ioc",), id="the centre is everywhere"),
    ],
)
def test_roles_are_units_where_they_are_competent(
    testville: CityPack, roles: tuple[str, ...], area: str, units: tuple[str, ...]
) -> None:
    assert units_of_roles(testville, roles, testville.area(area)) == units


def test_widening_keeps_the_order_of_the_pack_and_the_reasons_of_before(testville: CityPack) -> None:
    before = Routed(("ioc", "police-harbour"), ("always", "its ward"))
    after = widen(testville, before, ("police-harbour", "fire"), "nobody acknowledged")
    assert after == Routed(("ioc", "fire", "police-harbour"), ("always", "nobody acknowledged", "its ward"))
    assert widen(testville, after, ("fire",), "again") == after


def test_widening_keeps_a_unit_that_the_pack_dropped(testville: CityPack) -> None:
    before = Routed(("ioc", "militia"), ("always", "then"))
    assert widen(testville, before, ("fire",), "help").units == ("ioc", "fire", "militia")


def explained(pack: CityPack, kind: str, area: Area, severity: str) -> dict[str, tuple[bool, str, tuple[str, ...]]]:
    told = explain(pack, kind=kind, area=area, severity=severity, at_utc=NOON_UTC)
    assert told.routed == route(pack, kind=kind, area=area, severity=severity, at_utc=NOON_UTC)
    return {one.route_id: (one.applies, one.because, one.units) for one in told.tried}


def test_explaining_says_of_every_route_what_it_made_of_it(testville: CityPack) -> None:
    late = Route("late-flood", ("flood",), ("fire",), hours=Hours(time(22), time(5)))
    pack = replace(testville, routes=(*testville.routes, late))
    assert explained(pack, "flood", pack.area("old-town"), "moderate") == {
        "fire-everywhere": (False, "it is for fire_smoke", ()),
        "road-trouble": (True, "it calls services, but no such unit covers Old Town", ()),
        "bad-flood": (False, "it begins at severity severe", ()),
        "harbour-waste": (False, "it is for garbage", ()),
        "listed-people": (False, "it is for watchlist_candidate", ()),
        "cameras": (False, "it is for camera_fault", ()),
        "night-watch": (False, "it is for garbage", ()),
        "broken-down": (False, "it is for stopped_vehicle", ()),
        "crowds": (False, "it is for crowd", ()),
        "late-flood": (False, "it holds mon tue wed thu fri sat sun 22:00-05:00, not on Mon 12:00", ()),
    }


def test_explaining_says_where_a_route_does_not_hold(testville: CityPack) -> None:
    told = explained(testville, "garbage", testville.area("new-town"), "minor")
    assert told["harbour-waste"] == (False, "it doesn't hold in New Town", ())
