"""A second look casts doubt on what confirms an incident; it never silences, and the first better look dispels it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from chalicelib.domain.city import CityPack, KindPolicy, Rise
from chalicelib.domain.confirmation import Sighting
from chalicelib.domain.doubts import Doubt, doubts
from chalicelib.domain.incidents import Incident, Provenance
from chalicelib.domain.kinds import CAMERA_FAULT, FIRE_SMOKE, FLOOD
from chalicelib.domain.seen import grow, join, open_incident, would_worsen
from tests.unit.happenings import NEW_TOWN, PACK, START, sighting

LAMP, FLAMES = "9" * 36, "9" * 35 + "5"
POLICY = KindPolicy(FIRE_SMOKE, "Cháy", "Fire", "severe", rises=(Rise("extreme", cameras=2),))


def city() -> CityPack:
    return replace(PACK, kinds=(POLICY, *(one for one in PACK.kinds if one.kind != FIRE_SMOKE)))


def seen(*maps: str, every_s: float = 5, degraded: bool = False) -> tuple[Sighting, ...]:
    return tuple(replace(sighting(every_s * number), heat=heat, degraded=degraded) for number, heat in enumerate(maps))


def filling(*extents: float) -> tuple[Sighting, ...]:
    return tuple(sighting(5.0 * number, extent=extent) for number, extent in enumerate(extents))


@pytest.mark.parametrize(
    ("kind", "sightings", "cast"),
    [
        pytest.param(FIRE_SMOKE, seen(LAMP, LAMP, LAMP), (Doubt.STILL,), id="a fire that never moves"),
        pytest.param(FIRE_SMOKE, seen(LAMP, FLAMES, LAMP), (), id="flames that do"),
        pytest.param(FIRE_SMOKE, seen(LAMP, LAMP, LAMP, every_s=1), (), id="two seconds are too short to tell"),
        pytest.param(FIRE_SMOKE, seen("", "", ""), (), id="nobody knows where it is"),
        pytest.param(FIRE_SMOKE, seen(LAMP, "", LAMP), (), id="one look without a map gives it the benefit"),
        pytest.param(FLOOD, seen(LAMP, LAMP, LAMP), (), id="water may lie still"),
        pytest.param(FLOOD, filling(0.6, 0.5, 0.6), (), id="water that stays"),
        pytest.param(FLOOD, filling(0.6, 0.2, 0.6), (Doubt.UNSTEADY,), id="water that comes and goes"),
        pytest.param(FLOOD, filling(0.6, 0.0, 0.6), (), id="a look that can't tell how much says nothing"),
        pytest.param(FIRE_SMOKE, filling(0.6, 0.2, 0.6), (), id="fire may grow and shrink"),
        pytest.param(FLOOD, seen("", "", degraded=True), (Doubt.DEGRADED,), id="every look a poor one"),
        pytest.param(CAMERA_FAULT, seen("", "", degraded=True), (), id="a fault is what makes looks poor"),
    ],
)
def test_what_casts_a_doubt(kind: str, sightings: Sequence[Sighting], cast: tuple[Doubt, ...]) -> None:
    assert doubts(kind, sightings) == cast


def test_one_clear_look_is_enough() -> None:
    assert doubts(FLOOD, (*seen("", degraded=True), sighting(5))) == ()


def opened(sightings: Sequence[Sighting]) -> Incident:
    return open_incident(
        city(),
        camera_id="cam-1",
        kind=FIRE_SMOKE,
        subject="",
        label="",
        sightings=sightings,
        place=NEW_TOWN,
        exercise=False,
        provenance=Provenance({}, "1"),
        at_utc=START,
    ).incident


@pytest.mark.parametrize(
    ("sightings", "severity"),
    [
        pytest.param(seen(LAMP, FLAMES, LAMP), "severe", id="without a doubt as its kind is"),
        pytest.param(seen(LAMP, LAMP, LAMP), "moderate", id="a doubt is a step less"),
        pytest.param(seen(LAMP, LAMP, LAMP, degraded=True), "moderate", id="two doubts are no two steps"),
    ],
)
def test_a_doubtful_incident_opens_a_step_less_severe(sightings: Sequence[Sighting], severity: str) -> None:
    assert opened(sightings).severity == severity


def test_the_first_look_without_cause_for_doubt_dispels_it_and_is_news() -> None:
    incident = opened(seen(LAMP, LAMP, LAMP))
    at_last = seen(LAMP, LAMP, LAMP, FLAMES)
    assert would_worsen(incident, at_last, city())
    grown = grow(incident, at_last, city(), at_utc=START).incident
    assert (grown.doubts, grown.severity) == ((), "severe")


def test_a_doubt_once_dispelled_does_not_come_back() -> None:
    incident = opened(seen(LAMP, FLAMES, LAMP))
    assert not would_worsen(incident, seen(LAMP, LAMP, LAMP), city())
    assert grow(incident, seen(LAMP, LAMP, LAMP), city(), at_utc=START).incident.doubts == ()


def test_a_doubtful_one_rises_all_the_same_but_a_step_less() -> None:
    """Two cameras make it extreme; where both look at the same lamp, severe is enough."""
    incident = opened(seen(LAMP, LAMP, LAMP))
    joined = join(incident, "cam-2", seen(LAMP, LAMP, LAMP), city(), at_utc=START).incident
    assert (joined.doubts, joined.severity) == ((Doubt.STILL,), "severe")
    clear = join(incident, "cam-2", seen(LAMP, FLAMES, LAMP), city(), at_utc=START).incident
    assert (clear.doubts, clear.severity) == ((), "extreme")
