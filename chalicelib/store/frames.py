"""Frames in S3; one that is too large is refused before its bytes cross the network."""

from contextlib import closing
from typing import TYPE_CHECKING

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

    def read(self, frame: FrameRef) -> bytes:
        """As the port says; raises FrameRejected `too_many_bytes`, too, by the larger of the two sizes told."""
        self._check_size(frame.size_bytes)
        with aws_errors(f"read frame {frame.key!r}"):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=frame.key)
            except self._client.exceptions.NoSuchKey as error:
                raise FrameRejected("missing", repr(frame.key)) from error
            with closing(answer["Body"]) as body:  # its own `with` would not notice that bytes are missing
                self._check_size(answer["ContentLength"])
                return body.read()

    def _check_size(self, size_bytes: int) -> None:
        if size_bytes > self._max_bytes:
            raise FrameRejected("too_many_bytes", f"{size_bytes} of {self._max_bytes}")
