"""A pack comes into force as a whole: its version first, the one in force last and only if nobody else was faster."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from moto import mock_aws
from mypy_boto3_s3 import S3Client

from chalicelib.errors import Conflict
from chalicelib.store.clients import s3_client
from chalicelib.store.pack_source import PACK_KEY
from chalicelib.store.pack_versions import S3PackVersions
from chalicelib.store.packs import pack_from_json, pack_to_json
from chalicelib.store.ports import PackInForce
from city.reading import read_pack
from tests.store.conftest import REGION

PACK = read_pack(Path(__file__).parents[2] / "city" / "testville")
BUCKET = "city-packs"


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Client]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        client = s3_client()
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield client


@pytest.fixture
def versions(s3: S3Client) -> S3PackVersions:
    return S3PackVersions(s3, BUCKET)


def stored(s3: S3Client) -> dict[str, bytes]:
    keys = [one["Key"] for one in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]
    return {key: s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys}


def test_before_the_first_there_is_none(versions: S3PackVersions) -> None:
    assert versions.in_force() == PackInForce(None, None)


def test_a_version_that_was_in_force_is_found_by_its_name(versions: S3PackVersions) -> None:
    assert versions.version(PACK.version) is None
    versions.replace(versions.in_force(), PACK)
    versions.replace(versions.in_force(), replace(PACK, version="2+ab"))
    assert versions.version(PACK.version) == PACK


def test_each_version_stays_and_the_newest_holds(s3: S3Client, versions: S3PackVersions) -> None:
    newer = replace(PACK, version="2+ab", name_en="Newville")
    versions.replace(versions.in_force(), PACK)
    versions.replace(versions.in_force(), newer)
    assert versions.in_force().pack == newer
    assert {key: pack_from_json(body).version for key, body in stored(s3).items()} == {
        f"city/versions/{PACK.version}.json": PACK.version,
        "city/versions/2+ab.json": "2+ab",
        PACK_KEY: "2+ab",
    }


@pytest.mark.parametrize("first", [False, True], ids=["the second pack", "the very first pack"])
def test_of_two_who_apply_at_once_one_is_told(versions: S3PackVersions, *, first: bool) -> None:
    if not first:
        versions.replace(versions.in_force(), PACK)
    known = versions.in_force()
    versions.replace(known, replace(PACK, version="mine"))
    with pytest.raises(Conflict, match="somebody else applied a city pack meanwhile"):
        versions.replace(known, replace(PACK, version="yours"))
    in_force = versions.in_force().pack
    assert in_force is not None
    assert in_force.version == "mine"


def test_a_broken_pack_in_force_can_be_replaced(s3: S3Client, versions: S3PackVersions) -> None:
    s3.put_object(Bucket=BUCKET, Key=PACK_KEY, Body=b"{")
    known = versions.in_force()
    assert (known.pack, known.broken[:19]) == (None, "pack: invalid JSON:")
    versions.replace(known, PACK)
    assert stored(s3)[PACK_KEY] == pack_to_json(PACK)
