"""The cloud itself: what others see of it, and what it leaves behind."""

import os

import boto3
import pytest

from local.cloud import REGION, running_cloud

pytestmark = pytest.mark.xdist_group("city")


def test_what_this_process_makes_is_there_for_those_who_join_by_url() -> None:
    with running_cloud() as url:
        boto3.client("sqs").create_queue(QueueName="shared")
        joined = boto3.client("sqs", endpoint_url=url, region_name=REGION)
        assert [one.rpartition("/")[2] for one in joined.list_queues()["QueueUrls"]] == ["shared"]


def test_a_second_cloud_starts_empty_and_the_environment_is_put_back() -> None:
    before = dict(os.environ)
    with running_cloud():
        boto3.client("sqs").create_queue(QueueName="old")
    with running_cloud():
        assert "QueueUrls" not in boto3.client("sqs").list_queues()
    assert dict(os.environ) == before
