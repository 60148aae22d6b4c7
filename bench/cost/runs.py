"""The runs that are metered: ordinary frames on every camera profile, and incidents from opening to end."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from chalice.local import LambdaContext

import app
from bench.cost.meter import (
    ANALYSE,
    ARRIVE,
    AUDIT,
    BEAT,
    CLOCK,
    EVIDENCE,
    INCIDENT,
    QUEUE,
    Amounts,
    Meter,
    attach,
    listening,
    what_it_holds,
)
from bench.cost.pictures import Event, Scenes
from bench.cost.screens import Polls, meter_screens
from bench.cost.ways import WAYS, Way, feed
from chalicelib.domain.cameras import BEAT_EVERY
from chalicelib.domain.city import CityPack
from chalicelib.domain.frames import frame_key
from chalicelib.domain.traffic import STEP
from chalicelib.flows.take_frames import PROCESSED
from chalicelib.telemetry import TelemetryLedger
from infra.template import joined_parts
from local.city import City, running_city
from local.events import schedule_event
from local.template import resources

CONFIG = Path(__file__).parents[2] / ".chalice" / "config.json"
START_UTC = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR_S = 3600
SCHEDULED_S = {"sweep": 60, "keep_watchlist": 60, "keep_the_law": HOUR_S}
"""How often the clock calls what, as app.py has it."""
TICKS = 3


@dataclass(frozen=True, slots=True)
class Frame:
    """What a frame uses on its way, and the bytes that are kept of it."""

    uses: Amounts
    stored_bytes: float


@dataclass(frozen=True, slots=True)
class Metered:
    """What one of each thing uses, and how much was run to know it.

    `audit` is a camera's hour, were all alike, `clock` the city's. `kept_bytes` are an incident's pictures.
    """

    frames: Mapping[Way, Frame]
    beat: Amounts
    audit: Amounts
    incident: Amounts
    kept_bytes: float
    clock: Amounts
    polls: Polls
    runs: int
    incidents: int


def memory_gb() -> dict[str, float]:
    """The memory of each function, from the very configuration that is deployed."""
    functions = json.loads(CONFIG.read_text(encoding="utf-8"))["stages"]["dev"]["lambda_functions"]
    return {name: one["lambda_memory_size"] / 1024 for name, one in functions.items()}


def buckets_under_keys() -> frozenset[str]:
    """What the buckets hold that are encrypted with a key of ours."""
    buckets = resources(joined_parts(), "AWS::S3::Bucket").values()
    names = (one["Properties"]["BucketName"]["Fn::Sub"] for one in buckets if "aws:kms" in json.dumps(one))
    return frozenset(map(what_it_holds, names))


def meter_city(
    pack: CityPack, scenes: Scenes, *, frames_each: int, wait_s: float, parts: Mapping[str, Any] | None = None
) -> Metered:
    """Run both stories and say what one of each thing uses; `parts` replaces factories of bootstrap."""
    start = partial(running_city, pack, start_utc=START_UTC, watchlist=scenes.watchlist, parts=parts)
    with _metered(start, wait_s) as (city, meter):
        quiet = _QuietCity(city, meter, scenes.ordinary)
        frames = {way: quiet.frame(way, frames_each) for way in WAYS}
        beat, audit, clock = quiet.beat(), quiet.audit(), quiet.clock()
        polls = meter_screens(city, meter)
    with _metered(start, wait_s) as (city, meter):
        incidents = _run_events(city, scenes.events)
    return Metered(
        frames=frames,
        beat=beat,
        audit=audit,
        incident=_scaled(meter.amounts, 1 / incidents, INCIDENT, EVIDENCE),
        kept_bytes=meter.stored_bytes[EVIDENCE] / incidents,
        clock=clock,
        polls=polls,
        runs=sum(way.runs(frames_each) for way in WAYS) * len(quiet.profiles),
        incidents=incidents,
    )


@contextmanager
def _metered(start: Any, wait_s: float) -> Iterator[tuple[City, Meter]]:
    meter = Meter(memory_gb(), wait_s, buckets_under_keys())
    with listening(meter), start() as city:
        attach(city, meter)
        yield city, meter


@dataclass
class _QuietCity:
    """A city in which nothing happens: one camera a profile, which counts for all that have it."""

    city: City
    meter: Meter
    pictures: Sequence[bytes]

    def __post_init__(self) -> None:
        """The first frame loads models and notes a search, which no later one pays."""
        self.profiles = _profiles(self.city.pack)
        for camera_id, _ in self.profiles.values():
            feed(self.city, camera_id, self.pictures[:1])

    def frame(self, way: Way, at_least: int) -> Frame:
        """What a frame uses that comes this way."""
        count = way.runs(at_least)
        total: dict[tuple[str, str], float] = defaultdict(float)
        stored_bytes = 0.0
        for camera_id, share in self.profiles.values():
            before, stored_before = dict(self.meter.amounts), self.meter.stored_bytes[ARRIVE]
            feed(self.city, camera_id, list(islice(cycle(self.pictures), count)), way=way)
            for key, amount in _scaled(_since(before, self.meter), share / count, ARRIVE, QUEUE, ANALYSE).items():
                total[key] += amount
            stored_bytes += (self.meter.stored_bytes[ARRIVE] - stored_before) * share / count
        total[ANALYSE, "log_gb"] += _log_line_bytes() / 1e9
        return Frame(total, stored_bytes)

    def beat(self) -> Amounts:
        """What a heartbeat uses, with the traffic that every few of them write down."""
        beats = STEP // BEAT_EVERY
        total: dict[tuple[str, str], float] = defaultdict(float)
        for camera_id, share in self.profiles.values():
            before, beats_before = dict(self.meter.amounts), self.meter.beats
            feed(self.city, camera_id, list(islice(cycle(self.pictures), beats)), apart=BEAT_EVERY)
            made = self.meter.beats - beats_before
            for key, amount in _scaled(_since(before, self.meter), share / made, BEAT).items():
                total[key] += amount
        return total

    def audit(self) -> Amounts:
        """What auditing the searches of an hour uses, where one record is due for each camera that has faces."""
        faces = {one.id for one in self.city.pack.profiles if one.faces}
        designated = sum(share for name, (_, share) in self.profiles.items() if name in faces)
        return _scaled(self.meter.amounts, designated / max(1, self.meter.audited), AUDIT)

    def clock(self) -> Amounts:
        """What an hour of the clock uses in which there is nothing to do."""
        total: dict[tuple[str, str], float] = defaultdict(float)
        for name, every_s in SCHEDULED_S.items():
            tick = self.meter.timed(name, partial(_tick, name))
            tick(schedule_event(self.city.clock()))  # what a function keeps is read by its first call
            before = dict(self.meter.amounts)
            for _ in range(TICKS):
                tick(schedule_event(self.city.clock()))
            for key, amount in _scaled(_since(before, self.meter), HOUR_S / every_s / TICKS, CLOCK).items():
                total[key] += amount
        return total


def _run_events(city: City, events: Sequence[Event]) -> int:
    """Run every event to its end; returns how many incidents came of them."""
    for camera_id, picture in ((one.camera_id, picture) for one in events for picture in one.pictures):
        feed(city, camera_id, [picture])
        city.pump.keep_evidence()
    longest_s = max(policy.hold_s for policy in city.pack.kinds)
    city.clock.advance_to(city.clock() + timedelta(seconds=longest_s))
    for event in events:
        feed(city, event.camera_id, [event.afterwards])
        city.pump.keep_evidence()
    return len(city.outcome().incidents)


def _tick(name: str, event: Any) -> Any:
    return getattr(app, name)(event, LambdaContext(name, memory_size=512))


def _profiles(pack: CityPack) -> dict[str, tuple[str, float]]:
    """A camera of each profile, and the share of the city's cameras that have it."""
    counts = Counter(camera.profile for camera in pack.cameras)
    first = {camera.profile: camera.id for camera in reversed(pack.cameras)}
    return {name: (first[name], count / len(pack.cameras)) for name, count in counts.items()}


def _since(before: Amounts, meter: Meter) -> Amounts:
    return {key: amount - before.get(key, 0.0) for key, amount in meter.amounts.items()}


def _scaled(amounts: Amounts, factor: float, *stages: str) -> dict[tuple[str, str], float]:
    return {(stage, item): amount * factor for (stage, item), amount in amounts.items() if stage in stages}


def _log_line_bytes() -> int:
    """The length of the one line that accounts for a frame."""
    with redirect_stdout(StringIO()) as line:
        TelemetryLedger().note(frame_key("bmt-0001", START_UTC, 0), outcome=PROCESSED)
    return len(line.getvalue().encode())
