"""What is deployed: asserted on the very template that `chalice package` makes."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from chalicelib.settings import Settings
from chalicelib.store import models
from tests.package.conftest import Package

pytestmark = pytest.mark.xdist_group("package")

FUNCTIONS = ("AnalyseFrames", "PublishAlerts", "Sweep", "APIHandler")


def test_linter_finds_nothing_wrong_with_the_template(package: Package) -> None:
    """Every reference leads somewhere and every property is one that CloudFormation and SAM know."""
    command = [str(Path(sys.executable).parent / "cfn-lint"), "--", str(package.template_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_value_carries_two_intrinsics(package: Package) -> None:
    """Chalice's merge joins an intrinsic of ours to one of its own, which CloudFormation refuses."""
    assert [one for one in _dicts(package.template) if _has_intrinsic(one) and len(one) > 1] == []


def test_functions_are_those_of_the_app(package: Package) -> None:
    assert set(package.functions) == set(FUNCTIONS)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_gets_every_setting(package: Package, function: str) -> None:
    """A function reads all its settings, so one that is missing stops it; where models lie has a default."""
    shared = package.template["Globals"]["Function"]["Environment"]["Variables"]
    given = {*shared, *package.functions[function]["Environment"]["Variables"]}
    wanted = {f"MATPHO_{field.name.upper()}" for field in fields(Settings)} - {"MATPHO_MODELS_DIR"}
    assert wanted <= given


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_setting_is_given_both_by_the_config_and_by_the_template(package: Package, function: str) -> None:
    shared = package.template["Globals"]["Function"]["Environment"]["Variables"]
    assert not shared.keys() & package.functions[function]["Environment"]["Variables"].keys()


def test_frames_queue_outlasts_six_tries_of_the_function(package: Package) -> None:
    """AWS asks for six times the function's timeout, or a frame comes again while it is worked on."""
    timeout_s = package.functions["AnalyseFrames"]["Timeout"]
    assert package.properties("FramesQueue")["VisibilityTimeout"] >= 6 * timeout_s


def test_frames_that_keep_failing_are_dead_lettered_and_kept_longer_than_the_rest(package: Package) -> None:
    queue, dead = package.properties("FramesQueue"), package.properties("FramesDeadLetters")
    assert queue["RedrivePolicy"] == {
        "deadLetterTargetArn": {"Fn::GetAtt": ["FramesDeadLetters", "Arn"]},
        "maxReceiveCount": 5,
    }
    assert dead["MessageRetentionPeriod"] > queue["MessageRetentionPeriod"]


def test_function_listens_to_the_queue_that_the_bucket_feeds(package: Package) -> None:
    """The event source knows the queue by name only, so the names must be the same for the packaged stage."""
    stage = package.template["Parameters"]["Stage"]["Default"]
    name = package.properties("FramesQueue")["QueueName"]["Fn::Sub"].replace("${Stage}", stage)
    assert _source(package, "AnalyseFrames")["Queue"]["Fn::Sub"].endswith(f":{name}")
    (notification,) = package.properties("FramesBucket")["NotificationConfiguration"]["QueueConfigurations"]
    assert notification["Queue"] == {"Fn::GetAtt": ["FramesQueue", "Arn"]}
    assert package.template["Resources"]["AnalyseFrames"]["DependsOn"] == "FramesQueue"


def test_only_the_frames_bucket_may_feed_the_queue(package: Package) -> None:
    allowed = [one for one in _statements(package.properties("FramesQueuePolicy")) if one["Effect"] == "Allow"]
    (statement,) = allowed
    bucket = package.properties("FramesBucket")["BucketName"]["Fn::Sub"]
    assert statement["Condition"]["ArnEquals"]["aws:SourceArn"]["Fn::Sub"].endswith(f":::{bucket}")
    assert package.template["Resources"]["FramesBucket"]["DependsOn"] == "FramesQueuePolicy"


@pytest.mark.parametrize("function", ["AnalyseFrames", "PublishAlerts"])
def test_only_what_failed_of_a_batch_comes_again(package: Package, function: str) -> None:
    """Chalice has no word for it, and without it one bad frame brings nine good ones back."""
    assert _source(package, function)["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_alerts_are_read_from_the_stream_of_the_incidents_table(package: Package) -> None:
    """A plain string of app.py is replaced by one intrinsic, from the first event on, and given up to a queue."""
    source = _source(package, "PublishAlerts")
    assert source["Stream"] == {"Fn::GetAtt": ["IncidentsTable", "StreamArn"]}
    assert source["StartingPosition"] == "TRIM_HORIZON"
    assert source["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": ["AlertsDeadLetters", "Arn"]}
    assert package.properties("IncidentsTable")["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}


def test_only_timeline_events_wake_the_publisher(package: Package) -> None:
    (one,) = _source(package, "PublishAlerts")["FilterCriteria"]["Filters"]
    item = json.loads(one["Pattern"])["dynamodb"]["Keys"]["item"]
    assert item == {"S": [{"prefix": models.EVENT_PREFIX}]}


@pytest.mark.parametrize("bucket", ["FramesBucket", "ConfigBucket"])
def test_buckets_are_encrypted_private_and_kept(package: Package, bucket: str) -> None:
    properties = package.properties(bucket)
    (rule,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] in {"AES256", "aws:kms"}
    assert list(properties["PublicAccessBlockConfiguration"].values()) == [True] * 4
    assert package.template["Resources"][bucket]["DeletionPolicy"] == "Retain"


@pytest.mark.parametrize(
    "policy", ["FramesBucketPolicy", "ConfigBucketPolicy", "FramesQueuePolicy", "AlertsTopicPolicy"]
)
def test_nothing_is_taken_that_does_not_come_over_tls(package: Package, policy: str) -> None:
    denied = [one for one in _statements(package.properties(policy)) if one["Effect"] == "Deny"]
    assert [one["Condition"] for one in denied] == [{"Bool": {"aws:SecureTransport": "false"}}]


def test_frames_expire_after_three_days(package: Package) -> None:
    (rule,) = package.properties("FramesBucket")["LifecycleConfiguration"]["Rules"]
    assert (rule["Prefix"], rule["Status"], rule["ExpirationInDays"]) == (
        "frames/",
        "Enabled",
        {"Ref": "FramesKeptDays"},
    )
    assert package.template["Parameters"]["FramesKeptDays"]["Default"] == 3


@pytest.mark.parametrize(
    ("table", "model"),
    [
        ("CamerasTable", models.CameraItem),
        ("IncidentsTable", models.IncidentItem),
        ("RejectionsTable", models.RejectionItem),
    ],
)
def test_tables_have_the_keys_that_the_models_use(package: Package, table: str, model: Any) -> None:
    properties = package.properties(table)
    schema = model._get_schema()
    assert _pairs(properties["KeySchema"]) == _pairs(schema["key_schema"])
    indexes = {one["IndexName"]: _pairs(one["KeySchema"]) for one in properties.get("GlobalSecondaryIndexes", [])}
    wanted = schema.get("global_secondary_indexes") or []
    assert indexes == {one["index_name"]: _pairs(one["key_schema"]) for one in wanted}
    assert _pairs(properties["AttributeDefinitions"]) == _pairs(schema["attribute_definitions"])
    assert ("TimeToLiveSpecification" in properties) == (model._ttl_attribute() is not None)


def test_tables_are_encrypted_kept_and_can_be_wound_back(package: Package) -> None:
    for table in package.of_type("AWS::DynamoDB::Table").values():
        assert table["Properties"]["BillingMode"] == "PAY_PER_REQUEST"
        assert table["Properties"]["SSESpecification"] == {"SSEEnabled": True}
        assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["DeletionPolicy"] == "Retain"


def test_queues_and_topic_are_encrypted(package: Package) -> None:
    assert all(one["Properties"]["SqsManagedSseEnabled"] for one in package.of_type("AWS::SQS::Queue").values())
    assert package.properties("AlertsTopic")["KmsMasterKeyId"]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_roles_name_the_actions_and_resources_they_need(package: Package, function: str) -> None:
    """A star stands only where AWS takes nothing else: traces, and looking for streams."""
    role = package.properties(package.functions[function]["Role"]["Fn::GetAtt"][0])
    statements = [one for policy in role["Policies"] for one in policy["PolicyDocument"]["Statement"]]
    assert not [action for one in statements for action in one["Action"] if "*" in action]
    starred = {action for one in statements if one["Resource"] == "*" for action in one["Action"]}
    assert starred <= {"xray:PutTraceSegments", "xray:PutTelemetryRecords", "dynamodb:ListStreams"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_logs_expire_and_only_cloudformation_makes_them(package: Package, function: str) -> None:
    """A function that could create its log group would do so first, and the stack would fail on its own."""
    groups = {
        one["Properties"]["LogGroupName"]["Fn::Sub"]: one for one in package.of_type("AWS::Logs::LogGroup").values()
    }
    assert groups[f"/aws/lambda/${{{function}}}"]["Properties"]["RetentionInDays"] == 30
    assert "logs:CreateLogGroup" not in json.dumps(package.template)


def _source(package: Package, function: str) -> dict[str, Any]:
    (source,) = package.functions[function]["Events"].values()
    properties: dict[str, Any] = source["Properties"]
    return properties


def _statements(properties: dict[str, Any]) -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = properties["PolicyDocument"]["Statement"]
    return statements


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _dicts(part)


def _has_intrinsic(value: dict[str, Any]) -> bool:
    return any(key == "Ref" or key.startswith("Fn::") for key in value)


def _pairs(definitions: list[dict[str, str]]) -> set[tuple[str, ...]]:
    """Keys or attributes in whatever order they are written."""
    return {tuple(one[name] for name in sorted(one)) for one in definitions}
