"""A command line works on the deployment that it is told, and says in one line when it can't."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import typer
from moto import mock_aws

from chalicelib.errors import Misconfigured
from ops.deployment import FUNCTION, deployment, settings_of

pytestmark = pytest.mark.xdist_group("store")


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A deployed stack with one function."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    function: dict[str, Any] = {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": "python3.12",
            "Handler": "app.analyse_frames",
            "Code": {"ZipFile": "x = 1"},
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Environment": {"Variables": {"MATPHO_STAGE": "prod", "OMP_NUM_THREADS": "1"}},
        },
    }
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}
    with mock_aws():
        template = json.dumps({"Resources": {"Role": role, FUNCTION: function}})
        boto3.client("cloudformation").create_stack(StackName="matpho-prod", TemplateBody=template)
        yield "matpho-prod"


def test_settings_are_those_of_the_stacks_functions_and_no_other_variable(stack: str) -> None:
    assert settings_of(stack) == {"MATPHO_STAGE": "prod"}


def test_what_goes_wrong_is_one_line_and_exit_code_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as stopped, deployment(None):
        raise Misconfigured("environment variable MATPHO_STAGE is not set")
    assert (stopped.value.exit_code, capsys.readouterr().err) == (2, "environment variable MATPHO_STAGE is not set\n")
