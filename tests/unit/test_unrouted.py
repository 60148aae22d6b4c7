"""A hole in the city pack's routes is somebody's work: it wakes operations, once an incident."""

import json
from dataclasses import replace

import pytest

from chalicelib import telemetry
from chalicelib.domain.incidents import EventType
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


def test_count_is_a_line_of_the_log_that_is_the_metric_of_the_alarm(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The alarm `unrouted` looks for this name, in this namespace, for the service that the configuration names."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "matpho")
    chain = Chain()
    flood_that_ends(chain)
    telemetry.count_unrouted(chain.events[0])
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    (metrics,) = line["_aws"]["CloudWatchMetrics"]
    assert (metrics["Namespace"], metrics["Dimensions"], line["service"]) == ("matpho", [["service"]], "matpho")
    assert line["incidents_unrouted"] == [1.0]
    assert line["incident"] == chain.events[0].incident.id
