"""The console in the deployment: its template, its content policy, and what a release puts where."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.template import read_template
from local.site import content_policy
from ops.release_console import release

TEMPLATE = Path(__file__).parents[2] / "infra" / "console.yaml"
BUCKET = "console"


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    found: dict[str, Any] = read_template(TEMPLATE)["Resources"]
    return found


def test_linter_finds_nothing_wrong_with_the_template() -> None:
    command = [str(Path(sys.executable).parent / "cfn-lint"), "--", str(TEMPLATE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_deployed_policy_is_the_one_that_is_tried_on_a_laptop(resources: dict[str, Any]) -> None:
    config = resources["ConsoleGuards"]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    deployed = config["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    local = content_policy(
        pictures=" ".join(map(origin_of, ("EvidenceBucket", "SealedBucket", "BiometricsBucket"))),
        uploads=origin_of("BiometricsBucket"),
        tiles="${Tiles}",
        issuer="${IssuerOrigins}",
    )
    assert _rules(deployed) == _rules(local)


def origin_of(bucket: str) -> str:
    return f"https://${{{bucket}}}.s3.${{AWS::Region}}.${{AWS::URLSuffix}}"


def test_nobody_reads_the_bucket_but_the_distribution(resources: dict[str, Any]) -> None:
    blocked = resources["ConsoleBucket"]["Properties"]["PublicAccessBlockConfiguration"]
    assert set(blocked.values()) == {True}
    statements = resources["ConsoleBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    (allowed,) = [one for one in statements if one["Effect"] == "Allow"]
    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert "aws:SourceArn" in allowed["Condition"]["StringEquals"]


def test_a_release_keeps_code_for_ever_and_the_page_never(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "page-1a2b.js").write_text("code")
    (tmp_path / "assets" / "worker-1a2b.mjs").write_text("code")
    (tmp_path / "index.html").write_text("page")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket=BUCKET)
        assert release(s3, BUCKET, tmp_path, {"api": "/api"}) == 4
        told = {one["Key"]: s3.head_object(Bucket=BUCKET, Key=one["Key"]) for one in _listed(s3)}
    assert told["index.html"]["CacheControl"] == told["config.json"]["CacheControl"] == "no-cache"
    assert "immutable" in told["assets/page-1a2b.js"]["CacheControl"]
    assert told["assets/worker-1a2b.mjs"]["ContentType"] == "text/javascript"
    newest = max(told, key=lambda key: (told[key]["LastModified"], key == "index.html"))
    assert newest == "index.html", "the page came before the code that it names"


def _listed(s3: Any) -> list[dict[str, Any]]:
    return list(s3.list_objects_v2(Bucket=BUCKET)["Contents"])


def _rules(policy: str) -> dict[str, list[str]]:
    return {name: words.split() for name, _, words in (rule.strip().partition(" ") for rule in re.split(";", policy))}
