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
    """Write the report of a day by ward and unit, as HTML and CSV."""
    with deployment(stack):
        report = bootstrap.report_day()(day.date() if day else None)
        where = f"s3://{reports_bucket()}/daily/{report.day:%Y/%m/%d}"
    print(f"{report.total} incidents on {report.day}: {where}.html and .csv")


if __name__ == "__main__":
    typer.run(main)
