"""`python -m ops.alerts`: look at an alert in any of its forms, or tell the units again what they should have heard.

The timeline is the outbox, so what was to be told is all there, and each alert keeps its id: a unit that got it before
recognises the repeat.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from chalicelib import bootstrap
from chalicelib.domain.alerts.cap import cap
from chalicelib.domain.alerts.cloud_event import cloud_event_json, to_json
from chalicelib.domain.alerts.model import Alert, alert_of
from chalicelib.domain.alerts.ngsi_ld import ngsi_ld
from chalicelib.domain.alerts.texts import email, sms
from chalicelib.domain.incidents import TimelineEvent
from chalicelib.errors import InvalidInput, NotFound
from chalicelib.settings import console_url
from ops.alert_schema import schema_text
from ops.console import table_console
from ops.deployment import Stack, deployment
from ops.times import in_utc, time_option

app = typer.Typer(help="Alerts: their forms, and those that were given up.", no_args_is_help=True, add_completion=False)


class Form(StrEnum):
    CLOUD_EVENT = "cloud-event"
    CAP = "cap"
    NGSI_LD = "ngsi-ld"
    SMS = "sms"
    EMAIL = "email"


_WRITTEN: Mapping[Form, Callable[[Alert], str]] = {
    Form.CLOUD_EVENT: cloud_event_json,
    Form.CAP: lambda alert: cap(alert).decode(),
    Form.NGSI_LD: lambda alert: to_json(ngsi_ld(alert)),
    Form.SMS: sms,
    Form.EMAIL: lambda alert: email(alert, console_url=console_url()),
}


@app.command()
def show(
    alert_id: Annotated[str, typer.Argument(metavar="INCIDENT/NUMBER", help="the id that the alert carries")],
    *,
    form: Annotated[Form, typer.Option("--format", help="how it goes out")] = Form.CLOUD_EVENT,
    stack: Stack = None,
) -> None:
    """Print one alert as a unit gets it."""
    with deployment(stack):
        print(_WRITTEN[form](alert_of(event_of(alert_id), bootstrap.city_packs().current())))


@app.command()
def schema() -> None:
    """Print the JSON Schema of the CloudEvent; docs/alert.schema.json is what this prints."""
    print(schema_text(), end="")


@app.command()
def republish(
    *,
    since: Annotated[datetime, time_option("events from then on, in UTC unless it says otherwise")],
    until: Annotated[datetime, time_option("events before then")],
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


def event_of(alert_id: str) -> TimelineEvent:
    """The event of an alert's id; raises NotFound."""
    incident_id = alert_id.rpartition("/")[0]
    timeline = bootstrap.incidents().timeline(incident_id) if incident_id else ()
    event = next((one for one in timeline if one.id == alert_id), None)
    if event is None:
        raise NotFound(f"there is no alert {alert_id!r}: its id is INCIDENT/NUMBER")
    return event


def events_between(since_utc: datetime, until_utc: datetime) -> Iterator[TimelineEvent]:
    """The timeline events of a stretch of time, its end left out, incident by incident."""
    store = bootstrap.incidents()
    for incident in store.changed_since(since_utc):
        yield from (event for event in store.timeline(incident.id) if since_utc <= event.at_utc < until_utc)


if __name__ == "__main__":
    app()
