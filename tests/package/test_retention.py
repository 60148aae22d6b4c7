"""One table says how long each class of data is kept; what S3 and DynamoDB delete by themselves agrees with it."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.retention import RETENTION, DataClass
from chalicelib.store.cameras import HEARTBEAT_KEPT, TRACKER_KEPT, TRAFFIC_KEPT
from tests.package.conftest import Package

pytestmark = pytest.mark.xdist_group("package")

EXPIRES = {
    ("FramesBucket", "frames/"): DataClass.FRAMES,
    ("EvidenceBucket", "cameras/"): DataClass.FRAMES,
    ("ReportsBucket", "recorded/"): DataClass.RECORDED,
    ("ReportsBucket", "daily/"): DataClass.REPORTS,
    ("ReportsBucket", "traffic/"): DataClass.REPORTS,
    ("AccessLogsBucket", ""): DataClass.ACCESS_LOGS,
}
"""What S3 deletes by itself."""


def expiring(package: Package) -> dict[tuple[str, str], int]:
    """Days by bucket and prefix of every lifecycle rule that deletes what is current."""
    found = {}
    for bucket, resource in package.of_type("AWS::S3::Bucket").items():
        for rule in resource["Properties"]["LifecycleConfiguration"]["Rules"]:
            if "ExpirationInDays" in rule:
                found[bucket, rule.get("Prefix", "")] = _days(package, rule["ExpirationInDays"])
    return found


def test_every_expiry_in_the_template_is_one_of_the_table(package: Package) -> None:
    """A rule that isn't in EXPIRES deletes something that the table says nothing of."""
    found = expiring(package)
    assert found.keys() == EXPIRES.keys()
    assert {place: timedelta(days=days) for place, days in found.items()} == {
        place: RETENTION[data_class].keep for place, data_class in EXPIRES.items()
    }


def test_whatever_functions_write_into_the_bucket_of_reports_expires(package: Package) -> None:
    """Else a new kind of report would be kept for ever, and nothing would say so."""
    written = {
        resource["Fn::Sub"].removeprefix("${ReportsBucket.Arn}/").removesuffix("*")
        for role in package.of_type("AWS::IAM::Role").values()
        for policy in role["Properties"]["Policies"]
        for right in policy["PolicyDocument"]["Statement"]
        for resource in (right["Resource"] if isinstance(right["Resource"], list) else [right["Resource"]])
        if "s3:PutObject" in right["Action"] and "${ReportsBucket.Arn}" in resource.get("Fn::Sub", "")
    }
    assert written == {prefix for bucket, prefix in expiring(package) if bucket == "ReportsBucket"}


def test_the_audit_is_locked_for_as_long_as_it_is_kept(package: Package) -> None:
    locked = package.properties("AuditBucket")["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]["Days"]
    assert timedelta(days=_days(package, locked)) == RETENTION[DataClass.AUDIT].keep


def test_what_is_held_or_is_the_ledger_is_never_deleted_by_dynamodb_itself(package: Package) -> None:
    """A time to live knows no hold: incidents, entries and authorisations go by the purge or not at all."""
    for table in ("IncidentsTable", "LawTable"):
        assert "TimeToLiveSpecification" not in package.properties(table)


def test_readings_live_no_longer_than_the_table_says() -> None:
    keep = RETENTION[DataClass.READINGS].keep
    assert keep is not None
    assert max(HEARTBEAT_KEPT, TRACKER_KEPT, TRAFFIC_KEPT) <= keep


def test_biometrics_have_no_second_copy(package: Package) -> None:
    bucket = package.properties("BiometricsBucket")
    assert "VersioningConfiguration" not in bucket
    assert "ReplicationConfiguration" not in bucket


@pytest.mark.parametrize("data_class", DataClass)
def test_each_term_says_why(data_class: DataClass) -> None:
    assert len(RETENTION[data_class].why.split()) >= 6


def _days(package: Package, value: Any) -> int:
    if isinstance(value, dict):
        value = package.template["Parameters"][value["Ref"]]["Default"]
    return int(value)
