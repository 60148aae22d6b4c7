"""What a deployment reads from S3 over and over: kept in memory, asked for anew now and then, kept on when S3 fails.

The cost: a new version takes effect within `recheck_after`, not at once.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from botocore.exceptions import ClientError

from chalicelib.errors import InvalidInput, Misconfigured, Transient
from chalicelib.store.aws_errors import aws_codes, aws_errors
from chalicelib.store.ports import Clock

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_s3 import S3Client

T = TypeVar("T")

RECHECK_AFTER = timedelta(minutes=1)

_MISSING = "NoSuchKey"
_NOT_MODIFIED = "304"
_NO_ETAG = '"none"'
_log = logging.getLogger(__name__)


class CachedObject(Generic[T]):
    """One S3 object as the value `parse` makes of its bytes; `parse` raises InvalidInput on what doesn't hold.

    The role needs s3:ListBucket, or S3 calls a missing object forbidden.
    """

    def __init__(
        self,
        client: "S3Client",
        bucket: str,
        key: str,
        parse: Callable[[bytes], T],
        *,
        clock: Clock,
        recheck_after: timedelta = RECHECK_AFTER,
    ) -> None:
        self._client = client
        self._bucket = bucket
        self._key = key
        self._parse = parse
        self._clock = clock
        self._recheck_after = recheck_after
        self._etag = _NO_ETAG
        self._value: T | None = None
        self._known_at: datetime | None = None

    def current(self) -> T | None:
        """The newest value that is known, None when there is no such object.

        Before the first answer it raises Transient when S3 fails and Misconfigured when the object doesn't hold;
        later either keeps the last good value, with a warning.
        """
        now = self._clock()
        if self._known_at is None or now - self._known_at >= self._recheck_after:
            self._refresh()
            self._known_at = now
        return self._value

    def _refresh(self) -> None:
        try:
            self._fetch()
        except (Transient, Misconfigured) as error:
            if self._known_at is None:
                raise
            _log.warning("keeping what was last known of %s: %s", self._key, error)

    def _fetch(self) -> None:
        with aws_errors(f"read {self._key!r}"):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=self._key, IfNoneMatch=self._etag)
            except ClientError as error:
                self._accept(error)
                return
            data = answer["Body"].read()
        self._value, self._etag = self._hold(data), answer["ETag"]

    def _accept(self, error: ClientError) -> None:
        """Take the two refusals that are answers."""
        code = aws_codes(error)[0]
        if code == _MISSING:
            self._value, self._etag = None, _NO_ETAG
        elif code != _NOT_MODIFIED:
            raise error

    def _hold(self, data: bytes) -> T:
        try:
            return self._parse(data)
        except InvalidInput as error:
            raise Misconfigured(f"object {self._key!r} doesn't hold: {error}") from error
