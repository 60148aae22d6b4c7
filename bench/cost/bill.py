"""From what one of each thing uses to what a month costs: multiplication, and nothing that isn't said here."""

from dataclasses import dataclass
from datetime import timedelta

from bench.cost.meter import ANALYSE, ARRIVE, AUDIT, BEAT, CLOCK, CONSOLE, EVIDENCE, INCIDENT, QUEUE, Amounts
from bench.cost.prices import Prices
from bench.cost.runs import Metered
from bench.cost.screens import POLL_S
from bench.cost.ways import Way
from chalicelib.domain.retention import RETENTION, DataClass

STAGE_ORDER = (ARRIVE, QUEUE, ANALYSE, BEAT, AUDIT, INCIDENT, EVIDENCE, CONSOLE, CLOCK)
MONTH_S = 30 * 86_400
BEAT_EVERY_S = 60
HOUR_S, DAY_S = 3600, 86_400
READ_UNITS_A_HEARTBEAT = 0.5
"""Silence is looked for each minute, in every heartbeat of the city; the metered city has only a few."""
WATCHED_S = 300
"""How long somebody has an incident's page open."""
EVIDENCE_KEPT_MONTHS = (RETENTION[DataClass.EVIDENCE].keep or timedelta()) / timedelta(seconds=MONTH_S)


@dataclass(frozen=True, slots=True)
class Habits:
    """What isn't metered: how often a camera sends, how often something happens to it, how long frames are kept."""

    cadence_s: float
    incidents_per_camera_day: float
    kept_days: float


@dataclass(frozen=True, slots=True)
class Deployment:
    """What a city pays for however many frames come: alarms, metrics, keys, and consoles that never close."""

    cameras: int
    consoles: float
    alarms: int
    metrics: int
    keys: int


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
        (_of_incident(metered), seconds / DAY_S * habits.incidents_per_camera_day),
        ({(ARRIVE, "s3_gb_month"): frame.stored_bytes / 1e9 * habits.kept_days / 30}, frames),
    )
    return _sum(parts)


def use_of_month(metered: Metered, city: Deployment) -> Amounts:
    """What a deployment uses in a month however many frames come."""
    kept = {"alarm_month": city.alarms, "metric_month": city.metrics, "key_month": city.keys}
    parts = (
        (metered.clock, MONTH_S / HOUR_S),
        ({(CLOCK, "dynamodb_read"): city.cameras * READ_UNITS_A_HEARTBEAT}, MONTH_S / 60),
        (metered.polls.board, city.consoles * MONTH_S / POLL_S),
        ({(CLOCK, item): float(count) for item, count in kept.items()}, 1.0),
    )
    return _sum(parts)


def use_all_in(metered: Metered, frames: float, habits: Habits, city: Deployment, *, way: Way) -> Amounts:
    """What so many frames of a city use, with their share of its month."""
    share = frames / (city.cameras * MONTH_S / habits.cadence_s)
    return _sum(((use_of_frames(metered, frames, habits, way=way), 1.0), (use_of_month(metered, city), share)))


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


def _of_incident(metered: Metered) -> Amounts:
    """An incident from its opening to the end of its pictures, with the time that somebody has its page open."""
    kept: Amounts = {(EVIDENCE, "s3_gb_month"): metered.kept_bytes / 1e9 * EVIDENCE_KEPT_MONTHS}
    return _sum(((metered.incident, 1.0), (kept, 1.0), (metered.polls.page, WATCHED_S / POLL_S)))


def _sum(parts: tuple[tuple[Amounts, float], ...]) -> Amounts:
    total: dict[tuple[str, str], float] = {}
    for amounts, times in parts:
        for key, amount in amounts.items():
            total[key] = total.get(key, 0.0) + amount * times
    return total
