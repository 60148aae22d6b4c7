"""Feed recorded frames to their own queue: listed from S3, a little at a time, and never in the way of live ones.

A run's place is an object beside what it found, so that anybody can go on with it from any machine.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from chalicelib.domain.frame_bundles import named_after
from chalicelib.domain.frames import parse_frame_key
from chalicelib.errors import FrameRejected
from chalicelib.store.aws_errors import aws_errors
from chalicelib.store.recorded import FOLDER, RecordedMessage

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_s3 import S3Client

FRAMES_A_MESSAGE = 10
"""Analysed in a few seconds, so that a message that comes again costs little."""

Listed = tuple[str, int]
"""A frame's key and its size in bytes."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which frames: keys that begin with `prefix`, captured from `since_utc` on and before `until_utc`."""

    prefix: str
    since_utc: datetime | None = None
    until_utc: datetime | None = None

    def covers(self, key: str) -> bool:
        """Whether a key is that of a wanted frame, or of a bundle whose first is; other objects are passed over."""
        try:
            captured_at_utc = parse_frame_key(named_after(key), 0).captured_at_utc
        except FrameRejected:
            return False
        if self.since_utc is not None and captured_at_utc < self.since_utc:
            return False
        return self.until_utc is None or captured_at_utc < self.until_utc


class Place:
    """How far a run has come with the frames that were wanted: the last key that was queued."""

    def __init__(self, client: "S3Client", bucket: str, run: str, wanted: Wanted) -> None:
        self._client = client
        self._bucket = bucket
        self._key = f"{FOLDER}/{run}.{hashlib.sha256(repr(wanted).encode()).hexdigest()[:16]}.place"

    def read(self) -> str:
        """The last key queued; empty at the beginning, as every key comes after that."""
        with aws_errors("read the place of a run"):
            try:
                return self._client.get_object(Bucket=self._bucket, Key=self._key)["Body"].read().decode()
            except self._client.exceptions.NoSuchKey:
                return ""

    def move(self, key: str) -> None:
        with aws_errors("keep the place of a run"):
            self._client.put_object(Bucket=self._bucket, Key=self._key, Body=key.encode())


def list_frames(client: "S3Client", bucket: str, wanted: Wanted, *, after: str) -> Iterator[Listed]:
    """The wanted frames in the order of their keys, which is a camera's order in time."""
    with aws_errors(f"list {wanted.prefix!r}"):
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=wanted.prefix, StartAfter=after)
        for page in pages:
            yield from ((one["Key"], one["Size"]) for one in page.get("Contents", []) if wanted.covers(one["Key"]))


def feed(
    run: str, frames: Iterator[Listed], place: Place, *, send: Callable[[str], None], wait_for_room: Callable[[], None]
) -> Iterator[int]:
    """Queue frames message by message, each when there is room; gives the number of frames of each message.

    The place moves after a message was sent: dying between the two sends it again, which writes the same findings.
    """
    while message := tuple(islice(frames, FRAMES_A_MESSAGE)):
        wait_for_room()
        send(RecordedMessage(run=run, frames=message).model_dump_json())
        place.move(message[-1][0])
        yield len(message)
