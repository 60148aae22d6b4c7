"""The stack as `aws cloudformation deploy` would handle it: code and template into a bucket, then change sets."""

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from chalice.package import YAMLTemplateSerializer

from infra.package import TEMPLATE
from infra.template import Template, read_template
from rehearse.waiting import RehearsalFailed, wait_for

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_cloudformation.literals import ChangeSetTypeType
    from mypy_boto3_s3 import S3Client

ARTIFACTS = "matpho-rehearsal-artifacts"
CHANGE_S = 120


@dataclass(frozen=True, slots=True)
class Release:
    """A packaged version in the artifacts' bucket: its template, with every zip's place there."""

    template_url: str


def make_artifacts_bucket() -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=ARTIFACTS, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})  # type: ignore[typeddict-item]


def publish(packaged: Path, version: str) -> Release:
    """Upload what was packaged; zips go by their content, so that what is the same stays the same."""
    s3 = boto3.client("s3")
    places = {f"./{zipped.name}": _upload(s3, zipped) for zipped in sorted(packaged.glob("*.zip"))}
    rehearsed = without_metric_math(placed(read_template(packaged / TEMPLATE), places))
    template = YAMLTemplateSerializer().serialize_template(rehearsed)
    s3.put_object(Bucket=ARTIFACTS, Key=f"{version}.yaml", Body=template.encode())
    return Release(f"{s3.meta.endpoint_url}/{ARTIFACTS}/{version}.yaml")


def deploy(name: str, release: Release, *, kind: "ChangeSetTypeType", becomes: str) -> float:
    """Create or update a stack by a change set; returns the seconds, raises RehearsalFailed if it becomes otherwise."""
    cloudformation = boto3.client("cloudformation")
    began = time.monotonic()
    changes = f"{kind.lower()}-{time.time_ns()}"
    cloudformation.create_change_set(
        StackName=name,
        ChangeSetName=changes,
        ChangeSetType=kind,
        TemplateURL=release.template_url,
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    waiter = cloudformation.get_waiter("change_set_create_complete")
    waiter.wait(StackName=name, ChangeSetName=changes, WaiterConfig={"Delay": 1, "MaxAttempts": CHANGE_S})
    cloudformation.execute_change_set(StackName=name, ChangeSetName=changes)
    status = wait_for(f"stack {name} to settle", lambda: _settled(name), within_s=CHANGE_S)
    if status != becomes:
        raise RehearsalFailed(f"stack {name} became {status}, not {becomes}: {_reasons(name)}")
    return round(time.monotonic() - began, 2)


def delete(name: str) -> float:
    """Delete a stack; returns the seconds."""
    cloudformation = boto3.client("cloudformation")
    stack_id = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
    began = time.monotonic()
    cloudformation.delete_stack(StackName=name)
    status = wait_for(f"stack {name} to go", lambda: _settled(stack_id), within_s=CHANGE_S)
    if status != "DELETE_COMPLETE":
        raise RehearsalFailed(f"stack {name} became {status}: {_reasons(stack_id)}")
    return round(time.monotonic() - began, 2)


def resources_of(name: str) -> Mapping[str, str]:
    """Physical ids by logical id."""
    pages = boto3.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=name)
    found = [one for page in pages for one in page["StackResourceSummaries"]]
    return {one["LogicalResourceId"]: one.get("PhysicalResourceId", "") for one in found}


def placed(template: Template, places: Mapping[str, str]) -> Template:
    """The template with each zip beside it named by its place in the bucket; one that isn't there, by no place."""
    for one in template["Resources"].values():
        for name in ("CodeUri", "ContentUri"):
            if name in one.get("Properties", {}):
                one["Properties"][name] = places.get(one["Properties"][name], f"s3://{ARTIFACTS}/nowhere.zip")
    return template


def without_metric_math(template: Template) -> Template:
    """The template without alarms on more than one metric, which the emulator doesn't know (docs/adr/0007)."""
    kept = {name: one for name, one in template["Resources"].items() if "Metrics" not in one.get("Properties", {})}
    return {**template, "Resources": kept}


def _settled(name: str) -> str | None:
    status = boto3.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
    return None if status.endswith(("IN_PROGRESS", "CLEANUP")) else str(status)


def _reasons(name: str) -> str:
    events = boto3.client("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
    failed = [one for one in events if one["ResourceStatus"].endswith("_FAILED")]
    return "; ".join(f"{one['LogicalResourceId']}: {one.get('ResourceStatusReason', '')}" for one in failed)


def _upload(s3: "S3Client", zipped: Path) -> str:
    key = f"{hashlib.sha256(zipped.read_bytes()).hexdigest()[:16]}-{zipped.name}"
    s3.upload_file(str(zipped), ARTIFACTS, key)
    return f"s3://{ARTIFACTS}/{key}"
