"""What moto's CloudFormation passes over; a failure here is good news: delete that part of local/provision.py."""

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from local.cloud import running_cloud
from local.provision import create_stack
from local.template import read_template, resources

pytestmark = pytest.mark.xdist_group("city")


@pytest.fixture(scope="module")
def physical_ids() -> Iterator[dict[str, str]]:
    """Buckets and tables as CloudFormation alone makes them."""
    template = read_template()
    ours = {**resources(template, "AWS::S3::Bucket"), **resources(template, "AWS::DynamoDB::Table")}
    named = {**resources(template, "AWS::SQS::Queue"), **resources(template, "AWS::KMS::Key")}
    with running_cloud():
        yield create_stack(template, {**ours, **named}, wanted=[])[0]


def _notifications(bucket: str) -> Any:
    return boto3.client("s3").get_bucket_notification_configuration(Bucket=bucket).get("QueueConfigurations")


def _lifecycle(bucket: str) -> Any:
    s3 = boto3.client("s3")
    try:
        return s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    except s3.exceptions.ClientError:
        return None


def _versioning(bucket: str) -> Any:
    return boto3.client("s3").get_bucket_versioning(Bucket=bucket).get("Status")


def _time_to_live(table: str) -> Any:
    answer = boto3.client("dynamodb").describe_time_to_live(TableName=table)
    return answer["TimeToLiveDescription"].get("AttributeName")


@pytest.mark.parametrize(
    ("resource", "read"),
    [
        pytest.param("FramesBucket", _notifications, id="a bucket's notifications"),
        pytest.param("FramesBucket", _lifecycle, id="a bucket's lifecycle"),
        pytest.param("ConfigBucket", _versioning, id="a bucket's versioning"),
        pytest.param("CamerasTable", _time_to_live, id="a table's time to live"),
    ],
)
def test_moto_still_passes_over(physical_ids: dict[str, str], resource: str, read: Callable[[str], Any]) -> None:
    assert not read(physical_ids[resource])
