"""From what one of each thing uses to what a month costs: multiplication, and nothing that isn't said here."""

from dataclasses import dataclass

from bench.cost.meter import ANALYSE, ARRIVE, AUDIT, BEAT, INCIDENT, QUEUE, SWEEP, Amounts
from bench.cost.prices import Prices
from bench.cost.runs import Metered
from bench.cost.ways import Way

STAGE_ORDER = (ARRIVE, QUEUE, ANALYSE, BEAT, AUDIT, INCIDENT, SWEEP)
MONTH_S = 30 * 86_400
SWEEP_EVERY_S = 60
BEAT_EVERY_S = 60
HOUR_S, DAY_S = 3600, 86_400
READ_UNITS_A_HEARTBEAT = 0.5
"""Silence is looked for at each sweep, in every heartbeat of the city; the metered city has only a few."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What isn't metered: how often a camera sends, how often something happens to it, how long frames are kept."""

    cadence_s: float
    incidents_per_camera_day: float
    kept_days: float


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill."""

    stage: str
    item: str
    amount: float
    usd: float


def use_of_frames(metered: Metered, frames: float, habits: Habits, *, way: Way) -> Amounts:
    """What so many frames use, with the heartbeats and incidents of the time they take one camera to send."""
    seconds = frames * habits.cadence_s
    frame = metered.frames[way]
    parts = (
        (frame.uses, frames),
        (metered.beat, min(frames, seconds / BEAT_EVERY_S)),
        (metered.audit, seconds / HOUR_S),
        (metered.incident, seconds / DAY_S * habits.incidents_per_camera_day),
        ({(ARRIVE, "s3_gb_month"): frame.stored_bytes / 1e9 * habits.kept_days / 30}, frames),
    )
    return _sum(parts)


def use_of_month(metered: Metered, *, cameras: int, alarms: int) -> Amounts:
    """What a deployment uses in a month however many frames come."""
    heartbeats: Amounts = {(SWEEP, "dynamodb_read"): cameras * READ_UNITS_A_HEARTBEAT}
    sweeps = MONTH_S / SWEEP_EVERY_S
    return {**_sum(((metered.sweep, sweeps), (heartbeats, sweeps))), (SWEEP, "alarm_month"): float(alarms)}


def bill(amounts: Amounts, prices: Prices) -> tuple[Line, ...]:
    """Price what was used, the stages in the order that frames go through them."""
    used = sorted((key for key, amount in amounts.items() if amount), key=lambda key: STAGE_ORDER.index(key[0]))
    return tuple(Line(*key, amounts[key], amounts[key] * prices.items[key[1]].usd) for key in used)


def total_usd(lines: tuple[Line, ...]) -> float:
    return sum(line.usd for line in lines)


def by_stage(lines: tuple[Line, ...]) -> dict[str, float]:
    """Dollars by stage."""
    totals: dict[str, float] = {}
    for line in lines:
        totals[line.stage] = totals.get(line.stage, 0.0) + line.usd
    return totals


def _sum(parts: tuple[tuple[Amounts, float], ...]) -> Amounts:
    total: dict[tuple[str, str], float] = {}
    for amounts, times in parts:
        for key, amount in amounts.items():
            total[key] = total.get(key, 0.0) + amount * times
    return total
