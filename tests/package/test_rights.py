"""What each function may do, asserted on its role in the template: who doesn't need a right doesn't have it."""

import json
from typing import Any

import pytest

from tests.package.conftest import FUNCTIONS, Package

pytestmark = pytest.mark.xdist_group("package")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_roles_name_the_actions_and_resources_they_need(package: Package, function: str) -> None:
    """A star stands only where AWS takes nothing else: traces, and looking for streams."""
    statements = _rights(package, function)
    assert not [action for one in statements for action in one["Action"] if "*" in action]
    starred = {action for one in statements if one["Resource"] == "*" for action in one["Action"]}
    assert starred <= {"xray:PutTraceSegments", "xray:PutTelemetryRecords", "dynamodb:ListStreams"}


@pytest.mark.parametrize(
    ("sid", "functions"),
    [
        ("PublishAlerts", {"PublishAlerts"}),
        ("ReadFrames", {"AnalyseFrames", "AnalyseRecorded", "KeepEvidence"}),
        ("KeepPictures", {"KeepEvidence"}),
        ("SealOriginals", {"KeepEvidence"}),
        ("LendPicturesAndOriginals", {"APIHandler"}),
        ("UnsealPictures", {"APIHandler"}),
        ("ErasePictures", {"KeepTheLaw"}),
        ("ReadTheWatchlist", {"AnalyseFrames"}),
        ("EnrolAndErase", {"KeepWatchlist"}),
        ("LendPhotographUploads", {"APIHandler"}),
        ("LendUploads", {"APIHandler"}),
        ("ReadAndChangeTheCity", {"APIHandler"}),
        ("WriteTheAudit", {"AnalyseFrames", "APIHandler", "KeepWatchlist", "KeepTheLaw"}),
        ("AnchorTheAudit", {"KeepTheLaw"}),
        ("EraseIncidents", {"KeepTheLaw"}),
        ("ReleaseHeldFrames", {"KeepTheLaw"}),
        ("RecordRejections", {"AnalyseFrames"}),
        ("TakeFramesFromTheQueue", {"AnalyseFrames"}),
        ("ReadTheIncidentsStream", {"PublishAlerts", "KeepEvidence"}),
        ("TakeRecordedFrames", {"AnalyseRecorded"}),
        ("WriteDailyReports", {"ReportYesterday"}),
    ],
)
def test_only_who_needs_a_right_has_it(package: Package, sid: str, functions: set[str]) -> None:
    """Each function has a role of its own, so what one may do the others may not."""
    having = {name for name in FUNCTIONS if any(one["Sid"] == sid for one in _rights(package, name))}
    assert having == functions


def test_what_looks_at_recorded_frames_can_open_no_incident_and_alert_nobody(package: Package) -> None:
    """Whatever the code does: ADR 0008."""
    services = {action.partition(":")[0] for one in _rights(package, "AnalyseRecorded") for action in one["Action"]}
    assert not services & {"dynamodb", "sns"}


def test_who_keeps_evidence_knows_nobody_and_can_open_nothing_it_sealed(package: Package) -> None:
    rights = _rights(package, "KeepEvidence")
    assert "Biometrics" not in json.dumps(rights)
    sealed = {action for one in rights if "Seal" in json.dumps(one["Resource"]) for action in one["Action"]}
    assert sealed == {"s3:PutObject", "kms:GenerateDataKey"}
    tables = {action for one in rights if "Table" in json.dumps(one["Resource"]) for action in one["Action"]}
    assert not tables & {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}


def test_api_can_read_no_photograph_and_no_template(package: Package) -> None:
    """What it can't read it can't show, whatever its code does. Who judges a candidate sees small crops (ADR 0019)."""
    touching = [one for one in _rights(package, "APIHandler") if "Biometrics" in json.dumps(one["Resource"])]
    reading = [one["Resource"] for one in touching if "s3:GetObject" in one["Action"]]
    assert reading == [{"Fn::Sub": "${BiometricsBucket.Arn}/reviews/*"}]
    assert {action for one in touching for action in one["Action"]} == {
        *("s3:PutObject", "s3:GetObject"),
        *("kms:GenerateDataKey", "kms:Decrypt"),
    }


def test_api_deletes_nothing_but_copies_that_a_lifted_hold_kept(package: Package) -> None:
    """An erasure that somebody orders over the API is done by the function that may."""
    deleting = [one for one in _rights(package, "APIHandler") if any("Delete" in action for action in one["Action"])]
    assert [one["Resource"] for one in deleting] == [{"Fn::Sub": "${FramesBucket.Arn}/held/*"}]


def test_no_role_deletes_or_updates_a_record_of_the_audit(package: Package) -> None:
    """What is put over another is told by its chain, and by the anchor that no role can replace."""
    touching = [one for name in FUNCTIONS for one in _rights(package, name) if "AuditTable" in json.dumps(one)]
    assert {action for one in touching for action in one["Action"]} == {"dynamodb:Query", "dynamodb:PutItem"}
    vault = [one for name in FUNCTIONS for one in _rights(package, name) if "AuditBucket" in json.dumps(one)]
    assert {action for one in vault for action in one["Action"]} == {"s3:GetObject", "s3:PutObject", "s3:ListBucket"}


def test_only_who_writes_under_the_key_encrypts_and_nobody_administers_it(package: Package) -> None:
    rights = {
        name: {action for one in _rights(package, name) for action in one["Action"] if action.startswith("kms:")}
        for name in FUNCTIONS
    }
    writing = ("PublishAlerts", "AnalyseRecorded", "ReportYesterday", "APIHandler", "KeepWatchlist", "KeepTheLaw")
    for name in (*writing, "KeepEvidence"):
        assert rights.pop(name) == {"kms:Decrypt", "kms:GenerateDataKey"}
    assert rights.pop("Authorise") == set()
    assert all(actions == {"kms:Decrypt"} for actions in rights.values())


def _rights(package: Package, function: str) -> list[dict[str, Any]]:
    role = package.properties(package.functions[function]["Role"]["Fn::GetAtt"][0])
    return [one for policy in role["Policies"] for one in policy["PolicyDocument"]["Statement"]]
