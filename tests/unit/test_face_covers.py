"""The bench of covered faces draws what it says it draws, and counts what is told of it."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typer import Typer
from typer.testing import CliRunner

from bench.face_covers import GLASS_BGR, GLASSES, MASK, main, measure, wearing
from chalicelib.errors import InvalidInput

app = Typer()
app.command()(main)


def face(shade: int = 120) -> NDArray[np.uint8]:
    return np.full((112, 112, 3), (shade - 20, shade, shade + 30), np.uint8)


def test_cloth_lies_inside_its_outline_and_takes_the_faces_light() -> None:
    bright, dim = face(), face()
    dim[:, 56:] //= 2
    rng = np.random.default_rng(1)
    worn = wearing(bright, MASK, (200, 170, 110), rng)
    assert np.array_equal(worn[:40], bright[:40])
    assert worn[90, 50].astype(int) == pytest.approx([200, 170, 110], abs=15)
    assert wearing(dim, MASK, (200, 170, 110), rng)[90, 75].mean() < 0.7 * worn[90, 75].mean()


def test_shares_are_of_what_is_told_so_a_face_without_a_mouth_counts_as_covered() -> None:
    """A face without a mouth: the measure says what `covers` says, whatever it is worth."""
    figures = measure([face(), face(90)])
    assert figures["people"] == 2
    assert figures["bare_called_covered"] == 1
    assert figures["masked_called_covered"]["blue"] == 1


def test_dark_glasses_are_dark() -> None:
    worn = wearing(face(), GLASSES, GLASS_BGR, np.random.default_rng(1))
    assert worn[50, 40].mean() < 50


def test_without_a_face_there_is_nothing_to_measure() -> None:
    with pytest.raises(InvalidInput, match="no face"):
        measure([])


def test_a_folder_without_faces_is_one_line(tmp_path: Path, models_dir: Path) -> None:
    result = CliRunner().invoke(app, ["--data", str(tmp_path), "--models", str(models_dir)])
    assert result.exit_code == 2
    assert result.stderr.strip() == "no face in faces/lfw"
