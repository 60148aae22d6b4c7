"""Presigned POST forms of S3: whoever holds one can put frames of one camera, or one photograph, and read nothing.

The signature covers prefix, size and type; S3 holds uploads to it without asking us. The cost: a form that was given
can't be taken back, so it lives for minutes.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.uploads import UploadGrant
from chalicelib.store.aws_errors import aws_errors
from chalicelib.store.biometrics import PORTRAITS
from chalicelib.store.frames import MAX_FRAME_BYTES
from chalicelib.store.ports import Clock

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_s3 import S3Client

CONTENT_TYPE = "image/jpeg"
"""What every object is stored as; what its bytes really are, the analyser finds out for itself."""


class S3UploadDesk:
    """The UploadDesk of a deployment. Its role needs s3:PutObject on frames/ to sign for."""

    def __init__(self, client: "S3Client", bucket: str, *, clock: Clock) -> None:
        self._client = client
        self._bucket = bucket
        self._clock = clock

    def grant(self, camera_id: str, *, lives: timedelta) -> UploadGrant:
        prefix = f"frames/{camera_id}/"
        fields = {"Content-Type": CONTENT_TYPE}
        conditions = [fields, ["starts-with", "$key", prefix], ["content-length-range", 1, MAX_FRAME_BYTES]]
        expires_at_utc = self._clock() + lives
        with aws_errors(f"sign an upload for camera {camera_id!r}"):
            form = self._client.generate_presigned_post(
                Bucket=self._bucket,
                Key=f"{prefix}${{filename}}",
                Fields=fields,
                Conditions=conditions,
                ExpiresIn=int(lives.total_seconds()),
            )
        return UploadGrant(form["url"], form["fields"], prefix, expires_at_utc)


class S3PortraitDesk:
    """The PortraitDesk of a deployment. Its role needs s3:PutObject on portraits/ to sign for, and nothing to read."""

    def __init__(self, client: "S3Client", bucket: str, *, clock: Clock) -> None:
        self._client = client
        self._bucket = bucket
        self._clock = clock

    def grant(self, entry_id: str, name: str, *, lives: timedelta) -> UploadGrant:
        key, fields = f"{PORTRAITS}/{entry_id}/{name}", {"Content-Type": CONTENT_TYPE}
        expires_at_utc = self._clock() + lives
        with aws_errors(f"sign a photograph of entry {entry_id!r}"):
            form = self._client.generate_presigned_post(
                Bucket=self._bucket,
                Key=key,
                Fields=fields,
                Conditions=[fields, ["content-length-range", 1, MAX_FRAME_BYTES]],
                ExpiresIn=int(lives.total_seconds()),
            )
        return UploadGrant(form["url"], form["fields"], key, expires_at_utc)
