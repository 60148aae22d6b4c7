"""`make package`: what is deployed, in `dist/<stage>/`: the template, the functions' code and the layers.

`chalice package` does the most of it. What it lacks is done here: it merges one file and we have parts, it knows no
layer but the one it builds itself, and it would package for a stage and deploy to another. Requirements are kept from
it, because the layers carry them. The last line printed is a JSON of the sizes.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from infra.layer_zips import require_layers
from infra.template import Template, joined_parts, read_template, write_template

ROOT = Path(__file__).parent.parent
DIST = ROOT / "dist"
TEMPLATE = "sam.yaml"
CODE = "deployment.zip"

MAX_UNZIPPED_BYTES = 262_144_000
"""Code and layers of a function together: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""

_SOURCES = ("app.py", "chalicelib", ".chalice")
_REGION = "ap-southeast-1"
"""Chalice wants to know one while it packages; the template names none."""


class PackagingFailed(Exception):
    """What was asked for can't be packaged."""


def main(*, stage: Annotated[str, typer.Option(help="dev, staging or prod")] = "dev") -> None:
    """Package a stage into dist/ and print what it weighs."""
    try:
        folder = package(stage, DIST / stage, require_layers())
    except (PackagingFailed, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from error
    print(json.dumps({"template": str(folder.relative_to(ROOT) / TEMPLATE), **sizes(folder)}))


def package(stage: str, folder: Path, layers: Mapping[str, Path]) -> Path:
    """Write template, code and layers of a stage into an emptied folder; raises PackagingFailed."""
    _require_stage(stage)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch)
        _copy_project(project)
        _run_chalice(project, stage)
        shutil.copy(project / "out" / CODE, folder / CODE)
        template = read_template(project / "out" / TEMPLATE)
    for zipped in layers.values():
        shutil.copy(zipped, folder / zipped.name)
    write_template(_completed(template, stage, layers), folder / TEMPLATE)
    return folder


def sizes(folder: Path) -> dict[str, dict[str, float]]:
    """Unzipped megabytes of each function with its layers; raises PackagingFailed when one is over Lambda's limit."""
    template = read_template(folder / TEMPLATE)
    weighed = {name: _unzipped_bytes(folder, parts) for name, parts in _parts_of_functions(template).items()}
    for name, size_bytes in weighed.items():
        if size_bytes > MAX_UNZIPPED_BYTES:
            raise PackagingFailed(f"{name} takes {size_bytes} bytes unzipped, Lambda's limit is {MAX_UNZIPPED_BYTES}")
    zips = {one.name: one.stat().st_size for one in sorted(folder.glob("*.zip"))}
    return {"unzipped_mb": _in_mb(weighed), "zipped_mb": _in_mb(zips)}


def _require_stage(stage: str) -> None:
    stages = joined_parts()["Parameters"]["Stage"]["AllowedValues"]
    if stage not in stages:
        raise PackagingFailed(f"no such stage: {stage!r}, only {', '.join(stages)}")


def _copy_project(project: Path) -> None:
    """What Chalice packages, with no requirements and with all our parts as the one file that it merges."""
    for name in _SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, project / name, ignore=shutil.ignore_patterns("__pycache__", "deploy*"))
        else:
            shutil.copy(source, project / name)
    (project / "requirements.txt").touch()
    write_template(joined_parts(), project / "merge.yaml")


def _run_chalice(project: Path, stage: str) -> None:
    command = [str(Path(sys.executable).parent / "chalice"), "package", "--stage", stage]
    command += ["--merge-template", "merge.yaml", "out"]
    environment = {"AWS_DEFAULT_REGION": _REGION, "HOME": str(project), "PATH": ""}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PackagingFailed(f"chalice could not package stage {stage!r}: {done.stderr.strip()}")


def _completed(template: Template, stage: str, layers: Mapping[str, Path]) -> Template:
    """The template with the layers' zips in place, deployable to its own stage only."""
    template["Parameters"]["Stage"] |= {"Default": stage, "AllowedValues": [stage]}
    for logical_id, zipped in layers.items():
        template["Resources"][logical_id]["Properties"]["ContentUri"] = f"./{zipped.name}"
    (runtime,) = template["Resources"]["RuntimeLayer"]["Properties"]["CompatibleRuntimes"]
    for function in _functions(template).values():
        # Chalice takes the interpreter that packages. Our code is plain Python; what is compiled lies in the layers.
        function["Runtime"] = runtime
    return template


def _parts_of_functions(template: Template) -> dict[str, list[str]]:
    """The zips that each function is made of: its code, the layers of all and its own."""
    resources, shared = template["Resources"], template["Globals"]["Function"]["Layers"]

    def parts(properties: Template) -> list[str]:
        layers = [layer["Ref"] for layer in [*shared, *properties.get("Layers", [])]]
        return [properties["CodeUri"], *(resources[name]["Properties"]["ContentUri"] for name in layers)]

    return {name: parts(properties) for name, properties in _functions(template).items()}


def _functions(template: Template) -> dict[str, Template]:
    """The properties of every function by logical id."""
    resources = template["Resources"].items()
    return {name: one["Properties"] for name, one in resources if one["Type"] == "AWS::Serverless::Function"}


def _unzipped_bytes(folder: Path, names: list[str]) -> int:
    total = 0
    for name in names:
        with zipfile.ZipFile(folder / name) as zipped:
            total += sum(one.file_size for one in zipped.infolist())
    return total


def _in_mb(sizes_bytes: Mapping[str, int]) -> dict[str, float]:
    return {name: round(size / 1e6, 1) for name, size in sizes_bytes.items()}


if __name__ == "__main__":
    typer.run(main)
