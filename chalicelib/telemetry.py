"""The one logger, tracer and set of metrics. Nothing personal goes in: frames by key, people not at all."""

from typing import Any

from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.metrics import MetricUnit, single_metric
from aws_lambda_powertools.utilities.batch import BatchProcessor, ExceptionInfo, FailureResponse

from chalicelib.domain.frames import parse_frame_key
from chalicelib.domain.incidents import TimelineEvent
from chalicelib.errors import FrameRejected

SERVICE = "matpho"

logger = Logger(service=SERVICE)
tracer = Tracer(service=SERVICE)


class LoggedBatch(BatchProcessor):
    """Powertools' record loop, with a word in the log on why a record comes again: by itself it keeps that quiet."""

    def failure_handler(self, record: Any, exception: ExceptionInfo) -> FailureResponse:
        logger.error("record failed and comes again", exc_info=exception[1])
        return super().failure_handler(record, exception)


class TelemetryLedger:
    """Accounts for frames in the log, in one line each that is a metric at the same time.

    The line names camera and hour of capture, so that the account can be drawn up for each. A camera is no dimension of
    the metric, because five hundred of them would cost more than all the frames.
    """

    def note(self, key: str, *, outcome: str, reason: str = "") -> None:
        account = {"service": SERVICE, "frame": key, "reason": reason, **_camera_hour(key)}
        with single_metric(name=f"frames_{outcome}", unit=MetricUnit.Count, value=1, namespace=SERVICE) as metric:
            for name, value in account.items():
                metric.add_metadata(name, value)


def count_unrouted(event: TimelineEvent) -> None:
    """One incident more that no route sends to a unit: the log names it, the metric wakes somebody."""
    with single_metric(name="incidents_unrouted", unit=MetricUnit.Count, value=1, namespace=SERVICE) as metric:
        for name, value in {"service": SERVICE, "incident": event.incident.id, "kind": event.incident.kind}.items():
            metric.add_metadata(name, value)


def _camera_hour(key: str) -> dict[str, str]:
    try:
        frame = parse_frame_key(key, 0)
    except FrameRejected:
        return {}
    return {"camera": frame.camera_id, "hour": f"{frame.captured_at_utc:%Y-%m-%dT%H}"}
