"""Free, slow or jammed: what steps of five minutes come to, without flapping.

A road fills at a higher occupancy than it must fall below to empty, so one at the edge of a level keeps it. Where
bursts tell who stands, a full road on which nearly all drive is slow and no jam.
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
    """The occupancy of the road zone from which a level is reached, and how far below it must fall to be left.

    `standing` is the share of vehicles that must stand in a jam, where that is known: in stop and go some always drive.
    """

    slow: float = 0.25
    jam: float = 0.45
    slack: float = 0.05
    standing: float = 0.2


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
        level = next_level(before.level if before else None, step.occupancy, limits, standing=step.standing)
        since = before.since_utc if before and before.level == level else step.start_utc
        last = LeveledStep(step, level, since)
        yield last


def next_level(
    before: Level | None, occupancy: float, limits: LevelLimits = LevelLimits(), *, standing: float | None = None
) -> Level:
    """The level of an occupancy in [0,1], given the level before and, if known, the share of vehicles that stand."""
    if occupancy >= _bound(limits.jam, Level.JAM, before, limits) and not flows(standing, limits):
        return Level.JAM
    return Level.SLOW if occupancy >= _bound(limits.slow, Level.SLOW, before, limits) else Level.FREE


def flows(standing: float | None, limits: LevelLimits = LevelLimits()) -> bool:
    """Whether nearly all vehicles are known to drive."""
    return standing is not None and standing < limits.standing


def _bound(limit: float, level: Level, before: Level | None, limits: LevelLimits) -> float:
    """Lower for a road that is as full already, or fuller."""
    order = list(Level)
    is_reached = before is not None and order.index(before) >= order.index(level)
    return limit - limits.slack if is_reached else limit
