"""`python -m ops.alerts republish`: tell the units again what a stretch of time should have told them.

For when alerts were given up. The timeline is the outbox, so what was to be told is all there, and each alert keeps its
id: a unit that got it before recognises the repeat.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer

from chalicelib import bootstrap
from chalicelib.domain.incidents import TimelineEvent
from chalicelib.errors import InvalidInput
from ops.console import table_console
from ops.deployment import Stack, deployment

TIMES = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d"]

app = typer.Typer(help="Alerts that were given up.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps `republish` a command of its own, as typer drops the name of an only one."""


@app.command()
def republish(
    *,
    since: Annotated[
        datetime, typer.Option(help="events from then on, in UTC unless it says otherwise", formats=TIMES)
    ],
    until: Annotated[datetime, typer.Option(help="events before then", formats=TIMES)],
    stack: Stack = None,
) -> None:
    """Publish the alerts of every timeline event in a stretch of time once more."""
    with deployment(stack):
        since_utc, until_utc = in_utc(since), in_utc(until)
        if since_utc >= until_utc:
            raise InvalidInput(f"nothing lies between {since_utc.isoformat()} and {until_utc.isoformat()}")
        publish = bootstrap.publish_alert()
        events = tuple(events_between(since_utc, until_utc))
        for event in events:
            publish(event)
        table_console().print(
            f"{len(events)} events told again; candidates that wait for people are still told to nobody"
        )


def events_between(since_utc: datetime, until_utc: datetime) -> Iterator[TimelineEvent]:
    """The timeline events of a stretch of time, its end left out, incident by incident."""
    store = bootstrap.incidents()
    for incident in store.changed_since(since_utc):
        yield from (event for event in store.timeline(incident.id) if since_utc <= event.at_utc < until_utc)


def in_utc(given: datetime) -> datetime:
    """A time that somebody typed: UTC unless it says otherwise."""
    return given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)


if __name__ == "__main__":
    app()
