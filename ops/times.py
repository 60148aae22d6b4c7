"""Times as people type them on a command line."""

from datetime import UTC, datetime
from typing import Any

import typer

_FORMS = ["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"]


def time_option(told: str) -> Any:
    """An option for a time, with or without its offset, or for a day."""
    return typer.Option(help=f"{told}, as 2026-03-02T06:00:00Z or 2026-03-02", metavar="TIME", formats=_FORMS)


def in_utc(given: datetime) -> datetime:
    """A time that somebody typed: UTC unless it says otherwise."""
    return given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)
