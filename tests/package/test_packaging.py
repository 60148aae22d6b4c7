"""What `make package` refuses, and how its parts become one template."""

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from infra import package as packaging
from infra.layer_zips import LAYERS, require_layers
from infra.template import join, read_template
from tests.package.conftest import Package

pytestmark = pytest.mark.xdist_group("package")


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        pytest.param({"a": 1}, {"b": 2}, {"a": 1, "b": 2}, id="values side by side"),
        pytest.param({"a": {"b": 1}}, {"a": {"c": 2}}, {"a": {"b": 1, "c": 2}}, id="levels into each other"),
    ],
)
def test_parts_become_one(one: dict[str, Any], other: dict[str, Any], joined: dict[str, Any]) -> None:
    assert join(one, other) == joined


def test_two_parts_that_set_one_value_are_refused() -> None:
    with pytest.raises(ValueError, match="'/Resources/Queue/Type'"):
        join({"Resources": {"Queue": {"Type": "a"}}}, {"Resources": {"Queue": {"Type": "b"}}})


def test_function_that_lambda_would_refuse_is_refused_here(package: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packaging, "MAX_UNZIPPED_BYTES", 1000)
    with pytest.raises(packaging.PackagingFailed, match="unzipped"):
        packaging.sizes(package.template_path.parent)


def test_layers_count_towards_the_size_of_the_functions_that_have_them(package: Package, tmp_path: Path) -> None:
    folder = shutil.copytree(package.template_path.parent, tmp_path / "dev")
    before = packaging.sizes(folder)["unzipped_mb"]
    with zipfile.ZipFile(folder / "vision.zip", "a") as vision:
        vision.writestr("python/heavy.so", bytes(3_000_000))
    after = packaging.sizes(folder)["unzipped_mb"]
    seeing = {"AnalyseFrames", "AnalyseRecorded", "KeepWatchlist", "KeepEvidence"}
    assert {name for name in after if after[name] - before[name] > 2} == seeing


def test_stage_that_nobody_wrote_is_refused_before_anything_is_emptied(tmp_path: Path) -> None:
    (tmp_path / "kept").touch()
    with pytest.raises(packaging.PackagingFailed, match="no such stage: 'live', only dev, staging, prod"):
        packaging.package("live", tmp_path, {})
    assert (tmp_path / "kept").exists()


def test_missing_layers_say_which_command_builds_them(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="make layers"):
        require_layers(tmp_path / "layers.json")


def test_layers_are_those_for_the_functions_processor(tmp_path: Path) -> None:
    built = [
        {"name": name, "architectures": [machine], "zip": f"{machine}/{name}.zip"}
        for name in LAYERS.values()
        for machine in ("arm64", "x86_64")
    ]
    index = tmp_path / "layers.json"
    index.write_text(json.dumps({"layers": built}))
    zips = require_layers(index)
    assert zips == {logical_id: tmp_path / "x86_64" / f"{name}.zip" for logical_id, name in LAYERS.items()}


@pytest.mark.parametrize("stage", ["staging", "prod"])
def test_stage_listens_to_a_queue_of_its_own(tmp_path: Path, stage: str) -> None:
    folder = packaging.package(stage, tmp_path / stage, {})
    template = read_template(folder / packaging.TEMPLATE)
    (source,) = template["Resources"]["AnalyseFrames"]["Properties"]["Events"].values()
    assert source["Properties"]["Queue"]["Fn::Sub"].endswith(f":matpho-{stage}-frames")
    assert template["Parameters"]["Stage"]["AllowedValues"] == [stage] == [template["Parameters"]["Stage"]["Default"]]


def test_stage_that_the_configuration_does_not_know_is_refused(tmp_path: Path) -> None:
    with pytest.raises(packaging.PackagingFailed, match="'qa'"):
        packaging.package("qa", tmp_path / "qa", {})
