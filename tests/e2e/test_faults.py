"""A bad day of AWS and a death under way, through the deployed template and app.py: nothing lost, nothing doubled."""

import logging
from collections.abc import Iterator

import pytest

from bench.faults import broken_aws
from bench.faults.__main__ import TESTVILLE
from bench.faults.broken_aws import Breaker
from bench.faults.lists import befall_lists
from bench.faults.story import Told, tell, write_short_story
from city.reading import read_pack

pytestmark = pytest.mark.xdist_group("city")

SMALL = write_short_story(read_pack(TESTVILLE))


@pytest.fixture(scope="module", autouse=True)
def _without_the_chains_complaints() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def expected() -> Told:
    return tell(*SMALL)


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
    assert came.is_accounted_for


def test_scenes_go_on_and_nobody_is_found_where_the_list_fails() -> None:
    for ending in befall_lists(read_pack(TESTVILLE)):
        assert ending.breaches == (), ending.name
