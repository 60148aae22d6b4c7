"""`chalice package` as a release runs it, once for the suite, without credentials and without a network."""

import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent


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
    project = tmp_path_factory.mktemp("project")
    for name in ("app.py", "chalicelib", "infra", ".chalice"):
        _copy(ROOT / name, project / name)
    # What the requirements bring is the layers' affair; resolving them here would only test the network.
    (project / "requirements.txt").touch()
    command = [
        str(Path(sys.executable).parent / "chalice"),
        "package",
        "--merge-template",
        "infra/template.yaml",
        "out",
    ]
    environment = {"AWS_DEFAULT_REGION": "ap-southeast-1", "HOME": str(project), "PATH": ""}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(project / "out" / "deployment.zip") as code:
        code.extractall(project / "code")
    template = project / "out" / "sam.yaml"
    return Package(yaml.safe_load(template.read_text(encoding="utf-8")), template, project / "code")


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "deployed", "deployments"))
    else:
        shutil.copy(source, target)
