"""The runs that are metered: ordinary frames on every camera profile, and incidents from opening to end.

Each frame is an invocation of its own, the dearest case: a busy city fills batches and pays less for requests.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from io import StringIO
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from bench.cost.meter import ANALYSE, ARRIVE, BEAT, INCIDENT, QUEUE, SWEEP, Amounts, Meter, attach, listening
from bench.cost.pictures import Event, Scenes
from chalicelib.domain.city import CityPack
from chalicelib.domain.frames import frame_key
from chalicelib.flows.take_frames import PROCESSED
from chalicelib.telemetry import TelemetryLedger
from local.city import City, running_city

CONFIG = Path(__file__).parents[2] / ".chalice" / "config.json"
START_UTC = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SPACING = timedelta(seconds=5)
SWEEPS = 5


@dataclass(frozen=True, slots=True)
class Metered:
    """What one frame, one heartbeat, one incident and one sweep use, and how much was run to know it."""

    frame: Amounts
    beat: Amounts
    incident: Amounts
    sweep: Amounts
    frame_bytes: float
    frames: int
    incidents: int


def memory_gb() -> dict[str, float]:
    """The memory of each function, from the very configuration that is deployed."""
    functions = json.loads(CONFIG.read_text(encoding="utf-8"))["stages"]["dev"]["lambda_functions"]
    return {name: one["lambda_memory_size"] / 1024 for name, one in functions.items()}


def meter_city(
    pack: CityPack, scenes: Scenes, *, frames_each: int, wait_s: float, parts: Mapping[str, Any] | None = None
) -> Metered:
    """Run both stories and say what one of each thing uses; `parts` replaces factories of bootstrap."""
    start = partial(running_city, pack, start_utc=START_UTC, watchlist=scenes.watchlist, parts=parts)
    quiet, eventful = Meter(memory_gb(), wait_s), Meter(memory_gb(), wait_s)
    with listening(quiet), start() as city:
        attach(city, quiet)
        frame, frame_bytes, count = _ordinary_frame(city, quiet, scenes.ordinary, frames_each)
        before = dict(quiet.amounts)
        for _ in range(SWEEPS):
            city.pump.sweep(city.clock())
        sweep = _scaled(_since(before, quiet), 1 / SWEEPS, SWEEP)
    with listening(eventful), start() as city:
        attach(city, eventful)
        incidents = _run_events(city, scenes.events)
    return Metered(
        frame=frame,
        beat=_scaled(quiet.amounts, 1 / quiet.beats, BEAT),
        incident=_scaled(eventful.amounts, 1 / incidents, INCIDENT),
        sweep=sweep,
        frame_bytes=frame_bytes,
        frames=count,
        incidents=incidents,
    )


def _ordinary_frame(
    city: City, meter: Meter, pictures: Sequence[bytes], frames_each: int
) -> tuple[Amounts, float, int]:
    """What a frame uses, its size and how many were run: each profile as often as the city's cameras have it."""
    shares = {name: count / len(city.pack.cameras) for name, count in _profiles(city.pack).items()}
    total: dict[tuple[str, str], float] = defaultdict(float)
    stored = 0
    for profile, share in shares.items():
        camera_id = next(camera.id for camera in city.pack.cameras if camera.profile == profile)
        _feed(city, camera_id, pictures[:1])  # models are loaded by the first frame, which no later one pays
        before, stored_before = dict(meter.amounts), meter.stored_bytes
        _feed(city, camera_id, list(islice(cycle(pictures), 1, 1 + frames_each)))
        for key, amount in _scaled(_since(before, meter), share / frames_each, ARRIVE, QUEUE, ANALYSE).items():
            total[key] += amount
        stored += meter.stored_bytes - stored_before
    total[ANALYSE, "log_gb"] += _log_line_bytes() / 1e9
    count = frames_each * len(shares)
    return total, stored / count, count


def _run_events(city: City, events: Sequence[Event]) -> int:
    """Run every event to its end; returns how many incidents came of them."""
    for event in events:
        _feed(city, event.camera_id, event.pictures)
    longest_s = max(policy.hold_s for policy in city.pack.kinds)
    city.clock.advance_to(city.clock() + timedelta(seconds=longest_s))
    for event in events:
        _feed(city, event.camera_id, [event.afterwards])
    return len(city.outcome().incidents)


def _feed(city: City, camera_id: str, pictures: Sequence[bytes]) -> None:
    for number, picture in enumerate(pictures):
        at_utc = city.clock() + SPACING
        city.put(frame_key(camera_id, at_utc, number), picture)
        city.settle(at_utc)


def _profiles(pack: CityPack) -> Counter[str]:
    return Counter(camera.profile for camera in pack.cameras)


def _since(before: Amounts, meter: Meter) -> Amounts:
    return {key: amount - before.get(key, 0.0) for key, amount in meter.amounts.items()}


def _scaled(amounts: Amounts, factor: float, *stages: str) -> dict[tuple[str, str], float]:
    return {(stage, item): amount * factor for (stage, item), amount in amounts.items() if stage in stages}


def _log_line_bytes() -> int:
    """The length of the one line that accounts for a frame."""
    with redirect_stdout(StringIO()) as line:
        TelemetryLedger().note(frame_key("bmt-0001", START_UTC, 0), outcome=PROCESSED)
    return len(line.getvalue().encode())
