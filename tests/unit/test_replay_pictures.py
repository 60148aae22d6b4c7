"""Which files of somebody's folder become frames, of which camera and in which order."""

from pathlib import Path

import pytest

from chalicelib.domain.frames import frame_key, parse_frame_key
from chalicelib.errors import InvalidInput
from local.pictures import read_folder, slug
from tests.e2e.conftest import START_UTC


@pytest.mark.parametrize(
    ("name", "camera_id"),
    [
        pytest.param("cam-01", "cam-01", id="an id stays as it is"),
        pytest.param("Ngã sáu Đường 3", "nga-sau-duong-3", id="Vietnamese loses its marks"),
        pytest.param("fire_smoke", "fire_smoke", id="an underscore stays"),
        pytest.param("  (North) Gate! ", "north-gate", id="what a key can't carry goes"),
        pytest.param("x" * 100, "x" * 64, id="a long name is cut"),
        pytest.param("监控", "camera", id="a name with nothing left has a name all the same"),
    ],
)
def test_folder_name_becomes_a_camera_id(name: str, camera_id: str) -> None:
    assert slug(name) == camera_id
    assert parse_frame_key(frame_key(slug(name), START_UTC, 0), 0).camera_id == camera_id


def test_each_sub_folder_is_a_camera_however_deep_its_files_lie(tmp_path: Path) -> None:
    _touch(tmp_path, "Gate/2026/1.jpg", "Gate/2.jpg", "market/1.png")
    assert _found(tmp_path) == {"gate": ["2.jpg", "1.jpg"], "market": ["1.png"]}


def test_flat_folder_is_one_camera(tmp_path: Path) -> None:
    _touch(tmp_path / "Lane 7", "a.jpg", "b.jpg")
    assert _found(tmp_path / "Lane 7") == {"lane-7": ["a.jpg", "b.jpg"]}


def test_frames_are_in_the_order_in_which_people_count(tmp_path: Path) -> None:
    _touch(tmp_path, "c/f10.jpg", "c/f9.jpg", "c/f1.jpg")
    assert _found(tmp_path) == {"c": ["f1.jpg", "f9.jpg", "f10.jpg"]}


def test_two_folders_whose_names_come_out_the_same_stay_two_cameras(tmp_path: Path) -> None:
    _touch(tmp_path, "Gate 1/a.jpg", "gate-1/b.jpg")
    assert _found(tmp_path) == {"gate-1": ["a.jpg"], "gate-1-2": ["b.jpg"]}


def test_pictures_are_sent_by_any_name_and_the_rest_is_told_of(tmp_path: Path) -> None:
    """A broken or foreign picture is the chain's to refuse by reason; hidden files are nobody's business."""
    _touch(tmp_path, "c/a.JPG", "c/b.jpeg", "c/c.bmp", "c/d.webp", "c/notes.txt", "c/.hidden.jpg", ".git/e.jpg")
    folder = read_folder(tmp_path)
    assert [(one.path.name, one.extension) for one in folder.pictures] == [
        ("a.JPG", "jpg"),
        ("b.jpeg", "jpeg"),
        ("c.bmp", "jpg"),
        ("d.webp", "webp"),
    ]
    assert [path.name for path in folder.skipped] == ["notes.txt"]


@pytest.mark.parametrize("files", [(), ("c/notes.txt",)], ids=["an empty folder", "a folder without pictures"])
def test_folder_with_nothing_to_replay_is_refused(tmp_path: Path, files: tuple[str, ...]) -> None:
    _touch(tmp_path, *files)
    with pytest.raises(InvalidInput, match="no pictures in"):
        read_folder(tmp_path)


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no such folder"):
        read_folder(tmp_path / "nowhere")


def _touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def _found(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for picture in read_folder(folder).pictures:
        assert picture.number == len(found.setdefault(picture.camera_id, []))
        found[picture.camera_id].append(picture.path.name)
    return found
