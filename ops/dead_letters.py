"""The messages that a function gave up on: look at them without losing one, send them again, or set them aside.

SQS cannot browse, so whoever looks holds the letters for a while and lets go of those that stay. The cost: meanwhile
nobody else sees them, and each look counts as a delivery, which a queue of dead letters does not mind.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from chalicelib.errors import InvalidInput
from chalicelib.store.aws_errors import aws_errors
from chalicelib.store.frame_events import parse_frame_message

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

HOLD_S = 300
WAIT_S = 1
"""Only a poll that waits asks all of SQS's servers: one that doesn't may miss letters."""
BATCH = 10

_WAITING: Any = "ApproximateNumberOfMessages"
_IN_WORK: Any = "ApproximateNumberOfMessagesNotVisible"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that failed too often; `handle` is good while it is held."""

    id: str
    handle: str
    body: str
    sent_utc: datetime

    @property
    def frames(self) -> tuple[tuple[str, int], ...]:
        """Key and size in bytes of the frames it tells of; none when nobody can read it."""
        try:
            return parse_frame_message(self.body)
        except InvalidInput:
            return ()


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """How many messages wait, are being worked on, and were given up on; SQS counts approximately."""

    waiting: int
    in_work: int
    dead: int


class DeadLetters:
    """The dead letters of one queue, found by that queue's own redrive policy."""

    def __init__(self, client: "SQSClient", queue: str) -> None:
        self._client = client
        with aws_errors(f"find queue {queue!r}"):
            self._source_url = client.get_queue_url(QueueName=queue)["QueueUrl"]
            answer = client.get_queue_attributes(QueueUrl=self._source_url, AttributeNames=["RedrivePolicy"])
            policy = json.loads(answer["Attributes"]["RedrivePolicy"])
            self._url = client.get_queue_url(QueueName=policy["deadLetterTargetArn"].split(":")[-1])["QueueUrl"]

    @contextmanager
    def held(self, limit: int) -> Iterator[tuple[DeadLetter, ...]]:
        """Hold up to `limit` letters; those that are still there afterwards are everybody's again."""
        with aws_errors("hold dead letters"):
            letters = tuple(islice(self._receive(), limit))
        try:
            yield letters
        finally:
            with aws_errors("let go of dead letters"):
                self._release(letters)

    def count(self) -> QueueDepth:
        """How deep the queue and its dead letters are."""
        waiting, in_work = self._depth(self._source_url)
        return QueueDepth(waiting, in_work, dead=sum(self._depth(self._url)))

    def redrive(self, letter: DeadLetter) -> None:
        """Send a held letter to its queue again. Dying half-way sends it twice, and a frame twice is harmless."""
        with aws_errors(f"redrive {letter.id!r}"):
            self._client.send_message(QueueUrl=self._source_url, MessageBody=letter.body)
        self.drop(letter)

    def drop(self, letter: DeadLetter) -> None:
        """Forget a held letter."""
        with aws_errors(f"drop {letter.id!r}"):
            self._client.delete_message(QueueUrl=self._url, ReceiptHandle=letter.handle)

    def _depth(self, url: str) -> tuple[int, int]:
        with aws_errors("read the depth of a queue"):
            answer = self._client.get_queue_attributes(QueueUrl=url, AttributeNames=[_WAITING, _IN_WORK])
        return int(answer["Attributes"][_WAITING]), int(answer["Attributes"][_IN_WORK])

    def _receive(self) -> Iterator[DeadLetter]:
        while messages := self._client.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=BATCH,
            VisibilityTimeout=HOLD_S,
            WaitTimeSeconds=WAIT_S,
            AttributeNames=["SentTimestamp"],
        ).get("Messages"):
            yield from map(_letter, messages)

    def _release(self, letters: Sequence[DeadLetter]) -> None:
        """Let go; letters dropped meanwhile come back as refused, which is as it should be."""
        for start in range(0, len(letters), BATCH):
            held = enumerate(letters[start : start + BATCH])
            entries: Any = [{"Id": str(n), "ReceiptHandle": one.handle, "VisibilityTimeout": 0} for n, one in held]
            self._client.change_message_visibility_batch(QueueUrl=self._url, Entries=entries)


def _letter(message: "MessageTypeDef") -> DeadLetter:
    sent_utc = datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC)
    return DeadLetter(message["MessageId"], message["ReceiptHandle"], message["Body"], sent_utc)
