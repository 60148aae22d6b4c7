"""Moves events between the cloud's resources and the handlers of app.py, as the template's event sources would."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import boto3
from chalice.local import LambdaContext

from local import events
from local.provision import Stack
from local.queue_source import QueueSource, queue_source
from local.stream_source import StreamSource
from local.template import event_source, read_template

Handler = Callable[[events.Event, LambdaContext], Any]


@dataclass(frozen=True, slots=True)
class Pump:
    """Frames to analyse_frames, timeline events to publish_alerts and keep_evidence, ticks to sweep."""

    frames: QueueSource
    alerts: StreamSource
    evidence: StreamSource
    tick: Callable[[events.Event], Any]

    def settle(self) -> None:
        """Deliver until the frames queue and the incidents stream have nothing left."""
        self.frames.deliver()
        self.alerts.deliver()

    def keep_evidence(self) -> None:
        """Have the pictures kept of what happened; apart, because a replay of many frames shows none of them."""
        self.evidence.deliver()

    def sweep(self, at_utc: datetime) -> None:
        """One tick of the schedule, and the alerts that it causes."""
        self.tick(events.schedule_event(at_utc))
        self.alerts.deliver()


def pump(stack: Stack, handlers: Mapping[str, Handler]) -> Pump:
    """Connect a stack's queue, stream and schedule to the functions that the template names."""
    ids, table = stack.physical_ids, stack.environment["MATPHO_INCIDENTS_TABLE"]
    stream_arn = boto3.client("dynamodb").describe_table(TableName=table)["Table"]["LatestStreamArn"]
    template = read_template()
    alerts, evidence = (event_source(template, name) for name in ("PublishAlerts", "KeepEvidence"))
    return Pump(
        queue_source(ids["FramesQueue"], ids["FramesDeadLetters"], _invocation("analyse_frames", handlers)),
        StreamSource(stream_arn, alerts, _invocation("publish_alerts", handlers)),
        StreamSource(stream_arn, evidence, _invocation("keep_evidence", handlers)),
        _invocation("sweep", handlers),
    )


def _invocation(name: str, handlers: Mapping[str, Handler]) -> Callable[[events.Event], Any]:
    return lambda event: handlers[name](event, LambdaContext(name, memory_size=1769, max_runtime_ms=60_000))
