"""The layers: what is left out, that the same files give the same zip, and that the function runs from them alone.

What needs built layers skips where `make layers` never ran: compiling OpenCV takes longer than a test may.
"""

import ast
import json
import os
import struct
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from layers.build import elf
from layers.build.assemble import MODELS, Built, zip_layer
from layers.build.errors import LayerError
from layers.build.interpreter import find_python
from layers.build.plan import ROOT, Layer, Plan, Trim, read_plan
from layers.build.report import INDEX, require_within_budget, totals
from layers.build.smoke import memory_bytes, runs_here, smoke_test, smoke_test_identity
from layers.build.wheels import install, trim
from layers.build.zipped import content_digest, pack
from layers.models.state import sha256
from layers.opencv.build import VERSION, _recipe, small_opencv

pytestmark = pytest.mark.xdist_group("layers")

BUILT = ROOT / ".layers"
DATA = Trim(files="botocore/data/*/*", why="too many", **{"except": ("s3",)})


@pytest.fixture(scope="session")
def plan() -> Plan:
    return read_plan()


@pytest.fixture(scope="session")
def index() -> dict[str, Any]:
    if not (BUILT / INDEX).exists():
        pytest.skip("layers not built: run make layers")
    described: dict[str, Any] = json.loads((BUILT / INDEX).read_bytes())
    return described


@pytest.fixture(scope="session")
def unpacked(index: dict[str, Any], plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The heaviest function's zips of this machine's architecture, unpacked over each other as under /opt."""
    here = [name for name, machine in plan.architectures.items() if runs_here(machine) and name in index["smoke"]]
    if not here:
        pytest.skip("no layers were built for this machine")
    opt = tmp_path_factory.mktemp("opt")
    for layer in index["layers"]:
        if here[0] in layer["architectures"] and layer["name"] not in plan.apart:
            with zipfile.ZipFile(BUILT / layer["zip"]) as archive:
                archive.extractall(opt)
    return opt


@pytest.mark.parametrize(
    ("path", "covered"),
    [
        pytest.param("botocore/data/ec2/2016-11-15/service-2.json.gz", True, id="a service that no function calls"),
        pytest.param("botocore/data/s3/2006-03-01/service-2.json.gz", False, id="a service that is spared"),
        pytest.param("botocore/data/endpoints.json", False, id="a file that all services share"),
    ],
)
def test_trim_covers(path: str, *, covered: bool) -> None:
    assert DATA.covers(path) is covered


def test_trimming_deletes_files_with_their_empty_folders_and_says_which_rules_were_of_use(tmp_path: Path) -> None:
    _write(tmp_path / "a/tests/deep/test_a.py")
    kept = _write(tmp_path / "a/a.py")
    tests, fortran = Trim("*/tests/*", "tests"), Trim("*.f90", "Fortran")
    assert trim(tmp_path, [tests, fortran]) == {tests}
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [kept]
    assert not (tmp_path / "a/tests").exists()


def test_same_files_give_the_same_zip_whenever_and_however_they_were_written(tmp_path: Path) -> None:
    for folder, names, mode, written_s in (("one", "ab", 0o644, 1), ("two", "ba", 0o755, 10**9)):
        for name in names:
            path = _write(tmp_path / folder / name, name)
            path.chmod(mode)
            os.utime(path, (written_s, written_s))
        pack(tmp_path / folder, tmp_path / f"{folder}.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_name_of_a_zip_follows_from_its_content_and_the_last_one_is_dropped(tmp_path: Path) -> None:
    _write(tmp_path / "staged/a", "1")
    first = zip_layer("vision", tmp_path / "staged", ["arm64"], tmp_path, label="vision-arm64")
    _write(tmp_path / "staged/a", "2")
    second = zip_layer("vision", tmp_path / "staged", ["arm64"], tmp_path, label="vision-arm64")
    assert second.zip.name == f"vision-arm64-{second.content_sha256[:12]}.zip" != first.zip.name
    assert [path.name for path in tmp_path.glob("*.zip")] == [second.zip.name]


def test_content_moved_to_another_file_is_another_content(tmp_path: Path) -> None:
    _write(tmp_path / "one/a", "1")
    _write(tmp_path / "two/b", "1")
    assert content_digest(tmp_path / "one") != content_digest(tmp_path / "two")


@pytest.mark.parametrize(
    ("machine", "symbols", "complaint"),
    [
        pytest.param(62, b"\0GLIBC_2.34\0GLIBCXX_3.4.29\0", [], id="as new as Lambda's"),
        pytest.param(62, b"\0GLIBC_2.35\0", ["a.so needs GLIBC_2.35, newest there is 2.34"], id="newer"),
        pytest.param(62, b"\0GLIBC_2.9\0", [], id="versions are numbers, not texts"),
        pytest.param(183, b"", ["a.so is for 'aarch64', not 'x86_64'"], id="another machine's"),
    ],
)
def test_library_is_refused(plan: Plan, tmp_path: Path, machine: int, symbols: bytes, complaint: list[str]) -> None:
    (tmp_path / "a.so").write_bytes(struct.pack("<18sH", b"\x7fELF", machine) + symbols)
    assert list(elf.complaints(tmp_path, "x86_64", plan.newest_symbols)) == complaint


def test_machine_without_the_interpreter_hears_which_one_to_install() -> None:
    with pytest.raises(LayerError, match=r"no working Python 3\.0, Lambda's runtime, .* `pyenv install 3\.0`"):
        find_python("3.0")


@pytest.mark.parametrize(
    ("size_bytes", "fits"), [pytest.param(80, True, id="just within"), pytest.param(81, False, id="a byte over")]
)
def test_budget_counts_the_code_and_every_layer(plan: Plan, tmp_path: Path, size_bytes: int, *, fits: bool) -> None:
    shared = _built("models", ("arm64", "x86_64"), plan.budget_bytes - 100)
    layers = [shared, _built("vision", ("x86_64",), size_bytes), _built("vision", ("arm64",), 1)]
    total_bytes = totals(layers, code_bytes=20)
    assert total_bytes["arm64"] == plan.budget_bytes - 79
    if fits:
        require_within_budget(plan, total_bytes)
    else:
        with pytest.raises(LayerError, match=r"unzipped on x86_64, the budget is 180\.0 MB"):
            require_within_budget(plan, total_bytes)


def test_opencv_is_built_in_the_version_that_everything_else_is_tested_with() -> None:
    pins = (ROOT / "layers/vision/requirements.txt").read_text(encoding="utf-8")
    assert f"opencv-python-headless=={VERSION}\n" in pins


def test_opencv_is_built_against_the_numpy_beside_it() -> None:
    (pin,) = [line for line in _lines("layers/vision/requirements.txt") if line.startswith("numpy==")]
    assert pin in _lines("layers/opencv/requirements.txt")


def test_opencv_that_is_kept_is_not_built_again(tmp_path: Path) -> None:
    kept = tmp_path / f"x86_64-{_recipe()[:12]}"
    kept.mkdir()
    assert small_opencv("x86_64", python="no-such-python", cache=tmp_path, on_step=_nobody_listens) == kept


def test_package_to_leave_out_must_be_one_that_is_locked(plan: Plan, tmp_path: Path) -> None:
    layer = Layer("vision", Path("layers/vision/requirements.txt"), {"numpi": "a slip of the pen"})
    with pytest.raises(LayerError, match="'numpi'"):
        install(layer, plan, "x86_64", tmp_path)


def test_zips_are_what_the_index_says(index: dict[str, Any], plan: Plan) -> None:
    assert {one["name"] for one in index["layers"]} == {*(layer.name for layer in plan.layers), MODELS}
    for layer in index["layers"]:
        assert layer["content_sha256"][:12] in layer["zip"]
        assert sha256((BUILT / layer["zip"]).read_bytes()) == layer["zip_sha256"]
        with zipfile.ZipFile(BUILT / layer["zip"]) as archive:
            assert sum(one.file_size for one in archive.infolist()) == layer["unzipped_bytes"]
    assert max(index["total_bytes"].values()) <= plan.budget_bytes


def test_function_runs_every_model_from_the_unpacked_layers_alone(unpacked: Path, plan: Plan) -> None:
    code = BUILT / "code"
    report = smoke_test(
        find_python(plan.python),
        paths=[code, unpacked / "python"],
        models_dir=unpacked / MODELS,
        memory_bytes=memory_bytes(plan.function),
    )
    assert all(Path(path).is_relative_to(code) or Path(path).is_relative_to(unpacked) for path in report["loaded_from"])


def test_authoriser_judges_tokens_from_its_own_layers_alone(index: dict[str, Any], plan: Plan, tmp_path: Path) -> None:
    here = [one for one in index["layers"] if any(runs_here(plan.architectures[name]) for name in one["architectures"])]
    zips = {one["name"]: BUILT / one["zip"] for one in here}
    if not index["smoke"] or "identity" not in zips:
        pytest.skip("no identity layer was built for this machine: run make layers")
    for name in ("runtime", "identity"):
        with zipfile.ZipFile(zips[name]) as archive:
            archive.extractall(tmp_path)
    report = smoke_test_identity(find_python(plan.python), paths=[BUILT / "code", tmp_path / "python"])
    own = [BUILT / "code", tmp_path]
    assert all(any(Path(path).is_relative_to(one) for one in own) for path in report["loaded_from"])


def test_layer_of_another_function_is_no_weight_of_the_heaviest(plan: Plan) -> None:
    assert plan.apart == {"identity"}


def test_small_opencv_has_all_that_the_code_calls(unpacked: Path, plan: Plan) -> None:
    """What a rarely taken branch calls is missed by running, so every name is looked up."""
    wanted = sorted({name for path in (ROOT / "chalicelib").rglob("*.py") for name in _cv2_names(path)})
    assert "imdecode" in wanted
    lacking = f"print(*set({wanted!r}) - set(dir(cv2)))"
    ask = f"import sys; sys.path[:0] = [{str(unpacked / 'python')!r}]; import cv2; {lacking}"
    done = subprocess.run([find_python(plan.python), "-I", "-S", "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def _cv2_names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "cv2":
            yield node.attr


def _built(name: str, architectures: tuple[str, ...], unzipped_bytes: int) -> Built:
    return Built(name, architectures, Path(name), Path(f"{name}.zip"), "", 0, unzipped_bytes)


def _nobody_listens(line: str, done: int, steps: int) -> None:
    del line, done, steps


def _lines(path: str) -> list[str]:
    return (ROOT / path).read_text(encoding="utf-8").splitlines()


def _write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
