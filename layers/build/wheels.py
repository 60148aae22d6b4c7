"""Installs locked packages for a machine that is not this one, and leaves out what the plan trims.

pip picks and unpacks the wheels; their bytes are left as published, unstripped, so that every file can be proved
against its package. Stripping would save 2.6 MB of 100.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from packaging.requirements import Requirement

from layers.build.errors import LayerError
from layers.build.plan import ROOT, Layer, Plan, Trim


def install(layer: Layer, plan: Plan, machine: str, target: Path) -> None:
    """Put the layer's packages for `machine` (`x86_64`, `aarch64`) into an empty folder; raises LayerError."""
    wanted = list(_wanted(layer, plan.python, machine))
    command = ["install", "--target", str(target), "--no-deps", "--no-compile", "--only-binary=:all:"]
    command += ["--implementation", "cp", "--python-version", plan.python]
    command += [f"--platform={tag}" for tag in _platforms(plan.newest_symbols["GLIBC"], machine)]
    _pip([*command, *wanted])


def trim(folder: Path, trims: Sequence[Trim]) -> set[Trim]:
    """Delete what the rules cover, and folders left empty; returns the rules that covered something."""
    used = set()
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.relative_to(folder).as_posix()
        if path.is_dir():
            _remove_if_empty(path)
        elif covering := [one for one in trims if one.covers(name)]:
            path.unlink()
            used.update(covering)
    return used


def _wanted(layer: Layer, python: str, machine: str) -> Iterator[str]:
    """Lines of the lock file that apply there; `without` must name none that the file does not have."""
    there = {"python_version": python, "sys_platform": "linux", "platform_machine": machine}
    lines = (ROOT / layer.requirements).read_text(encoding="utf-8").splitlines()
    locked = [Requirement(line) for line in lines if line and not line.lstrip().startswith("#")]
    if unknown := layer.without.keys() - {one.name for one in locked}:
        raise LayerError(f"{layer.requirements} has no {sorted(unknown)!r} to leave out")
    for one in locked:
        if one.name not in layer.without and (one.marker is None or one.marker.evaluate(there)):
            yield f"{one.name}{one.specifier}"


def _platforms(glibc: str, machine: str) -> Iterator[str]:
    """Every tag that such a machine takes: pip does not know that 2.34 runs what was built for 2.17."""
    newest = int(glibc.removeprefix("2."))
    yield from (f"manylinux_2_{minor}_{machine}" for minor in range(newest, 16, -1))
    yield f"manylinux2014_{machine}"


def _pip(arguments: Sequence[str]) -> None:
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LayerError(f"pip could not install the layer: {done.stderr.strip().splitlines()[-1]}")


def _remove_if_empty(folder: Path) -> None:
    if not any(folder.iterdir()):
        folder.rmdir()
