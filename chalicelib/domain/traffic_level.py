"""Free, slow or jammed: what steps of five minutes come to, without flapping.

A road fills at a higher occupancy than it must fall below to empty, so one at the edge of a level keeps it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.traffic import STEP, TrafficStep


class Level(StrEnum):
    """In order of how full the road is."""

    FREE = "free"
    SLOW = "slow"
    JAM = "jam"


@dataclass(frozen=True, slots=True)
class LevelLimits:
    """The occupancy of the road zone from which a level is reached, and how far below it must fall to be left."""

    slow: float = 0.25
    jam: float = 0.45
    slack: float = 0.05


@dataclass(frozen=True, slots=True)
class LeveledStep:
    """A step, its level and since when the road has had it without a gap."""

    step: TrafficStep
    level: Level
    since_utc: datetime

    @property
    def lasted(self) -> timedelta:
        """Until the end of the step."""
        return self.step.start_utc + STEP - self.since_utc


def leveled(steps: Iterable[TrafficStep], limits: LevelLimits = LevelLimits()) -> Iterator[LeveledStep]:
    """The level of each of one camera's steps, given in order; after a gap nothing is known of what was before."""
    last: LeveledStep | None = None
    for step in steps:
        before = last if last is not None and last.step.start_utc + STEP == step.start_utc else None
        level = next_level(before.level if before else None, step.occupancy, limits)
        since = before.since_utc if before and before.level == level else step.start_utc
        last = LeveledStep(step, level, since)
        yield last


def next_level(before: Level | None, occupancy: float, limits: LevelLimits = LevelLimits()) -> Level:
    """The level of an occupancy in [0,1], given the level before."""
    if occupancy >= _bound(limits.jam, Level.JAM, before, limits):
        return Level.JAM
    return Level.SLOW if occupancy >= _bound(limits.slow, Level.SLOW, before, limits) else Level.FREE


def _bound(limit: float, level: Level, before: Level | None, limits: LevelLimits) -> float:
    """Lower for a road that is as full already, or fuller."""
    order = list(Level)
    is_reached = before is not None and order.index(before) >= order.index(level)
    return limit - limits.slack if is_reached else limit
