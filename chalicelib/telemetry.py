"""The one logger, tracer and set of metrics. Nothing personal goes in: frames by key, people not at all."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools import Logger, Tracer
from aws_lambda_powertools.metrics import MetricUnit, single_metric
from aws_lambda_powertools.utilities.batch import BatchProcessor, ExceptionInfo, FailureResponse

from chalicelib.domain.frame_bundles import named_after
from chalicelib.domain.frames import FrameRef, parse_frame_key
from chalicelib.domain.incidents import TimelineEvent
from chalicelib.domain.observations import FaceReading
from chalicelib.errors import FrameRejected, InvalidInput, MatphoError, NotFound
from chalicelib.store.frame_events import parse_frame_message

SERVICE = "matpho"
FACES_COMPARED, DECOYS_RESEMBLED = "faces_compared", "decoys_resembled"

_REQUEST_ID = "function_request_id"

logger = Logger(service=SERVICE)
tracer = Tracer(service=SERVICE)


class LoggedBatch(BatchProcessor):
    """Powertools' record loop, with a word in the log on why a record comes again: by itself it keeps that quiet."""

    def failure_handler(self, record: Any, exception: ExceptionInfo) -> FailureResponse:
        logger.error("record failed and comes again", exc_info=exception[1], extra=_what_it_is(record.raw_event))
        return super().failure_handler(record, exception)


class TelemetryLedger:
    """Accounts for frames in the log, in one line each that is a metric at the same time.

    The line names camera and hour of capture, so that the account can be drawn up for each, and the request, which is
    how the other lines and the trace of the same invocation are found. A camera is no dimension of the metric, because
    five hundred of them would cost more than all the frames.
    """

    def note(self, key: str, *, outcome: str, reason: str = "") -> None:
        account = {"service": SERVICE, "frame": key, "reason": reason, **_request(), **_camera_hour(key)}
        with single_metric(name=f"frames_{outcome}", unit=MetricUnit.Count, value=1, namespace=SERVICE) as metric:
            for name, value in account.items():
                metric.add_metadata(name, value)


def count_unrouted(event: TimelineEvent) -> None:
    """One incident more that no route sends to a unit: the log names it, the metric wakes somebody."""
    _count_incident("incidents_unrouted", event)


def count_unanswered(event: TimelineEvent) -> None:
    """Once more nobody is left to call, or handling takes too long: the log names it, the metric wakes somebody."""
    _count_incident("incidents_unanswered", event)


def count_unswept(name: str, error: NotFound) -> None:
    """An incident that the clock has no say in: the city's pack no longer knows its kind or area."""
    with single_metric(name="incidents_unswept", unit=MetricUnit.Count, value=1, namespace=SERVICE) as metric:
        for key, value in {"service": SERVICE, "swept": name, "reason": str(error)}.items():
            metric.add_metadata(key, value)


def count_faces(reading: FaceReading) -> None:
    """Of a frame's faces how many were compared, and how often they resembled decoys; nothing about any one of them."""
    for name, value in ((FACES_COMPARED, reading.compared), (DECOYS_RESEMBLED, reading.decoy_hits)):
        with single_metric(name=name, unit=MetricUnit.Count, value=value, namespace=SERVICE) as metric:
            metric.add_metadata("service", SERVICE)


def count_refused_threshold(why: str) -> None:
    """The list's own threshold doesn't hold, and the one worked out is in force."""
    with single_metric(name="own_threshold_refused", unit=MetricUnit.Count, value=1, namespace=SERVICE) as metric:
        for key, value in {"service": SERVICE, "reason": why}.items():
            metric.add_metadata(key, value)


def count_unsearched(frame: FrameRef, error: MatphoError) -> None:
    """A frame whose faces could not be searched, because the list or the mandate can't be read."""
    with single_metric(name="faces_unsearched", unit=MetricUnit.Count, value=1, namespace=SERVICE) as metric:
        for key, value in {"service": SERVICE, "frame": frame.key, "reason": str(error)}.items():
            metric.add_metadata(key, value)


def _count_incident(name: str, event: TimelineEvent) -> None:
    with single_metric(name=name, unit=MetricUnit.Count, value=1, namespace=SERVICE) as metric:
        for key, value in {"service": SERVICE, "incident": event.incident.id, "kind": event.incident.kind}.items():
            metric.add_metadata(key, value)


def _what_it_is(record: Mapping[str, Any]) -> dict[str, Any]:
    """What a record is known by: a message and its frames, or the keys of a table's item."""
    if "body" not in record:
        return {"item": record.get("dynamodb", {}).get("Keys")}
    try:
        frames = [key for key, _ in parse_frame_message(record["body"])]
    except InvalidInput:
        frames = []
    return {"message_id": record["messageId"], "frames": frames}


def _request() -> dict[str, str]:
    """The id of the invocation under way, as the logger's own lines have it; empty outside of one."""
    request_id = logger.get_current_keys().get(_REQUEST_ID)
    return {_REQUEST_ID: request_id} if request_id else {}


def _camera_hour(key: str) -> dict[str, str]:
    try:
        frame = parse_frame_key(named_after(key), 0)
    except FrameRejected:
        return {}
    return {"camera": frame.camera_id, "hour": f"{frame.captured_at_utc:%Y-%m-%dT%H}"}
