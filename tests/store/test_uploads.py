"""A form that S3 takes: what is posted with it lies where its key says."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import boto3
import urllib3
from botocore.config import Config

from chalicelib.store.biometrics import S3Biometrics
from chalicelib.store.uploads import S3PortraitDesk, S3UploadDesk
from local.cloud import running_cloud

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
KEY = "frames/tv-1/2026/03/01/080000000Z-1.jpg"


def test_frame_that_is_posted_with_the_form_is_in_the_bucket() -> None:
    with running_cloud() as url:
        s3 = boto3.client("s3", endpoint_url=url, config=Config(signature_version="s3v4"))
        s3.create_bucket(Bucket="frames", CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
        grant = S3UploadDesk(s3, "frames", clock=lambda: NOW).grant("tv-1", lives=timedelta(minutes=15))
        assert grant.expires_at_utc == NOW + timedelta(minutes=15)
        assert urlsplit(grant.url).netloc == urlsplit(url).netloc
        fields: dict[str, Any] = {**grant.fields, "key": KEY, "file": ("1.jpg", b"a picture")}
        answer = urllib3.request("POST", grant.url, fields=fields)
        assert answer.status < 300
        assert s3.get_object(Bucket="frames", Key=KEY)["Body"].read() == b"a picture"


def test_photograph_that_is_posted_with_the_form_lies_under_its_entry() -> None:
    with running_cloud() as url:
        s3 = boto3.client("s3", endpoint_url=url, config=Config(signature_version="s3v4"))
        s3.create_bucket(Bucket="biometrics", CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
        desk = S3PortraitDesk(s3, "biometrics", clock=lambda: NOW)
        grant = desk.grant("e1", "0a.jpg", lives=timedelta(minutes=15))
        answer = urllib3.request("POST", grant.url, fields={**grant.fields, "file": ("an.jpg", b"a face")})
        assert answer.status < 300
        assert S3Biometrics(s3, "biometrics").portraits("e1") == ("0a.jpg",)
