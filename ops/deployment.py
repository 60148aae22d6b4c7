"""Where a command line works: the deployment that the environment names, or a stack by its name.

AWS_ENDPOINT_URL points everything at a local cloud, as it does for the functions.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import boto3
import typer
from botocore.exceptions import BotoCoreError

from chalicelib.errors import MatphoError
from chalicelib.store.aws_errors import aws_errors

FUNCTION = "AnalyseFrames"
"""Every function has every setting; this is the one that is asked."""

Stack = Annotated[str | None, typer.Option(help="the stack to work on; without it MATPHO_* variables must be set")]
AsJson = Annotated[bool, typer.Option("--json", help="print JSON for programs")]


@contextmanager
def deployment(stack: str | None) -> Iterator[None]:
    """Work on a deployment; what goes wrong is one line on standard error and exit code 2."""
    with told_in_a_line():
        if stack is not None:
            os.environ.update(settings_of(stack))
        yield


@contextmanager
def told_in_a_line() -> Iterator[None]:
    """What goes wrong is one line on standard error and exit code 2: no stack of calls for whoever types a command."""
    try:
        yield
    except (MatphoError, BotoCoreError, OSError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error


def write_for_owner(path: Path, text: str) -> None:
    """Write a file that nobody but its owner may read, for what names people."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text, encoding="utf-8")


def settings_of(stack: str) -> dict[str, str]:
    """The MATPHO_* variables of a stack's functions; raises Transient when the stack can't be read."""
    with aws_errors(f"read the settings of stack {stack!r} in this account and region"):
        cloudformation, functions = boto3.client("cloudformation"), boto3.client("lambda")
        found = cloudformation.describe_stack_resource(StackName=stack, LogicalResourceId=FUNCTION)
        name = found["StackResourceDetail"]["PhysicalResourceId"]
        variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    return {name: value for name, value in variables.items() if name.startswith("MATPHO_")}
