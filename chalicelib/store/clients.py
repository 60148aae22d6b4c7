"""AWS clients that give up in time: a function must hear of a failure while it can still tell its queue.

The endpoint is botocore's affair: AWS_ENDPOINT_URL points every client, DynamoDB's too, at a local cloud.
"""

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns import SNSClient

CONNECT_TIMEOUT_S = 2
READ_TIMEOUT_S = 5
MAX_RETRIES = 3

_CONFIG = Config(
    connect_timeout=CONNECT_TIMEOUT_S,
    read_timeout=READ_TIMEOUT_S,
    retries={"mode": "standard", "total_max_attempts": 1 + MAX_RETRIES},
)


def s3_client() -> "S3Client":
    return boto3.client("s3", config=_CONFIG)


def s3_signer() -> "S3Client":
    """For forms that others upload with: they must name the bucket's own region, and botocore's default does not.

    Unless told, it signs forms by a scheme that S3 no longer takes for new buckets, for an address that redirects.
    """
    addressed = Config(signature_version="s3v4", s3={"addressing_style": "virtual"})
    return boto3.client("s3", config=_CONFIG.merge(addressed))


def sns_client() -> "SNSClient":
    return boto3.client("sns", config=_CONFIG)
