"""Runs over recorded frames: the message that asks for a look, and the observations as objects in the reports bucket.

One object a message, named after its frames, so that a message delivered twice writes the same object again.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from chalicelib.domain.recorded import RecordedBatch
from chalicelib.errors import InvalidInput
from chalicelib.store.aws_errors import aws_errors
from chalicelib.store.documents import RECORDED

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_s3 import S3Client

FOLDER = "recorded"


class RecordedMessage(BaseModel):
    """A look asked for: the frames of a run, each with its size in bytes."""

    run: str
    frames: tuple[tuple[str, int], ...]


def parse_recorded_message(body: str) -> RecordedMessage:
    """Read a message; raises InvalidInput on anything that ops.replay didn't write."""
    try:
        return RecordedMessage.model_validate_json(body)
    except ValidationError as error:
        raise InvalidInput(f"not a message about recorded frames: {body[:80]!r}") from error


class S3RecordedStore:
    """The RecordedStore of a deployment."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, batch: RecordedBatch) -> None:
        key = f"{FOLDER}/{batch.run}/{_name([frame.key for frame in batch.frames])}.json"
        with aws_errors(f"write {key!r}"):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=RECORDED.dump(batch).encode())

    def read(self, run: str) -> Iterator[RecordedBatch]:
        with aws_errors(f"read run {run!r}"):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=f"{FOLDER}/{run}/"
            )
            for page in pages:
                for listed in page.get("Contents", []):
                    body = self._client.get_object(Bucket=self._bucket, Key=listed["Key"])["Body"]
                    yield RECORDED.load(body.read().decode())


def _name(keys: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]
