"""How full the roads were, in steps of five minutes: a sample a minute, which each camera's heartbeat carries along.

Quiet frames write nothing else, so five minutes are gathered in the heartbeat itself and written down once, by the
heartbeat that begins the next five. Units are FIWARE TrafficFlowObserved's: occupancy in [0,1], vehicles in view.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

from chalicelib.domain.city import CityPack
from chalicelib.domain.jurisdiction import area_at
from chalicelib.domain.observations import TrafficReading, ZoneReading

STEP = timedelta(minutes=5)
LABELS = ("motorcycle", "bicycle", "car", "bus", "truck", "person")
COLUMNS = ("camera", "phường/ward", "từ/from", "mẫu/samples", "chiếm dụng/occupancy", *LABELS)


@dataclass(frozen=True, slots=True)
class ZoneStep:
    """The samples of one part of the road, as sums; `longest_queue` is the largest share of its length under one."""

    samples: int
    occupancy_sum: float
    queue_sum: float
    longest_queue: float

    @property
    def occupancy(self) -> float:
        return self.occupancy_sum / self.samples

    @property
    def queue(self) -> float:
        return self.queue_sum / self.samples


@dataclass(frozen=True, slots=True)
class TrafficStep:
    """The samples of one camera in the five minutes from `start_utc`, as sums, so that a sample is an addition.

    `standing_samples` counts those that know who stands, which only frames of a burst do.
    """

    camera_id: str
    start_utc: datetime
    samples: int
    occupancy_sum: float
    counts: Mapping[str, int]
    vehicles_sum: float = 0.0
    zones: Mapping[str, ZoneStep] = field(default_factory=dict)
    standing_sum: float = 0.0
    standing_samples: int = 0

    @property
    def occupancy(self) -> float:
        """The mean share of the road zone under vehicles."""
        return self.occupancy_sum / self.samples

    @property
    def vehicles(self) -> float:
        """How many vehicles were in view at a time, the faintly seen ones included."""
        return self.vehicles_sum / self.samples

    @property
    def standing(self) -> float | None:
        """The mean share of vehicles that stood, None where no sample knows."""
        return self.standing_sum / self.standing_samples if self.standing_samples else None

    def mean_count(self, label: str) -> float:
        return self.counts.get(label, 0) / self.samples


def add_sample(step: TrafficStep | None, reading: TrafficReading, *, camera_id: str, at_utc: datetime) -> TrafficStep:
    """The step with one more sample, or a new step where the instant lies outside of it."""
    start_utc = _floor(at_utc)
    if step is None or step.start_utc != start_utc:
        step = TrafficStep(camera_id, start_utc, 0, 0.0, {})
    return TrafficStep(
        camera_id,
        start_utc,
        step.samples + 1,
        step.occupancy_sum + reading.occupancy,
        dict(Counter(step.counts) + Counter(reading.counts)),
        step.vehicles_sum + reading.vehicles,
        {**step.zones, **{name: _add_to_zone(step.zones.get(name), zone) for name, zone in reading.zones.items()}},
        step.standing_sum + (reading.standing or 0.0),
        step.standing_samples + (reading.standing is not None),
    )


def to_csv(steps: Iterable[TrafficStep], pack: CityPack) -> bytes:
    """A line a camera and five minutes, in the city's own time; UTF-8 with the mark that spreadsheets need."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(_cells(step, pack) for step in steps)
    return text.getvalue().encode("utf-8-sig")


def _add_to_zone(step: ZoneStep | None, reading: ZoneReading) -> ZoneStep:
    before = step or ZoneStep(0, 0.0, 0.0, 0.0)
    return ZoneStep(
        before.samples + 1,
        before.occupancy_sum + reading.occupancy,
        before.queue_sum + reading.queue,
        max(before.longest_queue, reading.queue),
    )


def _floor(at_utc: datetime) -> datetime:
    return at_utc - (at_utc - datetime.min.replace(tzinfo=UTC)) % STEP


def _cells(step: TrafficStep, pack: CityPack) -> tuple[str, ...]:
    area = area_at(pack, pack.camera(step.camera_id), step.start_utc)
    start = step.start_utc.astimezone(ZoneInfo(pack.timezone))
    means = (f"{step.mean_count(label):.1f}" for label in LABELS)
    return step.camera_id, area.name, f"{start:%Y-%m-%d %H:%M}", str(step.samples), f"{step.occupancy:.3f}", *means
