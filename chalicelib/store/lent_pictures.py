"""Presigned addresses of S3: whoever has one sees that one picture for minutes, and nothing else.

The cost: an address that was given can't be taken back, so an original's lives no longer than a page takes to load it.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.evidence import LentPicture
from chalicelib.store import evidence
from chalicelib.store.aws_errors import aws_errors
from chalicelib.store.biometrics import review_key
from chalicelib.store.ports import Clock

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_s3 import S3Client

LIVES = timedelta(minutes=5)
UNSEALED_LIVES = timedelta(minutes=2)

_NOT_KEPT: Mapping[str, str] = {"ResponseCacheControl": "private, no-store", "ResponseContentDisposition": "inline"}


class S3PictureDesk:
    """The PictureDesk of a deployment. Its role needs s3:GetObject on what it signs for, and both keys' kms:Decrypt."""

    def __init__(self, client: "S3Client", evidence_bucket: str, sealed_bucket: str, *, clock: Clock) -> None:
        self._client = client
        self._shown = evidence_bucket
        self._sealed = sealed_bucket
        self._clock = clock

    def redacted(self, incident_id: str, number: int) -> LentPicture:
        return self._lend(self._shown, evidence.redacted_key(incident_id, number), LIVES)

    def original(self, incident_id: str, number: int) -> LentPicture:
        return self._lend(self._sealed, evidence.sealed_key(incident_id, number), UNSEALED_LIVES)

    def face(self, incident_id: str, number: int) -> LentPicture:
        return self._lend(self._sealed, evidence.face_key(incident_id, number), UNSEALED_LIVES)

    def of_camera(self, camera_id: str) -> LentPicture:
        return self._lend(self._shown, evidence.camera_key(camera_id), LIVES)

    def _lend(self, bucket: str, key: str, lives: timedelta) -> LentPicture:
        return lend(self._client, bucket, key, lives=lives, clock=self._clock)


class S3ReviewDesk:
    """Lends a listed person's reference crop to who judges a candidate; its role reads reviews/ and nothing else."""

    def __init__(self, client: "S3Client", biometrics_bucket: str, *, clock: Clock) -> None:
        self._client = client
        self._bucket = biometrics_bucket
        self._clock = clock

    def reference(self, entry_id: str, name: str) -> LentPicture:
        return lend(self._client, self._bucket, review_key(entry_id, name), lives=UNSEALED_LIVES, clock=self._clock)


def lend(client: "S3Client", bucket: str, key: str, *, lives: timedelta, clock: Clock) -> LentPicture:
    """An address of one object; the key is in it, so it must never be written down."""
    expires_at_utc = clock() + lives
    with aws_errors("sign a picture"):
        url = client.generate_presigned_url(
            "get_object", Params={"Bucket": bucket, "Key": key, **_NOT_KEPT}, ExpiresIn=int(lives.total_seconds())
        )
    return LentPicture(url, expires_at_utc)
