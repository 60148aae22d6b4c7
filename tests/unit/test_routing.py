"""Each incident reaches the roles its routes name where they are competent, the operations centre always."""

from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest

from chalicelib.domain.city import CityPack
from chalicelib.domain.routing import route
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
