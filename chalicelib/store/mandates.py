"""The mandate as an object that analysers read by its ETag.

Published with a condition on what was published before: of two who decide at once the later sees the other's decision,
so a withdrawal can't be lost behind an approval.
"""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from pydantic import TypeAdapter, ValidationError

from chalicelib.domain.mandate import Mandate
from chalicelib.errors import InvalidInput
from chalicelib.store.aws_errors import aws_codes, aws_errors

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_s3 import S3Client

MANDATE_KEY = "law/mandate.json"

_MANDATE = TypeAdapter(Mandate)


def mandate_to_json(mandate: Mandate) -> bytes:
    return _MANDATE.dump_json(mandate)


def mandate_from_json(data: bytes) -> Mandate:
    """Read a mandate; raises InvalidInput naming what doesn't hold."""
    try:
        return _MANDATE.validate_json(data)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise InvalidInput(f"not a mandate, at {place!r}") from error


class S3MandateBoard:
    """The MandateBoard of a deployment."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def seen(self) -> str:
        with aws_errors("look for the mandate"):
            try:
                return self._client.head_object(Bucket=self._bucket, Key=MANDATE_KEY)["ETag"]
            except ClientError as error:
                if aws_codes(error)[0] == "404":
                    return ""
                raise

    def put(self, mandate: Mandate, *, seen: str) -> None:
        body = mandate_to_json(mandate)
        with aws_errors("publish the mandate"):
            if seen:
                self._client.put_object(Bucket=self._bucket, Key=MANDATE_KEY, Body=body, IfMatch=seen)
            else:
                self._client.put_object(Bucket=self._bucket, Key=MANDATE_KEY, Body=body, IfNoneMatch="*")
