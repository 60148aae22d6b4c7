"""What every ReportStore promises: the last of a name is what people open, in the form it was written."""

import pytest

from chalicelib.store.fakes import FakeReportStore
from chalicelib.store.reports import S3ReportStore
from tests.store.conftest import BUCKET, Cloud

pytestmark = pytest.mark.xdist_group("store")


@pytest.mark.parametrize("kind", ["fake", "moto"])
def test_a_report_replaces_the_one_of_its_name(kind: str, request: pytest.FixtureRequest) -> None:
    fake = FakeReportStore()
    cloud: Cloud | None = request.getfixturevalue("cloud") if kind == "moto" else None
    store = S3ReportStore(cloud.s3, BUCKET) if cloud else fake
    store.put("daily/1.csv", b"old", media_type="text/plain")
    store.put("daily/1.csv", "mới".encode(), media_type="text/csv")
    if cloud:
        answer = cloud.s3.get_object(Bucket=BUCKET, Key="daily/1.csv")
        found = answer["Body"].read(), answer["ContentType"]
    else:
        found = fake.reports["daily/1.csv"]
    assert found == ("mới".encode(), "text/csv")
