"""Outside its hours a kind is shown to no model, opens nothing and ends nothing; an old incident keeps its area."""

from dataclasses import replace
from datetime import date, time

import pytest

from chalicelib.domain.city import CityPack, Hours, Schedule
from chalicelib.domain.incidents import EventType
from tests.unit.chain import Chain
from tests.unit.test_dryrun import CountingAnalyser

HOLD_S = 1800
"""Testville's hold time for floods."""


@pytest.fixture
def chain() -> Chain:
    """It is three in the afternoon in the city."""
    return Chain()


def with_schedule(pack: CityPack, *hours: Hours) -> CityPack:
    cameras = (replace(one, schedules=(Schedule(("flood",), hours),)) for one in pack.cameras)
    return replace(pack, cameras=tuple(cameras))


def flood(chain: Chain) -> None:
    chain.deliver(*(chain.put(5.0 * n, "flood") for n in range(3)))


def test_nothing_opens_outside_the_hours(chain: Chain) -> None:
    chain.pack = with_schedule(chain.pack, Hours(time(18), time(23)))
    analyser = CountingAnalyser()
    chain.analyse = replace(chain.analyse, analyser=analyser)
    flood(chain)
    assert chain.incidents == ()
    assert {look.scenes for look in analyser.looks} == {("fire_smoke", "congestion", "garbage")}


def test_within_the_hours_it_opens(chain: Chain) -> None:
    chain.pack = with_schedule(chain.pack, Hours(time(14), time(16)))
    flood(chain)
    assert [event.type for event in chain.events] == [EventType.OPENED]


def test_what_is_open_is_not_called_quiet_while_nobody_looks(chain: Chain) -> None:
    flood(chain)
    watched, chain.pack = chain.pack, with_schedule(chain.pack, Hours(time(18), time(23)))
    chain.deliver(chain.put(HOLD_S + 60))
    assert [event.type for event in chain.events] == [EventType.OPENED]
    chain.pack = watched
    chain.deliver(chain.put(HOLD_S + 120))
    assert [event.type for event in chain.events] == [EventType.OPENED, EventType.RESOLVED]


def test_an_incident_keeps_the_area_it_opened_in_when_boundaries_change(chain: Chain) -> None:
    """A reform in the very minute after it opened: it goes on and ends where it began."""
    flood(chain)
    reformed = tuple(replace(one, id="reformed") if one.id == "new-town" else one for one in chain.pack.areas)
    ended = replace(chain.pack.area("new-town"), valid_until=date(2026, 3, 1))
    cameras = tuple(
        replace(one, areas=(*one.areas, "reformed")) if "new-town" in one.areas else one for one in chain.pack.cameras
    )
    chain.pack = replace(chain.pack, areas=(*reformed, ended), cameras=cameras)
    chain.deliver(*(chain.put(700.0 + 5 * n, "flood") for n in range(3)), chain.put(HOLD_S + 900))
    assert {event.incident.place.area_id for event in chain.events} == {"new-town"}
    assert chain.events[-1].type is EventType.RESOLVED
