"""Proves that the layers are enough: the function runs from them alone, in an interpreter that has nothing else."""

import json
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from chalicelib.settings import Oidc, Settings
from layers.build.errors import LayerError
from layers.build.plan import ROOT

_PROBE = Path(__file__).parent / "probe.py"
_PROBE_IDENTITY = Path(__file__).parent / "probe_identity.py"
_BARE = ("-I", "-S", "-B")  # no PYTHON… variable, no site-packages, no writing
_MEBI = 1024 * 1024


def runs_here(machine: str) -> bool:
    """Whether this machine can load that machine's libraries."""
    return sys.platform == "linux" and platform.machine() == machine


def smoke_test(python: str, *, paths: Sequence[Path], models_dir: Path, memory_bytes: int) -> dict[str, Any]:
    """Run every model and a whole look at a picture; returns times and memory. Raises LayerError where it fails."""
    arguments = [str(memory_bytes), str(models_dir)]
    report = _run(python, _PROBE, arguments, paths=paths, environment=_environment(models_dir))
    if report["peak_bytes"] > memory_bytes:
        raise LayerError(f"the function takes {report['peak_bytes']} bytes of memory, it is given {memory_bytes}")
    return report


def smoke_test_identity(python: str, *, paths: Sequence[Path]) -> dict[str, Any]:
    """Have the authoriser judge tokens; returns the seconds it took to import. Raises LayerError where it fails."""
    return _run(python, _PROBE_IDENTITY, [], paths=paths, environment=_environment(Path("none")))


def memory_bytes(function: str, config: Path = ROOT / ".chalice" / "config.json") -> int:
    """The least that any stage gives the function."""
    stages = json.loads(config.read_bytes())["stages"].values()
    return int(min(stage["lambda_functions"][function]["lambda_memory_size"] for stage in stages)) * _MEBI


def _run(
    python: str, probe: Path, arguments: Sequence[str], *, paths: Sequence[Path], environment: Mapping[str, str]
) -> dict[str, Any]:
    run_it = f"runpy.run_path({str(probe)!r}, run_name='__main__')"
    start = f"import runpy, sys; sys.path[:0] = {[str(path) for path in paths]!r}; {run_it}"
    command = [python, *_BARE, "-c", start, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LayerError(f"the function does not run from the layers alone:\n{done.stderr.strip()}")
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report


def _environment(models_dir: Path) -> Mapping[str, str]:
    """Every setting has a value, as in the function; none of them leads anywhere."""
    settings = {f"MATPHO_{field.name.upper()}": "none" for field in fields(Settings)}
    settings |= {f"MATPHO_OIDC_{field.name.upper()}": "none" for field in fields(Oidc)}
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    nowhere = {"AWS_DEFAULT_REGION": "none", "AWS_EC2_METADATA_DISABLED": "true", "POWERTOOLS_TRACE_DISABLED": "true"}
    return settings | one_thread | nowhere | {"MATPHO_MODELS_DIR": str(models_dir)}
