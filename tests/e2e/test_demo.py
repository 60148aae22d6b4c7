"""`make demo` on a machine without photographs of its own: the whole chain keeps every promise it prints."""

import io
from pathlib import Path

import pytest
import typer
from rich.console import Console

from local import demo
from local.demo_set.manifest import read_demo_manifest
from local.demo_set.photographs import is_complete

pytestmark = pytest.mark.xdist_group("city")


@pytest.fixture
def photographs() -> None:
    """Nothing is fetched in a test: `make demo` must have run once."""
    packages = read_demo_manifest().packages.values()
    if not all(is_complete(package, demo.WORK / "photographs") for package in packages):
        pytest.skip("photographs not fetched: run make demo")


def test_every_kind_is_found_and_ordinary_streets_stay_quiet(
    photographs: None, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Simulated or not, the shipped heads at their shipped thresholds decide."""
    monkeypatch.setenv("MATPHO_MODELS_DIR", str(models_dir))
    printed = io.StringIO()
    assert demo.run_demo(Console(file=printed, width=200), labelled=None) == []
    assert "SIMULATED" in printed.getvalue()
    assert "awaiting_confirmation" in printed.getvalue()


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_a_folder_without_pictures_is_one_clear_line(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(typer.Exit) as stopped:
        demo.main(frames=tmp_path / name)
    assert stopped.value.exit_code
    assert len(capsys.readouterr().err.splitlines()) == 1
