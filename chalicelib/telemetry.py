"""The one logger, tracer and set of metrics. Nothing personal goes in: frames by key, people not at all."""

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit

from chalicelib.domain.frames import parse_frame_key
from chalicelib.errors import FrameRejected

SERVICE = "matpho"

logger = Logger(service=SERVICE)
tracer = Tracer(service=SERVICE)
metrics = Metrics(namespace=SERVICE, service=SERVICE)


class TelemetryLedger:
    """Accounts for frames in the log, a line each, and in one metric an outcome.

    The line names camera and hour of capture, so that the account can be drawn up for each: a camera is no dimension
    of the metric, because five hundred of them would cost more than all the frames.
    """

    def note(self, key: str, *, outcome: str, reason: str = "") -> None:
        logger.info("frame settled", extra={"frame": key, "outcome": outcome, "reason": reason, **_camera_hour(key)})
        metrics.add_metric(name=f"frames_{outcome}", unit=MetricUnit.Count, value=1)


def _camera_hour(key: str) -> dict[str, str]:
    try:
        frame = parse_frame_key(key, 0)
    except FrameRejected:
        return {}
    return {"camera": frame.camera_id, "hour": f"{frame.captured_at_utc:%Y-%m-%dT%H}"}
