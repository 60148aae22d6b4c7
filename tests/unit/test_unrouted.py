"""What needs somebody beyond the units wakes operations: no route for it, or nobody who answers."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import telemetry
from chalicelib.domain.handled import Command
from chalicelib.domain.incidents import EventType, TimelineEvent
from chalicelib.domain.lifecycle import Action
from tests.unit.chain import Chain

HOLD_S = 1800
"""Testville's hold time for floods."""


def flood_that_ends(chain: Chain) -> None:
    chain.deliver(*(chain.put(5.0 * n, "flood") for n in range(3)), chain.put(HOLD_S + 20.0))
    assert [event.type for event in chain.events] == [EventType.OPENED, EventType.RESOLVED]
    chain.publish_all()


def test_incident_that_no_route_sends_to_a_unit_is_counted_once() -> None:
    chain = Chain()
    chain.pack = replace(chain.pack, routes=())
    flood_that_ends(chain)
    assert [event.type for event in chain.unrouted] == [EventType.OPENED]


def test_incident_with_a_route_is_not_counted() -> None:
    chain = Chain()
    flood_that_ends(chain)
    assert not chain.unrouted


def test_an_incident_that_nobody_answers_is_counted_each_time_it_is_told() -> None:
    """Once its chain has no further step; what escalates as planned wakes nobody."""
    chain = Chain()
    chain.deliver(*(chain.put(5.0 * n, "flood") for n in range(3)))
    chain.now += timedelta(days=3)
    chain.sweep()
    chain.publish_all()
    assert {event.type for event in chain.events} >= {EventType.ESCALATED, EventType.UNANSWERED}
    assert chain.unanswered == [event for event in chain.events if event.type is EventType.UNANSWERED]


def test_an_incident_that_takes_too_long_is_counted() -> None:
    chain = Chain()
    chain.deliver(*(chain.put(5.0 * n, "flood") for n in range(3)))
    (incident,) = chain.incidents
    chain.command(incident.id, Command(Action.ACKNOWLEDGE, "lan", incident.version, key=""))
    chain.now += timedelta(days=1)
    chain.sweep()
    chain.publish_all()
    assert [event.type for event in chain.unanswered] == [EventType.UNANSWERED]


@pytest.mark.parametrize(
    ("count", "name"),
    [
        pytest.param(telemetry.count_unrouted, "incidents_unrouted", id="unrouted"),
        pytest.param(telemetry.count_unanswered, "incidents_unanswered", id="escalations-exhausted"),
    ],
)
def test_count_is_a_line_of_the_log_that_is_the_metric_of_the_alarm(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    count: Callable[[TimelineEvent], None],
    name: str,
) -> None:
    """The alarm looks for this name, in this namespace, for the service that the configuration names."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "matpho")
    chain = Chain()
    flood_that_ends(chain)
    count(chain.events[0])
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    (metrics,) = line["_aws"]["CloudWatchMetrics"]
    assert (metrics["Namespace"], metrics["Dimensions"], line["service"]) == ("matpho", [["service"]], "matpho")
    assert line[name] == [1.0]
    assert line["incident"] == chain.events[0].incident.id
