"""`python -m ops.faces`: whether strangers here resemble faces as rarely as the thresholds take for granted.

Faces of nobody, decoys, are compared beside the list (chalicelib.vision.face_decoys); how often passers-by resemble one
is known from the bench. CloudWatch has the counts of fifteen months.
"""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

import boto3
import typer

from chalicelib import bootstrap, bootstrap_vision
from chalicelib.domain.decoys import LiveRate, live_rate
from chalicelib.store.aws_errors import aws_errors
from chalicelib.telemetry import DECOYS_RESEMBLED, FACES_COMPARED, SERVICE
from chalicelib.vision.face_decoys import DECOYS
from ops.deployment import AsJson, Stack, deployment

MOST = 1.5
"""How far the realised rate may lie above the curve's; StrangersAlikeAlarm has the same."""

_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Counted:
    """What the functions counted in some days, and what it says; no rate where no face was compared."""

    days: int
    faces_compared: int
    decoys_resembled: int
    decoys_expected: float
    rate: LiveRate | None
    likeness_allowed: float


def read_counts(days: int) -> Counted:
    """Ask CloudWatch; raises Transient where it doesn't answer."""
    faces, hits = (_sum(name, days) for name in (FACES_COMPARED, DECOYS_RESEMBLED))
    expected_rate = bootstrap_vision.impostor_curve().decoy_rate
    rate = live_rate(faces=faces, decoys=DECOYS, hits=hits, expected_rate=expected_rate) if faces else None
    likeness = bootstrap.city_packs().current().face_budget.likeness
    return Counted(days, faces, hits, faces * DECOYS * expected_rate, rate, likeness)


def main(
    *,
    days: Annotated[int, typer.Option(help="how many days back", min=1, max=455)] = 7,
    stack: Stack = None,
    as_json: AsJson = False,
) -> None:
    """Print how many times likelier than expected strangers resemble somebody, with a 95 % interval."""
    with deployment(stack):
        counted = read_counts(days)
    print(json.dumps(asdict(counted)) if as_json else _told(counted))


def _sum(name: str, days: int) -> int:
    now = datetime.now(UTC)
    with aws_errors(f"read the metric {name!r}"):
        found = boto3.client("cloudwatch").get_metric_statistics(
            Namespace=SERVICE,
            MetricName=name,
            Dimensions=[{"Name": "service", "Value": SERVICE}],
            StartTime=now - timedelta(days=days),
            EndTime=now,
            Period=_DAY_S,
            Statistics=["Sum"],
        )
    total: float = sum(point["Sum"] for point in found["Datapoints"])
    return round(total)


def _told(counted: Counted) -> str:
    period = f"{counted.faces_compared:,} faces compared in {counted.days} days"
    if counted.rate is None:
        return f"{period}: nothing can be said"
    rate = counted.rate
    return (
        f"{period}; they resembled decoys {counted.decoys_resembled:,} times where {counted.decoys_expected:,.0f} were"
        f" expected:\n{rate.ratio:.2f} times the rate of the impostor curve, 95 % interval {rate.low:.2f} to"
        f" {rate.high:.2f}\n{_verdict(rate)} The city pack allows for strangers {counted.likeness_allowed:g} times as"
        " alike."
    )


def _verdict(rate: LiveRate) -> str:
    if rate.low > MOST:
        return "More alike than the thresholds take for granted: raise `likeness` (docs/runbook.md)."
    return "Within what the thresholds take for granted." if rate.high <= MOST else "Too few faces to be sure."


if __name__ == "__main__":
    typer.run(main)
