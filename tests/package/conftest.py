"""What a release packages, once for the suite, without credentials and without a network."""

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.layer_zips import LAYERS
from infra.package import CODE, TEMPLATE
from infra.package import package as package_stage
from infra.template import read_template

FUNCTIONS = (
    "AnalyseFrames",
    "AnalyseRecorded",
    "PublishAlerts",
    "Sweep",
    "ReportYesterday",
    "APIHandler",
    "Authorise",
    "KeepWatchlist",
    "KeepTheLaw",
    "KeepEvidence",
)
"""Every function of the app by its logical id; a test holds them to the template."""


@dataclass(frozen=True, slots=True)
class Package:
    """What was packaged: the template and its file, and the function's code unzipped."""

    template: dict[str, Any]
    template_path: Path
    code: Path

    @property
    def functions(self) -> dict[str, dict[str, Any]]:
        """The properties of every function by logical id."""
        return {name: one["Properties"] for name, one in self.of_type("AWS::Serverless::Function").items()}

    def of_type(self, kind: str) -> dict[str, Any]:
        return {name: one for name, one in self.template["Resources"].items() if one["Type"] == kind}

    def properties(self, name: str) -> dict[str, Any]:
        properties: dict[str, Any] = self.template["Resources"][name]["Properties"]
        return properties


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The dev stage with empty layers: what they hold is judged where they are built."""
    zips = tmp_path_factory.mktemp("layers")
    layers = {logical_id: _empty_zip(zips / f"{name}.zip") for logical_id, name in LAYERS.items()}
    folder = package_stage("dev", tmp_path_factory.mktemp("dist") / "dev", layers)
    with zipfile.ZipFile(folder / CODE) as code:
        code.extractall(folder / "code")
    return Package(read_template(folder / TEMPLATE), folder / TEMPLATE, folder / "code")


def _empty_zip(path: Path) -> Path:
    zipfile.ZipFile(path, "w").close()
    return path
