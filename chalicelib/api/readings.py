"""What cameras measured while nothing was wrong: how full the roads were."""

from datetime import timedelta

from pydantic import BaseModel, Field

from chalicelib import bootstrap
from chalicelib.api.cameras import require_camera
from chalicelib.api.endpoints import Call, Routes, Strict
from chalicelib.api.fields import CameraId, Instant
from chalicelib.domain.permissions import Permission
from chalicelib.domain.traffic import STEP, TrafficStep
from chalicelib.errors import InvalidInput

LONGEST = timedelta(days=2)

routes = Routes("readings")


class ReadingQuery(Strict):
    camera: CameraId
    from_: Instant = Field(alias="from", description="Steps that begin then or later.")
    until: Instant = Field(description="Steps that begin before; at most two days after `from`.")


class Reading(BaseModel):
    """Five minutes of one camera: the mean share of the road under vehicles, and mean counts in view."""

    start: Instant
    end: Instant
    samples: int
    occupancy: float = Field(ge=0, le=1)
    counts: dict[str, float]


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
    return Readings(camera=camera.id, items=tuple(map(_reading, steps)))


def _reading(step: TrafficStep) -> Reading:
    return Reading(
        start=step.start_utc,
        end=step.start_utc + STEP,
        samples=step.samples,
        occupancy=min(step.occupancy, 1.0),
        counts={label: step.mean_count(label) for label in step.counts},
    )
