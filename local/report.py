"""What came of a replay, as one JSON object for programs and as tables for people."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.table import Table

from chalicelib.domain.incidents import Incident, TimelineEvent
from local.city import Outcome
from local.units import Body


def outcome_to_dict(outcome: Outcome) -> dict[str, Any]:
    """The outcome in JSON's types: frames, incidents with their timelines, alerts with who received them."""
    frames = outcome.frames
    return {
        "frames": {
            "received": frames.received,
            "processed": frames.processed,
            "rejected": dict(sorted(frames.rejected.items())),
            "dead_lettered": frames.dead_lettered,
        },
        "incidents": [_incident_to_dict(incident, timeline) for incident, timeline in outcome.incidents],
        "alerts": [{**alert, "received_by": list(outcome.received_by[alert["id"]])} for alert in outcome.alerts],
    }


def print_outcome(outcome: Outcome, console: Console) -> None:
    """Print the frames in a line, then a table of incidents and one of alerts."""
    console.print(_frames_line(outcome))
    console.print(_incidents_table(outcome) if outcome.incidents else "No incidents.")
    console.print(_alerts_table(outcome) if outcome.alerts else "No alerts.")


def _incident_to_dict(incident: Incident, timeline: tuple[TimelineEvent, ...]) -> dict[str, Any]:
    return {
        "id": incident.id,
        "kind": incident.kind,
        "label": incident.label,
        "cameras": list(incident.camera_ids),
        "area": incident.place.area_id,
        "area_name": incident.place.area_name,
        "units": list(_told_units(incident)),
        "units_once_confirmed": list(incident.routed.units),
        "status": incident.status.value,
        "severity": incident.severity,
        "first_seen": incident.first_seen_utc.isoformat(),
        "last_seen": incident.last_seen_utc.isoformat(),
        "timeline": [_event_to_dict(event) for event in timeline],
    }


def _told_units(incident: Incident) -> tuple[str, ...]:
    """Whom the incident was told: nobody, of a candidate that awaits people."""
    return incident.routed.units if incident.last_told else ()


def _event_to_dict(event: TimelineEvent) -> dict[str, Any]:
    return {"id": event.id, "number": event.number, "type": event.type.value, "at": event.at_utc.isoformat()}


def _frames_line(outcome: Outcome) -> str:
    frames = outcome.frames
    rejected = ", ".join(f"{count} {reason}" for reason, count in sorted(frames.rejected.items()))
    parts = [f"{frames.received} received", f"{frames.processed} processed"]
    parts += [f"{sum(frames.rejected.values())} rejected ({rejected})"] if rejected else []
    parts += [f"{frames.dead_lettered} dead-lettered"] if frames.dead_lettered else []
    return f"Frames: {', '.join(parts)}"


def _incidents_table(outcome: Outcome) -> Table:
    table = _table("Incidents", "kind", "camera", "area", "units", "status", "severity", "timeline")
    for incident, timeline in outcome.incidents:
        kind = f"{incident.kind} ({incident.label})" if incident.label else incident.kind
        table.add_row(
            kind,
            ", ".join(incident.camera_ids),
            incident.place.area_name,
            "\n".join(_told_units(incident)) or "nobody before people confirm it",
            incident.status.value,
            incident.severity,
            ", ".join(_told(timeline)),
        )
    return table


def _alerts_table(outcome: Outcome) -> Table:
    table = _table("Alerts", "type", "headline", "severity", "received by", "id")
    for alert in outcome.alerts:
        table.add_row(*_alert_row(alert), "\n".join(outcome.received_by[alert["id"]]), alert["id"])
    return table


def _alert_row(alert: Body) -> tuple[str, str, str]:
    data = alert["data"]
    return data["type"], f"{data['headline']['vi']}\n{data['headline']['en']}", data["severity"]


def _told(timeline: tuple[TimelineEvent, ...]) -> Iterator[str]:
    """The types of events in order, a run of one type as `updated x3`."""
    for index, event in enumerate(timeline):
        if index == 0 or timeline[index - 1].type is not event.type:
            run = _run_length(timeline[index:])
            yield event.type.value if run == 1 else f"{event.type.value} ×{run}"


def _run_length(timeline: tuple[TimelineEvent, ...]) -> int:
    return next((n for n, event in enumerate(timeline) if event.type is not timeline[0].type), len(timeline))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
