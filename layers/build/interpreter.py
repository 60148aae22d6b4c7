"""Finds the interpreter that Lambda runs, since what starts elsewhere proves nothing."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from layers.build.errors import LayerError


def find_python(version: str) -> str:
    """Return an interpreter of this version (`3.12`) that really runs; raises LayerError where there is none."""
    for candidate in _candidates(version):
        if _runs(candidate, version):
            return candidate
    raise LayerError(
        f"no working Python {version}, Lambda's runtime, on this machine: install python{version}"
        f" with its headers (Debian: python{version}-dev), or `pyenv install {version}`"
    )


def _candidates(version: str) -> Iterator[str]:
    yield sys.executable
    yield f"python{version}"
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    yield from (str(path / "bin/python") for path in sorted(versions.glob(f"{version}.*")))


def _runs(candidate: str, version: str) -> bool:
    """A pyenv shim without its version fails when run, so a name on the path proves nothing."""
    ask = [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    try:
        done = subprocess.run(ask, capture_output=True, text=True, check=False)
    except OSError:
        return False
    return done.returncode == 0 and done.stdout.strip() == version
