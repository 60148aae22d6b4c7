"""What the hour would cost and need at other sizes, and which limit it meets first.

Everything but incidents grows with the frames; the limits are those of this deployment or AWS's defaults.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.cost.prices import Prices
from bench.simulate.usage import Bill

HOUR_S = 3600
GRANT_EVERY_S = 900
"""A gateway asks for leave to upload a camera's frames each quarter of an hour."""
EVIDENCE_S = 2.2
"""To redact and seal an incident's pictures, as `make cost` meters it."""
CALL_S, HEARTBEATS_A_CALL = 0.010, 100
"""What an answer of DynamoDB is waited for, and how many heartbeats it gives at once."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of something may be used, and how much of it the hour used."""

    name: str
    used: float
    allowed: float
    source: str

    @property
    def share(self) -> float:
        return self.used / self.allowed


def priced(bill: Bill, prices: Prices, *, frame_s: float, memory_gb: float, times: float = 1) -> Mapping[str, float]:
    """Dollars by item for an hour, `times` as large; a frame takes `frame_s` of the function that looks at it."""
    amounts = {**bill, "lambda_gb_s": bill["lambda_request"] * frame_s * memory_gb}
    return {item: amount * times * prices.items[item].usd for item, amount in amounts.items() if item in prices.items}


@dataclass(frozen=True, slots=True)
class Size:
    """What an hour had to do with: cameras, incidents that opened, trackers that see one at the end of it."""

    cameras: int
    opened: int
    tracked: int


def limits(bill: Bill, size: Size, *, frame_s: float, times: float = 1) -> tuple[Limit, ...]:
    """Every limit that grows with the city, the one that is met first before the others."""
    a_second = {name: amount * times / HOUR_S for name, amount in bill.items()}
    opened = size.opened * times / HOUR_S
    found = (
        Limit("functions that look at frames at once", a_second["lambda_request"] * frame_s, 100, "app.py"),
        Limit("functions at once in the account", a_second["lambda_request"] * frame_s + 3, 1000, "AWS default"),
        Limit("writes a second to one table", a_second["dynamodb_write"], 40_000, "AWS default"),
        Limit("writes a second of open trackers to their index", a_second["did_tracker_write"], 1000, "one partition"),
        Limit("alerts a second", a_second["sns_request"], 300, "SNS default outside the largest regions"),
        Limit("openings of a kind a second", opened, 20, "one record a kind, ADR 9"),
        Limit("functions that keep pictures at once", opened * EVIDENCE_S, 10, "infra/evidence.yaml"),
        Limit("grants asked for a second", size.cameras * times / GRANT_EVERY_S, 20, "infra/template.yaml"),
        Limit("seconds that a sweep takes", _sweep_s(size, times), 55, ".chalice/config.json"),
        Limit("frames put a second under one prefix", a_second["s3_put"], 3500, "S3, each prefix"),
    )
    return tuple(sorted(found, key=lambda one: -one.share))


def _sweep_s(size: Size, times: float) -> float:
    """It asks for every heartbeat, and for the state of each camera that sees an incident, one after another."""
    return (size.cameras / HEARTBEATS_A_CALL + size.tracked) * times * CALL_S
