"""A C++ cross compiler out of packages of PyPI: zig, cmake and ninja in a virtual environment of their own."""

import os
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

from layers.build.errors import LayerError

REQUIREMENTS = Path(__file__).parent / "requirements.txt"
GLIBC = "2.28"

_PATHS = """
import importlib.util, os, sysconfig, numpy
print(os.path.dirname(importlib.util.find_spec("ziglang").origin))
print(sysconfig.get_path("include"))
print(numpy.get_include())
"""

# zig's linker refuses --exclude-libs, by which OpenCV hides symbols of its codecs; hidden visibility does the same.
COMPILER = """#!/bin/sh
for argument do
  shift
  case "$argument" in -Wl,--exclude-libs*) ;; *) set -- "$@" "$argument" ;; esac
done
exec {zig} {tool} -target {machine}-linux-gnu.{glibc} "$@"
"""
_ARCHIVER = """#!/bin/sh
exec {zig} {tool} "$@"
"""


@dataclass(frozen=True, slots=True)
class Toolchain:
    """Where the tools are, and the headers that an extension module needs."""

    bin: Path
    zig: Path
    python_headers: Path
    numpy_headers: Path

    def program(self, name: str) -> str:
        return str(self.bin / name)

    def environment(self, caches: Path) -> dict[str, str]:
        """Nothing of the caller's compiler flags; zig keeps what it compiled in `caches`."""
        path = f"{self.bin}{os.pathsep}{os.environ['PATH']}"
        return {"PATH": path, "HOME": os.environ.get("HOME", ""), "ZIG_GLOBAL_CACHE_DIR": str(caches)}


def prepare_toolchain(folder: Path, python: str) -> Toolchain:
    """Install the pinned tools into a virtual environment, unless they are there; raises LayerError."""
    binaries = folder / "bin"
    if not (binaries / "python").exists():
        _run([python, "-m", "venv", str(folder)])
    pip = [str(binaries / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    _run([*pip, "install", "--requirement", str(REQUIREMENTS)])
    zig, python_headers, numpy_headers = map(Path, _run([str(binaries / "python"), "-c", _PATHS]).splitlines())
    if not (python_headers / "Python.h").exists():
        raise LayerError(f"{python} comes without its headers, which building OpenCV takes (Debian: its -dev package)")
    return Toolchain(binaries, zig / "zig", python_headers, numpy_headers)


def write_wrappers(folder: Path, tools: Toolchain, machine: str) -> None:
    """Write `cc`, `c++`, `ar` and `ranlib` that are zig compiling for a machine."""
    folder.mkdir(parents=True, exist_ok=True)
    for tool, text in {"cc": COMPILER, "c++": COMPILER, "ar": _ARCHIVER, "ranlib": _ARCHIVER}.items():
        wrapper = folder / tool
        zig = shlex.quote(str(tools.zig))
        wrapper.write_text(text.format(zig=zig, tool=tool, machine=machine, glibc=GLIBC), encoding="utf-8")
        wrapper.chmod(0o755)


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = done.stderr.strip() or done.stdout.strip() or "no message"
        raise LayerError(f"cannot prepare the compiler: {reason.splitlines()[-1]}")
    return done.stdout
