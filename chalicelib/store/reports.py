"""What is made for people, as objects that a browser or a spreadsheet opens."""

from typing import TYPE_CHECKING

from chalicelib.store.aws_errors import aws_errors

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_s3 import S3Client


class S3ReportStore:
    """The ReportStore of a deployment."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, name: str, body: bytes, *, media_type: str) -> None:
        with aws_errors(f"write report {name!r}"):
            self._client.put_object(Bucket=self._bucket, Key=name, Body=body, ContentType=media_type)
