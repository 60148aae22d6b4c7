"""A camera's frames around a moment, found by their keys: days are folders and times sort as they passed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.frame_bundles import is_bundle_key
from chalicelib.domain.frames import FrameRef, parse_frame_key
from chalicelib.errors import FrameRejected
from chalicelib.store.aws_errors import aws_errors
from chalicelib.store.ports import FrameStore

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_s3 import S3Client

LONGEST_BUNDLE = timedelta(minutes=10)
"""A bundle lies under the time of its first frame."""

_Listed = tuple[str, int]


class S3Film:
    """The Film of a deployment. Its role needs s3:ListBucket on the frames."""

    def __init__(self, client: "S3Client", bucket: str, frames: FrameStore) -> None:
        self._client = client
        self._bucket = bucket
        self._frames = frames

    def between(self, camera_id: str, from_utc: datetime, until_utc: datetime) -> Iterator[FrameRef]:
        for listed in self._listed(camera_id, from_utc, until_utc):
            yield from self._within(listed, from_utc, until_utc)

    def back(self, camera_id: str, from_utc: datetime, until_utc: datetime) -> Iterator[FrameRef]:
        for listed in reversed(list(self._listed(camera_id, from_utc, until_utc))):
            yield from reversed(list(self._within(listed, from_utc, until_utc)))

    def _listed(self, camera_id: str, from_utc: datetime, until_utc: datetime) -> Iterator[_Listed]:
        """Every object that may hold a frame of that time, day by day."""
        since, until = (one.astimezone(UTC) for one in (from_utc - LONGEST_BUNDLE, until_utc))
        for day in range((until.date() - since.date()).days + 1):
            folder = f"frames/{camera_id}/{since.date() + timedelta(days=day):%Y/%m/%d}/"
            after = f"{folder}{since:%H%M%S}" if day == 0 else folder
            for key, size_bytes in self._keys(folder, after):
                if key >= f"frames/{camera_id}/{until:%Y/%m/%d/%H%M%S}~":
                    return
                yield key, size_bytes

    def _keys(self, folder: str, after: str) -> Iterator[_Listed]:
        with aws_errors(f"list {folder!r}"):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=folder, StartAfter=after
            )
            for page in pages:
                yield from ((listed["Key"], listed["Size"]) for listed in page.get("Contents", []))

    def _within(self, listed: _Listed, from_utc: datetime, until_utc: datetime) -> Iterator[FrameRef]:
        """The frames of one object that were captured in time; none of what was rejected."""
        try:
            frames = self._frames.open_bundle(*listed) if is_bundle_key(listed[0]) else (listed,)
            refs = [parse_frame_key(*one) for one in frames]
        except FrameRejected:
            return
        yield from (ref for ref in refs if from_utc < ref.captured_at_utc < until_utc)
