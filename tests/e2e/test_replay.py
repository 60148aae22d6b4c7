"""`python -m local.replay DIR` as a person or a program uses it, with the real models."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import typer

from local import replay
from tests.e2e.conftest import START_UTC

pytestmark = pytest.mark.xdist_group("city")

FRAMES = 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two cameras: one whose lens was covered all along, one with a drawn wall and files that are no pictures."""
    wall = _drawn_wall()
    for number in range(FRAMES):
        _write(tmp_path / "Covered lens" / f"{number}.jpg", np.zeros_like(wall))
        _write(tmp_path / "wall" / f"{number}.png", wall)
    (tmp_path / "wall" / "5.jpg").write_bytes(b"not a picture at all")
    (tmp_path / "wall" / "6.jpg").write_bytes(b"")
    (tmp_path / "wall" / "notes.txt").write_text("a reminder")
    return tmp_path


def test_prints_one_json_object_in_which_every_frame_is_accounted_for(
    folder: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A covered lens is a fault of the camera, told to those who look after cameras, and broken files are counted."""
    monkeypatch.setenv("MATPHO_MODELS_DIR", str(models_dir))
    replay.main(folder, start_utc=START_UTC, spacing_s=5, as_json=True)
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    frames = told["frames"]
    assert frames["rejected"] == {"not_an_image": 1, "empty": 1}
    assert (frames["received"], frames["processed"], frames["dead_lettered"]) == (2 * FRAMES + 2, 2 * FRAMES, 0)
    assert "notes.txt" in printed.err
    (fault,) = _incidents_of(told, "covered-lens")
    assert (fault["kind"], fault["status"], [one["type"] for one in fault["timeline"]]) == (
        "camera_fault",
        "open",
        ["opened"],
    )
    assert fault["timeline"][0]["at"] == (START_UTC + timedelta(seconds=10)).isoformat(), "told by the third frame"
    (alert,) = [one for one in told["alerts"] if one["subject"] == fault["id"]]
    assert sorted(alert["received_by"]) == sorted(fault["units"])


def test_prints_tables_for_people(
    folder: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MATPHO_MODELS_DIR", str(models_dir))
    monkeypatch.setenv("COLUMNS", "200")
    replay.main(folder)
    printed = capsys.readouterr().out
    assert "10 received, 8 processed, 2 rejected (1 empty, 1 not_an_image)" in printed
    assert "camera_fault" in printed
    assert "covered-lens" in printed


@pytest.mark.parametrize(
    ("name", "models", "line"),
    [
        pytest.param("nowhere", True, "no such folder", id="a folder that isn't there"),
        pytest.param("empty", True, "no pictures in", id="a folder without pictures"),
        pytest.param("full", False, "run make models", id="models that were never fetched"),
        pytest.param("full", True, "of this version", id="models of another version"),
    ],
)
def test_says_in_one_line_what_is_wrong(
    name: str,
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    models: bool,
) -> None:
    (tmp_path / "empty").mkdir()
    _write(tmp_path / "full" / "1.jpg", _drawn_wall())
    monkeypatch.setenv("MATPHO_MODELS_DIR", str(tmp_path / "models"))
    if models:
        (tmp_path / "models").mkdir()
        (tmp_path / "models" / "models.json").touch()
    with pytest.raises(typer.Exit) as stopped:
        replay.main(tmp_path / name)
    printed = capsys.readouterr()
    assert (stopped.value.exit_code, printed.out) == (2, "")
    assert line in printed.err
    assert printed.err.count("\n") == 1


def _drawn_wall() -> Any:
    """Grey bricks with the noise of a sensor: sharp, bright, and nobody's business."""
    noise = np.random.default_rng(0).normal(0, 6, (480, 640, 3))
    wall = np.full((480, 640, 3), 150.0)
    wall[::40] = wall[:, ::80] = 60
    return np.clip(wall + noise, 0, 255).astype(np.uint8)


def _write(path: Path, image: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    cv2.imwrite(str(path), image)


def _incidents_of(told: dict[str, Any], camera_id: str) -> list[dict[str, Any]]:
    return [one for one in told["incidents"] if one["cameras"] == [camera_id]]
