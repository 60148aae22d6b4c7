"""Portraits, templates and the snapshot that is searched, in one bucket under one key of their own.

The bucket keeps no old versions: what is overwritten or deleted is gone.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from chalicelib.errors import NotFound
from chalicelib.store.aws_errors import aws_codes, aws_errors

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_s3 import S3Client

SNAPSHOT_KEY = "watchlists/current.npz"
PORTRAITS = "portraits"
TEMPLATES = "templates"
REVIEWS = "reviews"
"""What whoever judges a candidate is shown of an entry: the face alone, no larger than a face in a frame."""

_OF_ENTRIES = (PORTRAITS, TEMPLATES, REVIEWS)


def review_key(entry_id: str, name: str) -> str:
    return f"{REVIEWS}/{entry_id}/{name}"


class S3Biometrics:
    """The Biometrics of a deployment."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def portraits(self, entry_id: str) -> tuple[str, ...]:
        return tuple(key.rpartition("/")[2] for key in self._keys(f"{PORTRAITS}/{entry_id}/"))

    def portrait(self, entry_id: str, name: str) -> bytes:
        return self._read(f"{PORTRAITS}/{entry_id}/{name}")

    def keep_template(self, entry_id: str, name: str, template: bytes) -> None:
        self._write(f"{TEMPLATES}/{entry_id}/{name}", template)

    def keep_review(self, entry_id: str, name: str, crop: bytes) -> None:
        self._write(review_key(entry_id, name), crop)

    def templates(self, entry_id: str) -> Mapping[str, bytes]:
        return {key.rpartition("/")[2]: self._read(key) for key in self._keys(f"{TEMPLATES}/{entry_id}/")}

    def entries(self) -> frozenset[str]:
        keys = (key for folder in _OF_ENTRIES for key in self._keys(f"{folder}/"))
        return frozenset(key.split("/")[1] for key in keys)

    def erase(self, entry_id: str) -> None:
        for folder in _OF_ENTRIES:
            for key in self._keys(f"{folder}/{entry_id}/"):
                with aws_errors(f"erase {key!r}"):
                    self._client.delete_object(Bucket=self._bucket, Key=key)

    def publish(self, snapshot: bytes) -> None:
        self._write(SNAPSHOT_KEY, snapshot)

    def _keys(self, prefix: str) -> Iterator[str]:
        with aws_errors(f"list {prefix!r}"):
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix):
                yield from (listed["Key"] for listed in page.get("Contents", []))

    def _read(self, key: str) -> bytes:
        with aws_errors(f"read {key!r}"):
            try:
                return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
            except ClientError as error:
                if aws_codes(error)[0] == "NoSuchKey":
                    raise NotFound(f"no such portrait or template: {key!r}") from error
                raise

    def _write(self, key: str, body: bytes) -> None:
        with aws_errors(f"write {key!r}"):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=body)
