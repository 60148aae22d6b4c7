"""Chalice passes silently over what it doesn't know in its configuration, so nothing there may be misspelt."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chalice.config import Config

import app

FOLDER = Path(app.__file__).parent / ".chalice"

STRUCTURE = {"version", "stages", "lambda_functions", "xray"}  # the last is the property xray_enabled
KNOWN = STRUCTURE | {name for name, member in vars(Config).items() if isinstance(member, property)}


@pytest.fixture(scope="module")
def config() -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads((FOLDER / "config.json").read_text())
    return parsed


def test_every_key_is_one_that_chalice_reads(config: dict[str, Any]) -> None:
    assert set(_keys(config)) <= KNOWN


def test_every_configured_function_is_one_of_the_app_and_none_is_left_out(config: dict[str, Any]) -> None:
    authorisers = {one.name for one in app.app.builtin_auth_handlers}
    functions = {source.name for source in app.app.event_sources} | authorisers | {"api_handler"}
    for stage in config["stages"].values():
        assert stage["lambda_functions"].keys() == functions


def test_every_function_has_a_role_of_its_own(config: dict[str, Any]) -> None:
    for stage in config["stages"].values():
        files = [function["iam_policy_file"] for function in stage["lambda_functions"].values()]
        assert len(set(files)) == len(files)
        assert {FOLDER / name for name in files} == set(FOLDER.glob("policy-*.json"))


def test_stage_names_the_queues_that_its_template_makes(config: dict[str, Any]) -> None:
    for name, stage in config["stages"].items():
        variables = stage["environment_variables"]
        assert variables["MATPHO_FRAMES_QUEUE"] == f"matpho-{name}-frames"
        assert variables["MATPHO_RECORDED_QUEUE"] == f"matpho-{name}-recorded"


def _keys(config: dict[str, Any]) -> Iterator[str]:
    """The keys of every scope; names of stages, functions and variables are free."""
    for key, value in config.items():
        yield key
        if key in {"stages", "lambda_functions"}:
            for scope in value.values():
                yield from _keys(scope)
