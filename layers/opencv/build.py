"""Builds the three modules of OpenCV that matpho calls, from the official source package, with zig as the compiler.

The official wheel brings 150 MB of video codecs and linear algebra that nothing here calls; this is one file of 10 MB
that asks for a C library of 2018. It costs some ten minutes of two idle cores for each architecture, once: the file is
kept under the digest of all that it was made from. With nasm on the path it decodes JPEGs a third faster on x86_64, to
the same pixels.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path

from layers.build.errors import LayerError
from layers.opencv.toolchain import COMPILER, GLIBC, REQUIREMENTS, Toolchain, prepare_toolchain, write_wrappers

VERSION = "4.14.0.94"
SDIST_SHA256 = "4afa2ea1214453648be88259f035712454faa9039b686de7753569ba8eec1577"

OnStep = Callable[[str, int, int], None]
"""Told what is being done, how many steps are done, and how many there are."""

_OPTIONS = Path(__file__).parent / "options.cmake"
_ZIG = Path(__file__).parent / "zig.cmake"
_EXTENSION = "cv2.abi3.so"
_LICENCES = ("LICENSE.txt", "LICENSE-3RD-PARTY.txt")
_POLITE = ("nice", "-n", "10")  # a build of minutes leaves the machine usable
_NINJA_STEP = re.compile(r"\[(\d+)/(\d+)\] .*?([\w.+-]+)$")


def small_opencv(machine: str, *, python: str, cache: Path, on_step: OnStep) -> Path:
    """Return a folder with `cv2` for the machine (`x86_64`, `aarch64`) and its licences, built unless it is there.

    `python` is an interpreter with its headers. Raises LayerError.
    """
    folder = cache / f"{machine}-{_recipe()[:12]}"
    if not folder.is_dir():
        on_step("getting zig, cmake, ninja and the sources", 0, 1)
        cache.mkdir(parents=True, exist_ok=True)
        tools = prepare_toolchain(cache / "tools", python)
        sources = _sources(cache, tools)
        work = cache / f"work-{machine}"  # what an interrupted build left there is gone on with
        _compile(machine, sources, work, tools, on_step)
        _collect(work / "lib" / "python3" / _EXTENSION, sources, folder)
        shutil.rmtree(work)
    return folder


def _recipe() -> str:
    """Digest all that the extension depends on: sources, tools and options."""
    files = b"".join(path.read_bytes() for path in (_OPTIONS, _ZIG, REQUIREMENTS))
    return hashlib.sha256(f"{SDIST_SHA256}{GLIBC}{COMPILER}".encode() + files).hexdigest()


def _sources(cache: Path, tools: Toolchain) -> Path:
    """The unpacked source package, proved by its digest."""
    name = f"opencv_python_headless-{VERSION}"
    archive, folder = cache / f"{name}.tar.gz", cache / name
    if not archive.exists():
        _download(cache, tools)
    if hashlib.sha256(archive.read_bytes()).hexdigest() != SDIST_SHA256:
        raise LayerError(f"{archive.name!r} is not the source package that layers/opencv pins")
    if not folder.exists():
        unpacking = cache / "unpacking"
        with tarfile.open(archive) as tarball:
            tarball.extractall(unpacking, filter="data")
        (unpacking / name).rename(folder)
        unpacking.rmdir()
    return folder


def _download(cache: Path, tools: Toolchain) -> None:
    """Download through pip, which runs the package's set-up code; with our tools it need not build numpy first."""
    command = [tools.program("python"), "-m", "pip", "download", "--no-deps", "--no-build-isolation"]
    command += ["--no-binary=opencv-python-headless", f"--dest={cache}", f"opencv-python-headless=={VERSION}"]
    _run(command, tools, cache, on_line=lambda _: None)


def _compile(machine: str, sources: Path, work: Path, tools: Toolchain, on_step: OnStep) -> None:
    write_wrappers(work / "wrappers", tools, machine)

    def on_line(line: str) -> None:
        if step := _NINJA_STEP.match(line):
            on_step(f"compiling {step[3]} for {machine}", int(step[1]), int(step[2]))

    on_step("configuring", 0, 1)
    _run(_configure(machine, sources / "opencv", work, tools), tools, work, on_line)
    ninja = [*_POLITE, tools.program("ninja"), f"-j{os.cpu_count()}", "-C", str(work), "opencv_python3"]
    _run(ninja, tools, work, on_line)


def _configure(machine: str, sources: Path, work: Path, tools: Toolchain) -> list[str]:
    """Paths of this machine are mapped away, since OpenCV's messages name its own files."""
    flags = f"-ffile-prefix-map={work.parent}=."
    defined = {
        "MATPHO_ARCH": machine,  # first, as options.cmake asks for it
        "MATPHO_WRAPPERS": work / "wrappers",
        "PYTHON3_EXECUTABLE": tools.program("python"),
        "PYTHON_DEFAULT_EXECUTABLE": tools.program("python"),
        "PYTHON3_INCLUDE_DIR": tools.python_headers,
        "PYTHON3_LIBRARY": "none",  # asked for, and never linked
        "PYTHON3_NUMPY_INCLUDE_DIRS": tools.numpy_headers,
        "CMAKE_C_FLAGS": flags,
        "CMAKE_CXX_FLAGS": flags,
    }
    options = [f"-D{name}={value}" for name, value in defined.items()]
    command = [tools.program("cmake"), "-G", "Ninja", "-S", str(sources), "-B", str(work), *options]
    return [*command, "-C", str(_OPTIONS), "--toolchain", str(_ZIG)]


def _run(command: Sequence[str], tools: Toolchain, work: Path, on_line: Callable[[str], None]) -> None:
    """Run a step and keep all it prints in a log; raises LayerError that names the log."""
    log = work / "build.log"
    with (
        log.open("a", encoding="utf-8") as kept,
        subprocess.Popen(
            command,
            env=tools.environment(work / "zig"),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        for line in process.stdout or ():
            kept.write(line)
            on_line(line.rstrip())
    if process.returncode:
        raise LayerError(f"OpenCV could not be built, {str(log)!r} says why")


def _collect(extension: Path, sources: Path, folder: Path) -> None:
    """Put the extension and its licences in place at once, so that a crash leaves nothing half done."""
    partial = folder.with_suffix(".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    shutil.copyfile(extension, partial / extension.name)
    for name in _LICENCES:
        shutil.copyfile(sources / name, partial / f"cv2-{name}")
    partial.rename(folder)
