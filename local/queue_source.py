"""Lambda's event source for a queue: batches in, partial failures back, dead letters in the end.

Nothing waits: what failed is visible again at once, so a replay sees in seconds what takes a deployment an hour.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3

from local import events

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

_BATCH = 10


@dataclass(slots=True)
class QueueSource:
    """Delivers a queue's messages to a function; the queue's own redrive policy says how often."""

    url: str
    dead_letters_url: str
    invoke: Callable[[events.Event], Any]
    _sqs: "SQSClient"

    def deliver(self) -> None:
        """Deliver until the queue is empty: each message taken, or dead-lettered."""
        more = True
        while more:
            messages = self._receive()
            failed = self._invoke(messages)
            self._delete([one for one in messages if one["MessageId"] not in failed])
            self._release([one for one in messages if one["MessageId"] in failed])
            more = bool(failed) or len(messages) == _BATCH

    def dead(self) -> int:
        """How many messages are dead-lettered."""
        name: Any = "ApproximateNumberOfMessages"
        answer = self._sqs.get_queue_attributes(QueueUrl=self.dead_letters_url, AttributeNames=[name])
        return int(answer["Attributes"][name])

    def _receive(self) -> "list[MessageTypeDef]":
        answer = self._sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=_BATCH, AttributeNames=["All"])
        return answer.get("Messages", [])

    def _invoke(self, messages: "Sequence[MessageTypeDef]") -> frozenset[str]:
        if not messages:
            return frozenset()
        return events.failed_ids(self.invoke(events.sqs_event(messages, queue_arn=events.queue_arn(self.url))))

    def _delete(self, messages: "Sequence[MessageTypeDef]") -> None:
        if messages:
            self._sqs.delete_message_batch(QueueUrl=self.url, Entries=[_entry(one) for one in messages])

    def _release(self, messages: "Sequence[MessageTypeDef]") -> None:
        if messages:
            entries: Any = [{**_entry(one), "VisibilityTimeout": 0} for one in messages]
            self._sqs.change_message_visibility_batch(QueueUrl=self.url, Entries=entries)


def queue_source(url: str, dead_letters_url: str, invoke: Callable[[events.Event], Any]) -> QueueSource:
    return QueueSource(url, dead_letters_url, invoke, boto3.client("sqs"))


def _entry(message: Mapping[str, Any]) -> Any:
    return {"Id": message["MessageId"], "ReceiptHandle": message["ReceiptHandle"]}
