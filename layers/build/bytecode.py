"""Compiles a layer's Python ahead, and drops the sources.

/opt cannot be written to, so Lambda would compile every module anew at each cold start, which takes as long as all else
that importing does. Bytecode beside its source would cost 13 MB; instead of it, it costs nothing. Tracebacks through
other people's code then name file and line without quoting the line.
"""

import subprocess
from pathlib import Path

from layers.build.errors import LayerError


def replace_sources(packages: Path, python: str) -> None:
    """Put a `.pyc` in the place of every `.py`, for the Python that `python` is; raises LayerError."""
    # Hashes, because times would make other bytes each time; as if in /opt, because paths end up in tracebacks.
    command = [python, "-m", "compileall", "-q", "-b", "--invalidation-mode", "unchecked-hash"]
    command += ["-s", str(packages), "-p", "/opt/python", str(packages)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LayerError(f"cannot compile {packages.name!r}: {done.stdout.strip()}")
    for source in packages.rglob("*.py"):
        source.unlink()
