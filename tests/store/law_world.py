"""The law's stores in memory and on moto, for tests that hold both to one contract."""

from dataclasses import dataclass

from mypy_boto3_s3 import S3Client

from chalicelib.domain.authorisations import Authorisation
from chalicelib.domain.retention import Hold
from chalicelib.domain.subject_requests import SubjectRequest
from chalicelib.domain.watchlists import Entry
from chalicelib.store.audit import DynamoAuditLog, S3AuditVault
from chalicelib.store.biometrics import S3Biometrics
from chalicelib.store.deeds import authorisation_store, entry_store, hold_store, request_store
from chalicelib.store.law_fakes import (
    FakeAuditLog,
    FakeAuditVault,
    FakeBiometrics,
    FakeDeedStore,
    FakeMandateBoard,
)
from chalicelib.store.law_models import AuditItem, LawItem
from chalicelib.store.law_ports import AuditLog, AuditVault, Biometrics, DeedStore, MandateBoard
from chalicelib.store.mandates import S3MandateBoard
from chalicelib.store.models import bind
from tests.store.conftest import REGION, Cloud

AUDIT_BUCKET, BUCKET = "audit", "law"


@dataclass(frozen=True)
class LawWorld:
    """One of each store."""

    log: AuditLog
    vault: AuditVault
    entries: DeedStore[Entry]
    authorisations: DeedStore[Authorisation]
    holds: DeedStore[Hold]
    requests: DeedStore[SubjectRequest]
    board: MandateBoard
    biometrics: Biometrics
    s3: S3Client | None = None

    def put_portrait(self, entry_id: str, name: str, data: bytes) -> None:
        """What a grant to upload does."""
        if self.s3:
            self.s3.put_object(Bucket=BUCKET, Key=f"portraits/{entry_id}/{name}", Body=data)
        else:
            assert isinstance(self.biometrics, FakeBiometrics)
            self.biometrics.photographs[entry_id, name] = data


def fake_law_world() -> LawWorld:
    return LawWorld(
        FakeAuditLog(),
        FakeAuditVault(),
        FakeDeedStore(),
        FakeDeedStore(),
        FakeDeedStore(),
        FakeDeedStore(),
        FakeMandateBoard(),
        FakeBiometrics(),
    )


def moto_law_world(cloud: Cloud) -> LawWorld:
    for model, table in ((AuditItem, "audit"), (LawItem, "law")):
        bind(model, table).create_table()
    for bucket, locked in ((AUDIT_BUCKET, True), (BUCKET, False)):
        cloud.s3.create_bucket(
            Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION}, ObjectLockEnabledForBucket=locked
        )
    return LawWorld(
        DynamoAuditLog("audit"),
        S3AuditVault(cloud.s3, AUDIT_BUCKET),
        entry_store("law"),
        authorisation_store("law"),
        hold_store("law"),
        request_store("law"),
        S3MandateBoard(cloud.s3, BUCKET),
        S3Biometrics(cloud.s3, BUCKET),
        cloud.s3,
    )
