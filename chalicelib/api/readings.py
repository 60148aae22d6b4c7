"""What cameras measured while nothing was wrong: how full the roads were."""

from datetime import timedelta

from pydantic import BaseModel, Field

from chalicelib import bootstrap
from chalicelib.api.cameras import require_camera
from chalicelib.api.endpoints import Call, Routes, Strict
from chalicelib.api.fields import CameraId, Instant
from chalicelib.domain.permissions import Permission
from chalicelib.domain.traffic import STEP, ZoneStep
from chalicelib.domain.traffic_level import Level, LeveledStep, leveled
from chalicelib.errors import InvalidInput

LONGEST = timedelta(days=2)

routes = Routes("readings")


class ReadingQuery(Strict):
    camera: CameraId
    from_: Instant = Field(alias="from", description="Steps that begin then or later.")
    until: Instant = Field(description="Steps that begin before; at most two days after `from`.")


class ZoneReading(BaseModel):
    """Five minutes of a named part of the road: shares of its area under vehicles and of its length under a queue."""

    occupancy: float = Field(ge=0, le=1)
    queue: float = Field(ge=0, le=1)
    longest_queue: float = Field(ge=0, le=1)


class Reading(BaseModel):
    """Five minutes of one camera: the mean share of the road under vehicles, and mean counts in view.

    `standing` is the share of vehicles that stood, null where the camera sends no bursts.
    """

    start: Instant
    end: Instant
    samples: int
    occupancy: float = Field(ge=0, le=1)
    level: Level
    counts: dict[str, float]
    zones: dict[str, ZoneReading]
    standing: float | None = Field(ge=0, le=1)


class Readings(BaseModel):
    camera: str
    items: tuple[Reading, ...]


@routes.get("/readings", needs=Permission.READING_READ)
def list_readings(call: Call, query: ReadingQuery) -> Readings:
    """A camera's traffic in steps of five minutes; kept for a week, after that the daily reports have it."""
    if not query.from_ < query.until <= query.from_ + LONGEST:
        raise InvalidInput("`until` must be after `from`, and by two days at most")
    pack = bootstrap.city_packs().current()
    camera = require_camera(call, pack, query.camera, bootstrap.clock())
    steps = bootstrap.cameras().traffic(camera.id, from_utc=query.from_, until_utc=query.until)
    return Readings(camera=camera.id, items=tuple(map(_reading, leveled(steps))))


def _reading(one: LeveledStep) -> Reading:
    step = one.step
    return Reading(
        start=step.start_utc,
        end=step.start_utc + STEP,
        samples=step.samples,
        occupancy=min(step.occupancy, 1.0),
        level=one.level,
        counts={label: step.mean_count(label) for label in step.counts},
        zones={name: _zone(zone) for name, zone in step.zones.items()},
        standing=step.standing,
    )


def _zone(zone: ZoneStep) -> ZoneReading:
    return ZoneReading(
        occupancy=min(zone.occupancy, 1.0), queue=min(zone.queue, 1.0), longest_queue=min(zone.longest_queue, 1.0)
    )
