"""What Lambda's event sources make of messages and records before they hand them to a function."""

import base64
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from local.cloud import REGION

_ACCOUNT = "123456789012"
"""The account that moto plays."""

Event = dict[str, Any]


def sqs_event(messages: Iterable[Mapping[str, Any]], *, queue_arn: str) -> Event:
    """Received messages as one invocation, in the spelling of Lambda instead of the API's."""
    return {"Records": [_sqs_record(message, queue_arn) for message in messages]}


def queue_arn(url: str) -> str:
    """The ARN of a queue, read off its URL to spare a call."""
    account, name = url.split("/")[-2:]
    return f"arn:aws:sqs:{REGION}:{account}:{name}"


def stream_event(records: Iterable[Mapping[str, Any]], *, stream_arn: str) -> Event:
    """Records of a DynamoDB stream as one invocation: JSON, with binary in base64 and times as seconds."""
    source = {"eventSource": "aws:dynamodb", "eventSourceARN": stream_arn}
    event: Event = json.loads(json.dumps({"Records": [{**one, **source} for one in records]}, default=_plain))
    return event


def schedule_event(at_utc: datetime) -> Event:
    """One tick of a schedule."""
    return {
        "version": "0",
        "id": f"tick-{at_utc:%Y%m%dT%H%M%S}",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": _ACCOUNT,
        "time": f"{at_utc:%Y-%m-%dT%H:%M:%SZ}",
        "region": REGION,
        "resources": [],
        "detail": {},
    }


def matches(pattern: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Whether a record passes a filter of an event source: exact values and `prefix`, which is what ours uses."""
    for name, wanted in pattern.items():
        value = record.get(name)
        if isinstance(wanted, Mapping):
            if not isinstance(value, Mapping) or not matches(wanted, value):
                return False
        elif not any(_is_or_begins(value, one) for one in wanted):
            return False
    return True


def failed_ids(answer: Any) -> frozenset[str]:
    """The items that a function's partial-batch answer asks to have again."""
    return frozenset(failure["itemIdentifier"] for failure in (answer or {}).get("batchItemFailures", ()))


def _sqs_record(message: Mapping[str, Any], queue_arn: str) -> Event:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "md5OfBody": message["MD5OfBody"],
        "attributes": message["Attributes"],
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": REGION,
    }


def _is_or_begins(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, Mapping):
        return isinstance(value, str) and value.startswith(wanted["prefix"])
    return bool(value == wanted)


def _plain(value: Any) -> Any:
    return value.timestamp() if isinstance(value, datetime) else base64.b64encode(value).decode()
