"""A bad day of AWS and a death under way, through the deployed template and app.py: nothing lost, nothing doubled."""

import logging
from collections.abc import Iterator

import pytest

from bench.faults import broken_aws
from bench.faults.__main__ import TESTVILLE
from bench.faults.broken_aws import Breaker
from bench.faults.lists import befall_lists
from bench.faults.office import Left, live_through
from bench.faults.story import Told, tell, write_short_story
from city.reading import read_pack

pytestmark = pytest.mark.xdist_group("city")

PACK = read_pack(TESTVILLE)
SMALL = write_short_story(PACK)


@pytest.fixture(scope="module", autouse=True)
def _without_the_chains_complaints() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def expected() -> Told:
    return tell(*SMALL)


@pytest.fixture(scope="module")
def undisturbed() -> tuple[Breaker, Left]:
    """A day at the office on which nobody dies, and the side effects that it had."""
    counted = Breaker()
    return counted, live_through(PACK, counted)


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(broken_aws.throttled(0.2), id="a fifth of all calls is throttled"),
        pytest.param(broken_aws.unanswered(0.2), id="a fifth of all answers never arrives"),
        pytest.param(broken_aws.killed("analyse_frames", 4, after=True), id="the process dies after a write"),
        pytest.param(broken_aws.killed("publish_alerts", 1, after=True), id="the process dies after an alert"),
        pytest.param(broken_aws.killed("keep_evidence", 2, after=False), id="the process dies between two pictures"),
        pytest.param(broken_aws.killed("sweep", 1, after=True), id="the process dies after a step of escalation"),
    ],
)
def test_the_same_incidents_and_every_alert(expected: Told, bad: broken_aws.Decide) -> None:
    came = tell(*SMALL, breaker=Breaker(bad))
    assert came.incidents == expected.incidents
    assert came.pictures == expected.pictures
    assert not came.lost_alerts
    assert not came.told_otherwise
    assert came.is_accounted_for


@pytest.mark.parametrize(
    ("handler", "number"),
    [
        pytest.param("api", 32, id="a hold is lifted and its copies lie there"),
        pytest.param("keep_the_law", 5, id="half of a person is erased"),
    ],
)
def test_a_day_at_the_office_leaves_the_same_whoever_dies(
    undisturbed: tuple[Breaker, Left], handler: str, number: int
) -> None:
    counted, expected = undisturbed
    assert number <= counted.made[handler]
    assert live_through(PACK, Breaker(broken_aws.killed(handler, number, after=True))) == expected


def test_the_office_leaves_what_it_must(undisturbed: tuple[Breaker, Left]) -> None:
    """Or two runs would only be equally wrong."""
    _, left = undisturbed
    assert [status for _, status, _ in left.incidents] == ["resolved"]
    assert left.mandate_is_true
    assert left.breaks_in_the_audit == 0
    assert not [one for one in left.files if "/held/" in one or "/portraits/" in one or "-sealed-" in one]
    done = {"hold_lifted", "camera_changed", "candidate_rejected", "entry_erased", "incident_erased", "pictures_erased"}
    assert {action for action, _ in left.acts} >= done


def test_scenes_go_on_and_nobody_is_found_where_the_list_fails() -> None:
    for ending in befall_lists(PACK):
        assert ending.breaches == (), ending.name
