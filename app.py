"""The composition root: routes, and every event handler in a few lines.

Chalice runs event handlers of a Blueprint without importing this module (https://github.com/aws/chalice/issues/1566),
so all of them stand here. What chalicelib/api declares is put on the app as routes.
"""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.batch import EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from chalice.app import AuthRequest, Chalice, CloudWatchEvent, ConvertToMiddleware, Cron, DynamoDBEvent, Rate, SQSEvent

from chalicelib import bootstrap, bootstrap_law, bootstrap_subjects
from chalicelib.api import authoriser, edge, routes
from chalicelib.settings import frames_queue, recorded_queue
from chalicelib.store.frame_events import parse_keys, parse_timeline_record
from chalicelib.store.picture_requests import requested_camera
from chalicelib.store.recorded import parse_recorded_message
from chalicelib.telemetry import LoggedBatch, logger, tracer

STREAM_OF_INCIDENTS = "arn:aws:dynamodb:region:account:table/incidents/stream/of-the-template"
"""A placeholder: Chalice wants the stream's ARN before the table exists; infra/template.yaml puts the real one in."""

app = Chalice(app_name="matpho", configure_logs=False)
app.register_middleware(ConvertToMiddleware(logger.inject_lambda_context))
app.register_middleware(ConvertToMiddleware(tracer.capture_lambda_handler))


@app.authorizer(ttl_seconds=authoriser.KEPT_S)
def authorise(request: AuthRequest) -> dict[str, Any]:
    """Say who a bearer token speaks for."""
    return authoriser.authorise(request.token, request.method_arn)


edge.serve(app, routes.endpoints(), authorise)


@app.on_sqs_message(queue=frames_queue(), batch_size=10, maximum_batching_window_in_seconds=1, maximum_concurrency=100)
def analyse_frames(event: SQSEvent) -> PartialItemFailureResponse:
    """Analyse the frames that S3 announced; only messages that failed come again."""
    return process_partial_response(
        event=event.to_dict(),
        record_handler=_take_frames,
        processor=LoggedBatch(EventType.SQS, raise_on_entire_batch_failure=False),
    )


@app.on_sqs_message(queue=recorded_queue(), batch_size=1, maximum_concurrency=2)
def analyse_recorded(event: SQSEvent) -> PartialItemFailureResponse:
    """Look at recorded frames again, at leisure; it can open no incident and alert nobody."""
    return process_partial_response(
        event=event.to_dict(),
        record_handler=_read_recorded,
        processor=LoggedBatch(EventType.SQS, raise_on_entire_batch_failure=False),
    )


@app.on_dynamodb_record(stream_arn=STREAM_OF_INCIDENTS)
def publish_alerts(event: DynamoDBEvent) -> PartialItemFailureResponse:
    """Tell the units of each new timeline event; the shard comes again from the first that failed."""
    return process_partial_response(
        event=event.to_dict(),
        record_handler=_publish_alert,
        processor=LoggedBatch(EventType.DynamoDBStreams, raise_on_entire_batch_failure=False),
    )


@app.on_dynamodb_record(stream_arn=STREAM_OF_INCIDENTS, batch_size=5)
def keep_evidence(event: DynamoDBEvent) -> PartialItemFailureResponse:
    """Keep what shows the incidents that something happened to, and the pictures that somebody asked for."""
    return process_partial_response(
        event=event.to_dict(),
        record_handler=_keep_evidence,
        processor=LoggedBatch(EventType.DynamoDBStreams, raise_on_entire_batch_failure=False),
    )


@app.schedule(Rate(1, unit=Rate.MINUTES))
def sweep(event: CloudWatchEvent) -> dict[str, int]:  # noqa: ARG001 - Chalice passes it
    """End what has gone quiet, and take the steps that are due."""
    return asdict(bootstrap.sweep()())


@app.schedule(Cron(15, 17, "*", "*", "?", "*"))
def report_yesterday(event: CloudWatchEvent) -> dict[str, int]:  # noqa: ARG001 - Chalice passes it
    """Report the day that ended in Vietnam a quarter of an hour ago."""
    return {"incidents": bootstrap.report_day()().total, "traffic_steps": bootstrap.report_traffic()()}


@app.schedule(Rate(1, unit=Rate.MINUTES))
def keep_watchlist(event: CloudWatchEvent) -> dict[str, int]:  # noqa: ARG001 - Chalice passes it
    """Erase what has ended, enrol new photographs, and publish who may be searched for."""
    from chalicelib import bootstrap_vision  # noqa: PLC0415 - the other functions must not load onnxruntime and OpenCV

    return bootstrap_vision.keep_watchlist()


@app.schedule(Rate(1, unit=Rate.HOURS))
def keep_the_law(event: CloudWatchEvent) -> dict[str, int]:  # noqa: ARG001 - Chalice passes it
    """Anchor the audit of a day that is over, and delete what may not be kept any longer."""
    return {**bootstrap_law.keep_the_law(), "requests_answered": bootstrap_subjects.erase_subjects()()}


def _take_frames(record: SQSRecord) -> None:
    from chalicelib import bootstrap_vision  # noqa: PLC0415 - the other functions must not load onnxruntime and OpenCV

    bootstrap_vision.take_frames()(record.message_id, record.body)


def _read_recorded(record: SQSRecord) -> None:
    from chalicelib import bootstrap_vision  # noqa: PLC0415 - as above

    message = parse_recorded_message(record.body)
    bootstrap_vision.read_recorded()(message.run, message.frames)


def _publish_alert(record: DynamoDBRecord) -> None:
    event = parse_timeline_record(record.raw_event["dynamodb"].get("NewImage", {}))
    if event is not None:
        bootstrap.publish_alert()(event)


def _keep_evidence(record: DynamoDBRecord) -> None:
    from chalicelib import bootstrap_vision  # noqa: PLC0415 - the other functions must not load onnxruntime and OpenCV

    incident_id, item = parse_keys(record.raw_event["dynamodb"]["Keys"])
    camera_id = requested_camera(incident_id, item)
    keep = bootstrap_vision.keep_evidence()
    if camera_id is None:
        keep(incident_id)
    else:
        keep.photograph(camera_id)
