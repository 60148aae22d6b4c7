"""Makes the local cloud's resources out of the template that is deployed.

Moto's CloudFormation creates queues, tables, buckets and topics, and passes over a bucket's notifications, lifecycle
and versioning and a table's time to live. Those are applied through boto3 from the same template;
tests/e2e/test_moto_gaps.py fails when moto learns one of them, so that its part here can go. Policies are left out:
nobody's rights are checked on a laptop.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import boto3

from chalicelib.domain.city import CityPack
from chalicelib.store.biometrics import SNAPSHOT_KEY
from chalicelib.store.mandates import MANDATE_KEY
from chalicelib.store.packs import pack_to_json
from local.template import (
    Template,
    environment_of_functions,
    intrinsics,
    output_name,
    read_template,
    resolve,
    resources,
)

STACK = "matpho-dev"
CITY_KEY = "city/current.json"


@dataclass(frozen=True, slots=True)
class Stack:
    """What was created: physical ids by logical id, and the environment that the functions get."""

    physical_ids: Mapping[str, str]
    environment: Mapping[str, str]


def provision(template: Template | None = None) -> Stack:
    """Create every resource of the template that is not a function, as it would be deployed."""
    template = template or read_template()
    ours = {name: one for name, one in resources(template).items() if not one["Type"].endswith("Policy")}
    variables = environment_of_functions(template)
    physical_ids, outputs = create_stack(template, ours, wanted=[ours, variables])
    for name, resource in ours.items():
        apply = _PASSED_OVER.get(resource["Type"])
        if apply:
            apply(physical_ids[name], resolve(resource["Properties"], outputs))
    return Stack(physical_ids, resolve(variables, outputs))


def create_stack(template: Template, ours: Mapping[str, Any], *, wanted: Any) -> tuple[dict[str, str], dict[str, str]]:
    """Have CloudFormation create resources; returns their physical ids, and outputs for the intrinsics in `wanted`."""
    body = {
        "Parameters": template.get("Parameters", {}),
        "Conditions": template.get("Conditions", {}),
        "Resources": ours,
        "Outputs": {output_name(one): {"Value": one} for one in intrinsics(wanted)},
    }
    cloudformation = boto3.client("cloudformation")
    cloudformation.create_stack(StackName=STACK, TemplateBody=json.dumps(body))
    described = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    outputs = {one["OutputKey"]: one["OutputValue"] for one in described.get("Outputs", [])}
    created = cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]
    return {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in created}, outputs


def put_config(stack: Stack, pack: CityPack) -> None:
    """Put the city pack where the functions look for it."""
    boto3.client("s3").put_object(
        Bucket=stack.environment["MATPHO_CONFIG_BUCKET"], Key=CITY_KEY, Body=pack_to_json(pack)
    )


def put_watchlist(stack: Stack, watchlist: bytes, mandate: bytes) -> None:
    """Put a snapshot of the watchlist, and what allows to search it, where the functions look for them."""
    s3, names = boto3.client("s3"), stack.environment
    s3.put_object(Bucket=names["MATPHO_BIOMETRICS_BUCKET"], Key=SNAPSHOT_KEY, Body=watchlist)
    s3.put_object(Bucket=names["MATPHO_CONFIG_BUCKET"], Key=MANDATE_KEY, Body=mandate)


def _complete_bucket(name: str, properties: Mapping[str, Any]) -> None:
    s3 = boto3.client("s3")
    if "VersioningConfiguration" in properties:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=properties["VersioningConfiguration"])
    if "LifecycleConfiguration" in properties:
        rules = list(map(_lifecycle_rule, properties["LifecycleConfiguration"]["Rules"]))
        s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
    if "NotificationConfiguration" in properties:
        queues = list(_queue_notifications(properties["NotificationConfiguration"]))
        s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration={"QueueConfigurations": queues})
        for queue in queues:
            _forget_greeting(queue["QueueArn"])


def _forget_greeting(queue_arn: str) -> None:
    """S3's test event is no frame, and nothing to load models for, or to fail at where there are none.

    It is alone in a new queue. Not purged: that is allowed once in a minute, and whoever uses the city may want to.
    """
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=queue_arn.rsplit(":", 1)[-1])["QueueUrl"]
    for greeting in sqs.receive_message(QueueUrl=url).get("Messages", ()):
        sqs.delete_message(QueueUrl=url, ReceiptHandle=greeting["ReceiptHandle"])


def _complete_table(name: str, properties: Mapping[str, Any]) -> None:
    if "TimeToLiveSpecification" in properties:
        boto3.client("dynamodb").update_time_to_live(
            TableName=name, TimeToLiveSpecification=properties["TimeToLiveSpecification"]
        )


def _lifecycle_rule(rule: Mapping[str, Any]) -> Any:
    """CloudFormation's spelling of a lifecycle rule in the API's."""
    expiration = {"Expiration": {"Days": int(rule["ExpirationInDays"])}} if "ExpirationInDays" in rule else {}
    return {
        "ID": rule["Id"],
        "Status": rule["Status"],
        "Filter": {"Prefix": rule.get("Prefix", "")},
        "AbortIncompleteMultipartUpload": rule["AbortIncompleteMultipartUpload"],
        **expiration,
    }


def _queue_notifications(configuration: Mapping[str, Any]) -> Iterator[Any]:
    """CloudFormation's spelling of a bucket's notifications in the API's."""
    for one in configuration["QueueConfigurations"]:
        rules = one["Filter"]["S3Key"]["Rules"]
        yield {"QueueArn": one["Queue"], "Events": [one["Event"]], "Filter": {"Key": {"FilterRules": rules}}}


_PASSED_OVER = {"AWS::S3::Bucket": _complete_bucket, "AWS::DynamoDB::Table": _complete_table}
