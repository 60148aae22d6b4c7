"""Frames in S3; one that is too large is refused before its bytes cross the network."""

from collections.abc import Mapping
from contextlib import closing
from typing import TYPE_CHECKING

from chalicelib.domain.frame_bundles import bundle_key, read_bundle
from chalicelib.domain.frames import FrameRef
from chalicelib.errors import FrameRejected
from chalicelib.store.aws_errors import aws_errors

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_s3 import S3Client

MAX_FRAME_BYTES = 20_000_000
"""What vision would refuse anyway, known here without importing it."""


class S3FrameStore:
    """The FrameStore of a deployment. Its role needs s3:ListBucket too, or S3 calls a missing frame forbidden."""

    def __init__(self, client: "S3Client", bucket: str, *, max_bytes: int = MAX_FRAME_BYTES) -> None:
        self._client = client
        self._bucket = bucket
        self._max_bytes = max_bytes
        self._opened: tuple[str, Mapping[str, bytes]] = "", {}

    def read(self, frame: FrameRef) -> bytes:
        """As the port says; raises FrameRejected `too_many_bytes`, too, by the larger of the two sizes told."""
        bundle = bundle_key(frame.key)
        if bundle is None:
            return self._fetch(frame.key, frame.size_bytes)
        if self._opened[0] != bundle:
            self.open_bundle(bundle, frame.size_bytes)
        frames = self._opened[1]
        if frame.key not in frames:
            raise FrameRejected("missing", repr(frame.key))
        return frames[frame.key]

    def open_bundle(self, key: str, size_bytes: int) -> tuple[tuple[str, int], ...]:
        """As the port says; the last one opened is held in memory, and opening it again fetches it anew."""
        frames = read_bundle(key, self._fetch(key, size_bytes))
        self._opened = key, frames
        return tuple((frame_key, len(data)) for frame_key, data in frames.items())

    def _fetch(self, key: str, size_bytes: int) -> bytes:
        self._check_size(size_bytes)
        with aws_errors(f"read frame {key!r}"):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=key)
            except self._client.exceptions.NoSuchKey as error:
                raise FrameRejected("missing", repr(key)) from error
            with closing(answer["Body"]) as body:  # its own `with` would not notice that bytes are missing
                self._check_size(answer["ContentLength"])
                return body.read()

    def _check_size(self, size_bytes: int) -> None:
        if size_bytes > self._max_bytes:
            raise FrameRejected("too_many_bytes", f"{size_bytes} of {self._max_bytes}")
