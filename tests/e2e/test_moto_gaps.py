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


def test_a_streams_iterator_still_reads_a_table_that_a_rolled_back_transaction_left_behind() -> None:
    """Moto 5.2: then local/stream_source.py needs no new iterator for each look."""
    with running_cloud():
        iterator = _iterator_of_a_table_with_a_stream()
        dynamodb: Any = boto3.client("dynamodb")
        impossible = {"Item": {"id": {"S": "never"}}, "TableName": "t", "ConditionExpression": "attribute_exists(id)"}
        with pytest.raises(dynamodb.exceptions.TransactionCanceledException):
            dynamodb.transact_write_items(TransactItems=[{"Put": impossible}])
        dynamodb.put_item(TableName="t", Item={"id": {"S": "after"}})
        streams: Any = boto3.client("dynamodbstreams")
        assert not streams.get_records(ShardIterator=iterator)["Records"]


def _iterator_of_a_table_with_a_stream() -> str:
    dynamodb: Any = boto3.client("dynamodb")
    dynamodb.create_table(
        TableName="t",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )
    stream_arn = dynamodb.describe_table(TableName="t")["Table"]["LatestStreamArn"]
    streams: Any = boto3.client("dynamodbstreams")
    shard = streams.describe_stream(StreamArn=stream_arn)["StreamDescription"]["Shards"][0]["ShardId"]
    position = {"StreamArn": stream_arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
    iterator: str = streams.get_shard_iterator(**position)["ShardIterator"]
    return iterator
