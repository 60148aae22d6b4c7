"""Traffic is gathered in the heartbeat a minute at a time, written down every five, and reported every night."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.domain.cameras import Heartbeat, finished_traffic, next_heartbeat
from chalicelib.domain.frames import FrameRef
from chalicelib.domain.observations import CameraHealth, Observation, TrafficReading, ZoneReading
from chalicelib.domain.traffic import TrafficStep, add_sample
from chalicelib.domain.traffic_ngsi import to_json
from chalicelib.flows.report_traffic import ReportTraffic
from chalicelib.store.fakes import FakeCameraStore
from city.reading import read_pack

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
TESTVILLE = Path(__file__).parents[2] / "city" / "testville"
BUSY = TrafficReading({"car": 4, "motorcycle": 10}, 0.5, vehicles=16.5)
EMPTY = TrafficReading({}, 0.0)
CSV = "traffic/2026/03/01.csv"


def observation(minutes: float, reading: TrafficReading | None = BUSY) -> Observation:
    frame = FrameRef("tv-1", START + timedelta(minutes=minutes), 0, "frames/x", 1)
    return Observation(frame, "00", (640, 480), CameraHealth({}, b""), traffic=reading)


def beats(*minutes: float, store: FakeCameraStore | None = None) -> Heartbeat:
    """The heartbeat after frames at these minutes, each step kept as the flow keeps it."""
    last: Heartbeat | None = None
    for minute in minutes:
        heartbeat = next_heartbeat(last, observation(minute)) or last
        assert heartbeat is not None
        finished = finished_traffic(last, heartbeat)
        if store is not None and finished is not None:
            store.keep_traffic(finished)
        last = heartbeat
    assert last is not None
    return last


def test_samples_of_five_minutes_add_up_to_means() -> None:
    step = add_sample(None, BUSY, camera_id="tv-1", at_utc=START)
    step = add_sample(step, EMPTY, camera_id="tv-1", at_utc=START + timedelta(minutes=4, seconds=59))
    assert (step.start_utc, step.samples) == (START, 2)
    assert (step.occupancy, step.mean_count("car"), step.mean_count("bus")) == (0.25, 2.0, 0.0)


def test_zones_and_who_stands_are_means_of_the_samples_that_know() -> None:
    """Only the frames of a burst know who stands, and a zone may be drawn in the midst of a step."""
    known = replace(BUSY, zones={"north": ZoneReading(0.4, 0.8)}, standing=0.5)
    step: TrafficStep | None = None
    for reading in (BUSY, known, replace(known, zones={"north": ZoneReading(0.2, 0.2)}, standing=None)):
        step = add_sample(step, reading, camera_id="tv-1", at_utc=START)
    assert step is not None
    assert (step.standing, step.samples) == (0.5, 3)
    north = step.zones["north"]
    assert (north.queue, north.longest_queue) == (0.5, 0.8)
    assert north.occupancy == pytest.approx(0.3)


@pytest.mark.parametrize(
    ("minutes", "start_minute"),
    [(0, 0), (4.99, 0), (5, 5), (62.5, 60)],
)
def test_steps_begin_at_whole_five_minutes(minutes: float, start_minute: float) -> None:
    step = add_sample(None, BUSY, camera_id="tv-1", at_utc=START + timedelta(minutes=minutes))
    assert step.start_utc == START + timedelta(minutes=start_minute)


def test_a_heartbeat_takes_a_sample_a_minute_and_leaves_finished_steps_to_be_kept() -> None:
    store = FakeCameraStore()
    last = beats(0, 0.5, 1, 2, 3, 4, 5, 6, store=store)
    assert [(step.start_utc, step.samples) for step in store.steps.values()] == [(START, 5)]
    assert last.traffic is not None
    assert (last.traffic.start_utc, last.traffic.samples) == (START + timedelta(minutes=5), 2)


def test_a_frame_without_a_reading_leaves_the_step_as_it_is() -> None:
    last = beats(0)
    blind = next_heartbeat(last, observation(6, reading=None))
    assert blind is not None
    assert blind.traffic == last.traffic
    assert finished_traffic(last, blind) is None


@dataclass
class FakeReports:
    """Reports by name."""

    written: dict[str, bytes] = field(default_factory=dict)

    def put(self, name: str, body: bytes, *, media_type: str) -> None:
        self.written[name] = body


def report(store: FakeCameraStore, *, now: datetime = START + timedelta(days=1)) -> Mapping[str, bytes]:
    reports = FakeReports()
    pack = read_pack(TESTVILLE)
    ReportTraffic(store, lambda: pack, reports, lambda: now)()
    return reports.written


def test_yesterday_is_reported_by_camera_and_step_in_local_time() -> None:
    store = FakeCameraStore()
    beats(0, 1, 5, store=store)
    lines = report(store)[CSV].decode("utf-8-sig").splitlines()
    assert lines[1:] == ["tv-1,New Town,2026-03-01 15:00,2,0.500,10.0,0.0,4.0,0.0,0.0,0.0"]


def test_yesterday_is_a_list_of_entities_for_brokers_too() -> None:
    store = FakeCameraStore()
    beats(0, 1, 5, store=store)
    (entity,) = json.loads(report(store)["traffic/2026/03/01.json"])
    assert entity["id"] == "urn:ngsi-ld:TrafficFlowObserved:tv-1"
    assert entity["dateObserved"]["value"] == "2026-03-01T08:00:00Z/2026-03-01T08:05:00Z"
    assert (entity["occupancy"]["value"], entity["congested"]["value"]) == (0.5, True)
    assert (entity["vehiclesInView"]["value"], entity["meanCounts"]["value"]["car"]) == (16.5, 4)
    assert entity["location"]["value"]["type"] == "Point"
    assert not {"zones", "standingShare"} & entity.keys()


def test_zones_and_who_stands_are_told_to_brokers_where_they_are_known() -> None:
    step = add_sample(
        None, replace(BUSY, zones={"north": ZoneReading(0.4, 0.8)}, standing=0.25), camera_id="tv-1", at_utc=START
    )
    (entity,) = json.loads(to_json([step], read_pack(TESTVILLE)))
    assert entity["standingShare"]["value"] == 0.25
    assert entity["zones"]["value"] == [
        {"name": "north", "occupancy": 0.4, "queueShare": 0.8, "longestQueueShare": 0.8},
    ]


def test_a_camera_that_fell_silent_still_has_its_last_step_reported_once() -> None:
    store = FakeCameraStore()
    last = beats(0, 1, 5, store=store)
    store.beat(last)
    assert last.traffic is not None
    store.keep_traffic(last.traffic)
    body = report(store)[CSV]
    assert [line.split(",")[2] for line in body.decode().splitlines()[1:]] == ["2026-03-01 15:00", "2026-03-01 15:05"]


def test_another_days_steps_are_in_no_report_of_this_day() -> None:
    store = FakeCameraStore()
    day_before = TrafficStep("tv-1", datetime(2026, 2, 28, 16, 55, tzinfo=UTC), 1, 0.5, {})
    store.keep_traffic(day_before)
    store.keep_traffic(replace(day_before, start_utc=datetime(2026, 3, 1, 17, 0, tzinfo=UTC)))
    body = report(store)[CSV]
    assert len(body.decode().splitlines()) == 1
