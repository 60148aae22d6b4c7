"""Frames that a legal hold keeps: copies beside the others, where no lifecycle rule reaches and nothing is analysed."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from chalicelib.store.aws_errors import aws_codes, aws_errors

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectTypeDef

HELD = "held"
_GONE = {"NoSuchKey", "404"}


class S3HeldFrames:
    """The HeldFrames of a deployment."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def keep(self, hold_id: str, keys: Iterable[str]) -> int:
        return sum(self._copy(hold_id, key) for key in keys)

    def release(self, hold_id: str) -> None:
        with aws_errors(f"release the frames of hold {hold_id!r}"):
            for listed in self._listed(f"{HELD}/{hold_id}/"):
                self._client.delete_object(Bucket=self._bucket, Key=listed["Key"])

    def made_between(self, from_utc: datetime, until_utc: datetime) -> tuple[str, ...]:
        last: dict[str, datetime] = {}
        with aws_errors("list the frames of holds"):
            for listed in self._listed(f"{HELD}/"):
                hold_id, made_at_utc = listed["Key"].split("/")[1], listed["LastModified"]
                last[hold_id] = max(made_at_utc, last.get(hold_id, made_at_utc))
        return tuple(one for one, made_at_utc in last.items() if from_utc <= made_at_utc < until_utc)

    def _listed(self, prefix: str) -> "Iterator[ObjectTypeDef]":
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        return (listed for page in pages for listed in page.get("Contents", []))

    def _copy(self, hold_id: str, key: str) -> bool:
        with aws_errors(f"hold {key!r}"):
            try:
                self._client.copy_object(
                    Bucket=self._bucket, Key=f"{HELD}/{hold_id}/{key}", CopySource={"Bucket": self._bucket, "Key": key}
                )
            except ClientError as error:
                if aws_codes(error)[0] in _GONE:
                    return False
                raise
        return True
