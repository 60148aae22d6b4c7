"""Alerts through one SNS topic: each unit's subscription filters on the attribute `units`, so routes never meet SNS.

CAP and NGSI-LD don't fit in a message that SNS forms by protocol; the CloudEvent says where to get them.
"""

import json
from typing import TYPE_CHECKING

from chalicelib.domain.alerts.cloud_event import cloud_event_json, to_json
from chalicelib.domain.alerts.model import Alert
from chalicelib.domain.alerts.texts import email, sms, subject_line
from chalicelib.errors import InvalidInput
from chalicelib.store.aws_errors import aws_errors

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef

MAX_MESSAGE_BYTES = 262_144
"""Of the body and the attributes together: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html"""
MAX_SUBJECT_CHARACTERS = 99
"""SNS wants fewer than 100, all of them ASCII."""


class SnsAlertBus:
    """The AlertBus of a deployment. CloudEvents JSON is the default; SMS and e-mail get texts of their own."""

    def __init__(self, client: "SNSClient", topic_arn: str, *, console_url: str = "") -> None:
        self._client = client
        self._topic_arn = topic_arn
        self._console_url = console_url

    def publish(self, alert: Alert) -> None:
        """As the port says; raises InvalidInput for an alert that is larger than SNS ever takes."""
        texts = {"sms": sms(alert), "email": email(alert, console_url=self._console_url)}
        message = to_json({"default": cloud_event_json(alert), **texts})
        attributes = _attributes(alert)
        _check_size(alert, message, attributes)
        with aws_errors(f"publish alert {alert.id!r}"):
            self._client.publish(
                TopicArn=self._topic_arn,
                MessageStructure="json",
                Message=message,
                Subject=subject_line(alert)[:MAX_SUBJECT_CHARACTERS],
                MessageAttributes=attributes,
            )


def _attributes(alert: Alert) -> "dict[str, MessageAttributeValueTypeDef]":
    texts = {"kind": alert.kind, "severity": alert.severity, "area": alert.area.id, "type": alert.type.value}
    units: MessageAttributeValueTypeDef = {"DataType": "String.Array", "StringValue": json.dumps(alert.audience)}
    return {"units": units, **{name: {"DataType": "String", "StringValue": text} for name, text in texts.items()}}


def _check_size(alert: Alert, message: str, attributes: "dict[str, MessageAttributeValueTypeDef]") -> None:
    size_bytes = len(message.encode()) + len(json.dumps(attributes))
    if size_bytes > MAX_MESSAGE_BYTES:
        raise InvalidInput(f"alert {alert.id!r} is too large for the bus: {size_bytes} bytes of {MAX_MESSAGE_BYTES}")
