"""`python -m ops.report`: make a day's report anew, when the nightly one failed or incidents changed after it."""

from datetime import datetime
from typing import Annotated

import typer

from chalicelib import bootstrap
from chalicelib.settings import reports_bucket
from ops.deployment import Stack, deployment


def main(
    *,
    day: Annotated[
        datetime | None, typer.Option(help="in the city's calendar; default: yesterday", formats=["%Y-%m-%d"])
    ] = None,
    stack: Stack = None,
) -> None:
    """Write the report of a day by ward and unit, as HTML and CSV, and its traffic in steps of five minutes."""
    with deployment(stack):
        report = bootstrap.report_day()(day.date() if day else None)
        steps = bootstrap.report_traffic()(report.day)
        bucket, name = reports_bucket(), f"{report.day:%Y/%m/%d}"
    print(f"{report.total} incidents on {report.day}: s3://{bucket}/daily/{name}.html and .csv")
    print(f"{steps} steps of five minutes: s3://{bucket}/traffic/{name}.csv")


if __name__ == "__main__":
    typer.run(main)
