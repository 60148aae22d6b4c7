"""`python -m local.enrol`: portraits become a list that a replay searches."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
import typer
from numpy.typing import NDArray
from typer.testing import CliRunner, Result

from chalicelib.vision.watchlist import WatchlistSnapshot
from local import enrol
from tests.data.drawn_faces import AN, BINH, Person, drawn_face, street_with

AN_ALIKE = AN._replace(hair=(200, 200, 200), half_eye_gap=100)
CHI = Person((30, 45, 70), (250, 250, 250), 125, (130, 36))
"""So unlike him that one list may have both. Without beard and glasses, which on drawn skin pass for a scarf."""

Write = Callable[[str, NDArray[np.uint8]], Path]


@pytest.fixture
def write(tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Puts a picture into a file; the models are there."""
    monkeypatch.setenv("MATPHO_MODELS_DIR", str(models_dir))

    def write(name: str, image_bgr: NDArray[np.uint8]) -> Path:
        cv2.imwrite(str(tmp_path / name), image_bgr)
        return tmp_path / name

    return write


def run(*photos: Path, out: Path) -> Result:
    app = typer.Typer()
    app.command()(enrol.main)
    return CliRunner().invoke(app, [*map(str, photos), "--out", str(out)])


def test_each_portrait_becomes_an_entry_by_its_name(write: Write, tmp_path: Path) -> None:
    photos = write("Nguyen An.jpg", drawn_face(420, AN)), write("binh.png", drawn_face(420, CHI))
    done = run(*photos, out=tmp_path / "trial.npz")
    assert done.exit_code == 0, done.output
    snapshot = WatchlistSnapshot.from_bytes((tmp_path / "trial.npz").read_bytes())
    assert [entry.entry_id for entry in snapshot.entries] == ["nguyen-an", "binh"]
    assert snapshot.templates.shape == (2, 128)


@pytest.mark.parametrize(
    ("image_bgr", "line"),
    [
        pytest.param(np.full((200, 200, 3), 90, np.uint8), "refused, no_face", id="nobody"),
        pytest.param(
            street_with((60, 100, drawn_face(420, AN)), (700, 100, drawn_face(420, BINH))),
            "refused, several_faces",
            id="two people",
        ),
        pytest.param(cv2.GaussianBlur(drawn_face(420, AN), (0, 0), 12), "refused, blurred", id="a blurred one"),
    ],
)
def test_a_portrait_that_will_not_do_is_told_and_no_list_is_made(
    write: Write, tmp_path: Path, image_bgr: NDArray[np.uint8], line: str
) -> None:
    done = run(write("photo.png", image_bgr), out=tmp_path / "trial.npz")
    assert done.exit_code == 2
    assert line in done.output
    assert not (tmp_path / "trial.npz").exists()


def test_a_folder_is_one_entry_with_several_photographs(write: Write, tmp_path: Path) -> None:
    (tmp_path / "An").mkdir()
    write("An/1.png", drawn_face(420, AN))
    write("An/2.png", drawn_face(420, AN_ALIKE))
    done = run(tmp_path / "An", out=tmp_path / "trial.npz")
    assert done.exit_code == 0, done.output
    snapshot = WatchlistSnapshot.from_bytes((tmp_path / "trial.npz").read_bytes())
    assert [entry.entry_id for entry in snapshot.entries] == ["an"]
    assert snapshot.owners.tolist() == [0, 0]


def test_the_same_photograph_twice_is_refused(write: Write, tmp_path: Path) -> None:
    (tmp_path / "An").mkdir()
    write("An/1.png", drawn_face(420, AN))
    write("An/2.png", drawn_face(400, AN))
    done = run(tmp_path / "An", out=tmp_path / "trial.npz")
    assert done.exit_code == 2
    assert "an: refused, duplicate" in done.output


def test_an_empty_folder_is_told(write: Write, tmp_path: Path) -> None:
    (tmp_path / "nobody").mkdir()
    done = run(tmp_path / "nobody", out=tmp_path / "trial.npz")
    assert done.exit_code == 2
    assert "no photograph" in done.output


def test_two_entries_that_resemble_each_other_are_refused(write: Write, tmp_path: Path) -> None:
    done = run(
        write("an.png", drawn_face(420, AN)), write("binh.png", drawn_face(420, AN_ALIKE)), out=tmp_path / "x.npz"
    )
    assert done.exit_code == 2
    assert "binh: refused, resembles_another_entry" in done.output
