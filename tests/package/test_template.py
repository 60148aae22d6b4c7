"""What is deployed: asserted on the very template that `chalice package` makes."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from bench.cost.ways import BATCHES
from chalicelib.settings import Settings
from chalicelib.store import law_models, models
from tests.package.conftest import FUNCTIONS, Package

pytestmark = pytest.mark.xdist_group("package")

OWN_KEY = {"Fn::GetAtt": ["DataKey", "Arn"]}


def test_linter_finds_nothing_wrong_with_the_template(package: Package) -> None:
    """Every reference leads somewhere and every property is one that CloudFormation and SAM know."""
    command = [str(Path(sys.executable).parent / "cfn-lint"), "--", str(package.template_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_finding_of_the_audit_that_we_live_with_has_its_reason(package: Package) -> None:
    """`make audit` fails on any other."""
    resources = package.template["Resources"].values()
    skipped = [skip for one in resources for skip in one.get("Metadata", {}).get("checkov", {}).get("skip", [])]
    assert skipped
    assert all(len(skip["comment"].split()) >= 8 for skip in skipped)


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


@pytest.mark.parametrize(
    ("function", "queue"), [("AnalyseFrames", "FramesQueue"), ("AnalyseRecorded", "RecordedQueue")]
)
def test_queue_outlasts_six_tries_of_its_function(package: Package, function: str, queue: str) -> None:
    """AWS asks for six times the function's timeout, or a frame comes again while it is worked on."""
    assert package.properties(queue)["VisibilityTimeout"] >= 6 * package.functions[function]["Timeout"]


def test_function_may_run_as_often_as_the_queue_asks(package: Package) -> None:
    """Frames that are throttled count as received, and would be dead-lettered without ever being looked at."""
    for stage in package.template["Mappings"]["Stages"].values():
        assert stage["AnalysersReserved"] > stage["Analysers"]
    asked = {"Fn::FindInMap": ["Stages", {"Ref": "Stage"}, "Analysers"]}
    assert _source(package, "AnalyseFrames")["ScalingConfig"]["MaximumConcurrency"] == asked


def test_frames_are_gathered_as_the_bill_of_a_million_has_it(package: Package) -> None:
    source = _source(package, "AnalyseFrames")
    assert (source["BatchSize"], source["MaximumBatchingWindowInSeconds"]) == (BATCHES.objects_an_invocation, 1)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_function_can_take_the_whole_account(package: Package, function: str) -> None:
    assert "ReservedConcurrentExecutions" in package.functions[function]


@pytest.mark.parametrize("stage", ["prod", "staging", "dev"])
def test_quota_of_concurrency_that_a_stage_asks_for_is_the_one_that_is_told(package: Package, stage: str) -> None:
    numbers = package.template["Mappings"]["Stages"][stage]
    asked = [one["ReservedConcurrentExecutions"] for one in package.functions.values()]
    total = sum(one if isinstance(one, int) else numbers[one["Fn::FindInMap"][2]] for one in asked)
    told = (Path(__file__).parents[2] / "docs" / "deploy.md").read_text(encoding="utf-8")
    assert f"{total} in {stage}" in told


def test_layers_are_carried_by_those_that_need_them_only(package: Package) -> None:
    assert package.template["Globals"]["Function"]["Layers"] == [{"Ref": "RuntimeLayer"}]
    own = {name: one["Layers"] for name, one in package.functions.items() if "Layers" in one}
    seeing = [{"Ref": "VisionLayer"}, {"Ref": "ModelsLayer"}]
    judging = [{"Ref": "IdentityLayer"}]
    sees = ("AnalyseFrames", "AnalyseRecorded", "KeepWatchlist", "KeepEvidence")
    assert own == {**dict.fromkeys(sees, seeing), "Authorise": judging}


def test_layers_are_the_zips_beside_the_template(package: Package) -> None:
    for layer in package.of_type("AWS::Serverless::LayerVersion").values():
        assert (package.template_path.parent / layer["Properties"]["ContentUri"]).is_file()
        assert layer["Properties"]["CompatibleRuntimes"] == [package.functions["AnalyseFrames"]["Runtime"]]


def test_template_can_only_be_deployed_to_the_stage_it_was_packaged_for(package: Package) -> None:
    """Its event source names that stage's queue, so elsewhere it would listen to nothing, or to another stage."""
    assert package.template["Parameters"]["Stage"]["AllowedValues"] == ["dev"]


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


@pytest.mark.parametrize("function", ["AnalyseFrames", "AnalyseRecorded", "PublishAlerts", "KeepEvidence"])
def test_only_what_failed_of_a_batch_comes_again(package: Package, function: str) -> None:
    """Chalice has no word for it, and without it one bad frame brings nine good ones back."""
    assert _source(package, function)["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize(
    ("function", "dead"), [("PublishAlerts", "AlertsDeadLetters"), ("KeepEvidence", "EvidenceDeadLetters")]
)
def test_events_are_read_from_the_stream_of_the_incidents_table(package: Package, function: str, dead: str) -> None:
    """A plain string of app.py is replaced by one intrinsic, from the first event on, and given up to a queue."""
    source = _source(package, function)
    assert source["Stream"] == {"Fn::GetAtt": ["IncidentsTable", "StreamArn"]}
    assert source["StartingPosition"] == "TRIM_HORIZON"
    assert source["DestinationConfig"]["OnFailure"]["Destination"] == {"Fn::GetAtt": [dead, "Arn"]}
    assert source["BisectBatchOnFunctionError"]
    assert 0 < source["MaximumRetryAttempts"] <= 100
    assert package.properties("IncidentsTable")["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}


def test_only_timeline_events_wake_the_publisher(package: Package) -> None:
    (one,) = _source(package, "PublishAlerts")["FilterCriteria"]["Filters"]
    item = json.loads(one["Pattern"])["dynamodb"]["Keys"]["item"]
    assert item == {"S": [{"prefix": models.EVENT_PREFIX}]}


def test_only_timeline_events_and_requests_for_pictures_wake_who_keeps_evidence(package: Package) -> None:
    filters = [json.loads(one["Pattern"]) for one in _source(package, "KeepEvidence")["FilterCriteria"]["Filters"]]
    items = [one["dynamodb"]["Keys"]["item"]["S"] for one in filters]
    assert items == [[{"prefix": models.EVENT_PREFIX}], [models.PICTURE_REQUEST]]


def test_buckets_are_private_kept_and_clean_up_after_themselves(package: Package) -> None:
    buckets = package.of_type("AWS::S3::Bucket")
    names = {"Frames", "Config", "Reports", "Biometrics", "Evidence", "Sealed", "Audit", "AccessLogs"}
    assert buckets.keys() == {f"{name}Bucket" for name in names}
    for bucket in buckets.values():
        assert list(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == [True] * 4
        assert bucket["Properties"]["LifecycleConfiguration"]["Rules"]
        assert bucket["DeletionPolicy"] == bucket["UpdateReplacePolicy"] == "Retain"


@pytest.mark.parametrize(
    ("bucket", "algorithm"),
    [
        ("FramesBucket", "AES256"),
        ("AccessLogsBucket", "AES256"),
        ("ConfigBucket", "aws:kms"),
        ("ReportsBucket", "aws:kms"),
        ("AuditBucket", "aws:kms"),
        ("EvidenceBucket", "aws:kms"),
    ],
)
def test_buckets_are_encrypted_the_watchlist_and_the_audit_under_a_key_of_our_own(
    package: Package, bucket: str, algorithm: str
) -> None:
    (rule,) = package.properties(bucket)["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    encryption = rule["ServerSideEncryptionByDefault"]
    assert encryption["SSEAlgorithm"] == algorithm
    assert encryption.get("KMSMasterKeyID") == (OWN_KEY if algorithm == "aws:kms" else None)


def test_portraits_and_templates_lie_under_a_key_of_their_own_and_leave_no_old_versions(package: Package) -> None:
    bucket = package.properties("BiometricsBucket")
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"] == {"Fn::GetAtt": ["BiometricsKey", "Arn"]}
    assert "VersioningConfiguration" not in bucket
    assert package.properties("BiometricsKey")["EnableKeyRotation"]


def test_originals_are_sealed_under_a_key_of_their_own_and_leave_no_old_versions(package: Package) -> None:
    sealed = package.properties("SealedBucket")
    (rule,) = sealed["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"] == {"Fn::GetAtt": ["SealKey", "Arn"]}
    assert "VersioningConfiguration" not in sealed
    assert "VersioningConfiguration" not in package.properties("EvidenceBucket")
    assert package.properties("SealKey")["EnableKeyRotation"]


def test_key_is_renewed_every_year_and_outlives_the_stack(package: Package) -> None:
    assert package.properties("DataKey")["EnableKeyRotation"]
    assert package.template["Resources"]["DataKey"]["DeletionPolicy"] == "Retain"


def test_nobody_can_shorten_the_audit(package: Package) -> None:
    audit = package.properties("AuditBucket")
    assert audit["ObjectLockEnabled"]
    assert audit["VersioningConfiguration"] == {"Status": "Enabled"}
    retention = audit["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert retention == {
        "Mode": {"Fn::If": ["IsProd", "COMPLIANCE", "GOVERNANCE"]},
        "Days": {"Ref": "AuditKeptDays"},
    }


@pytest.mark.parametrize(
    ("kind", "policies", "refers"),
    [
        ("AWS::S3::Bucket", "AWS::S3::BucketPolicy", "Bucket"),
        ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "Queues"),
        ("AWS::SNS::Topic", "AWS::SNS::TopicPolicy", "Topics"),
    ],
    ids=["buckets", "queues", "topics"],
)
def test_nothing_is_taken_that_does_not_come_over_tls(package: Package, kind: str, policies: str, refers: str) -> None:
    """Every bucket, queue and topic has a policy of its own that says so: SQS takes one resource a statement."""
    guarded = []
    for policy in package.of_type(policies).values():
        denied = [one for one in _statements(policy["Properties"]) if one["Effect"] == "Deny"]
        assert [one["Condition"] for one in denied] == [{"Bool": {"aws:SecureTransport": "false"}}]
        named = policy["Properties"][refers]
        guarded += [one["Ref"] for one in (named if isinstance(named, list) else [named])]
    assert sorted(guarded) == sorted(package.of_type(kind))


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
        ("AuditTable", law_models.AuditItem),
        ("LawTable", law_models.LawItem),
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


def test_queues_and_topics_are_encrypted(package: Package) -> None:
    """Topics under our key: alarms may not publish under the one that AWS manages."""
    assert all(one["Properties"]["SqsManagedSseEnabled"] for one in package.of_type("AWS::SQS::Queue").values())
    assert [one["Properties"]["KmsMasterKeyId"] for one in package.of_type("AWS::SNS::Topic").values()] == [OWN_KEY] * 2


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
