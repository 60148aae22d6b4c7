"""Where pictures come from: what each kind of source gives, and how it fails."""

import os
from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import cv2
import httpx
import numpy as np
import pytest

from edge.matpho_edge.camera import CameraWorker, pause_s
from edge.matpho_edge.config import (
    Bundling,
    Camera,
    FolderSource,
    Jpeg,
    Login,
    RtspSource,
    SnapshotSource,
    SpoolBounds,
    VideoSource,
)
from edge.matpho_edge.errors import SourceFailed
from edge.matpho_edge.folders import Folder
from edge.matpho_edge.frames import Picture
from edge.matpho_edge.pictures import decode, jpeg_of
from edge.matpho_edge.snapshots import MAX_BYTES, Snapshots
from edge.matpho_edge.spool import Spool
from edge.matpho_edge.streams import Recording, Stream, _with_login
from tests.edge.cloud import FRAMES_A_SECOND, START, Clock, street

SNAPSHOT = SnapshotSource(kind="snapshot", url="http://camera.test/snap.jpg")


def waits(times: int) -> Callable[[float], bool]:
    """Passes so many waits at once, and says at the next that the gateway stops."""
    left = iter([False] * times)
    return lambda _: next(left, True)


def jpeg(at_s: float = 0) -> bytes:
    return cv2.imencode(".jpg", street(at_s))[1].tobytes()


def video(clip: Path, **options: object) -> VideoSource:
    return VideoSource.model_validate({"kind": "video", "path": clip, "starts_at": START, **options})


# ---- recordings


def test_a_recording_gives_a_look_each_so_often_dated_by_its_place(clip: Path) -> None:
    pictures = list(Recording(video(clip), 10.0, waits(0)).pictures())
    assert [(picture.captured_at_utc - START).seconds for picture in pictures] == list(range(0, 120, 10))
    assert [picture.position and picture.position.index for picture in pictures] == list(
        range(0, 120 * FRAMES_A_SECOND, 10 * FRAMES_A_SECOND)
    )
    assert pictures[0].image_bgr.shape == (240, 320, 3)


def test_a_recording_without_a_date_is_as_old_as_its_file(clip: Path) -> None:
    first = next(Recording(video(clip, starts_at=None), 1.0, waits(0)).pictures())
    assert first.captured_at_utc == datetime.fromtimestamp(clip.stat().st_mtime, UTC)


def test_a_recording_in_real_time_waits_between_looks_and_can_be_stopped(clip: Path) -> None:
    assert len(list(Recording(video(clip, realtime=True), 1.0, waits(4)).pictures())) == 5


@pytest.mark.parametrize("name", ["missing.mp4", "words.mp4"])
@pytest.mark.parametrize("starts_at", [START, None])
def test_a_recording_that_cannot_be_read_is_told(tmp_path: Path, name: str, starts_at: datetime | None) -> None:
    (tmp_path / "words.mp4").write_text("no video")
    with pytest.raises(SourceFailed):
        next(Recording(video(tmp_path / name, starts_at=starts_at), 1.0, waits(0)).pictures())


# ---- streams


def test_a_stream_gives_pictures_of_now_and_its_end_is_a_failure(clip: Path, clock: Clock) -> None:
    """A file stands in for the stream: OpenCV opens both alike."""
    source = RtspSource.model_construct(kind="rtsp", url=str(clip), login=None)
    pictures = Stream(source, 0.0, clock.now).pictures()
    for at_s in range(3):
        clock.passed_s = at_s
        assert next(pictures).captured_at_utc == START + timedelta(seconds=at_s)
    with pytest.raises(SourceFailed, match="ended"):
        list(pictures)


def test_only_the_looks_of_a_stream_are_decoded(clip: Path, clock: Clock) -> None:
    source = RtspSource.model_construct(kind="rtsp", url=str(clip), login=None)
    looks: list[Picture] = []
    with pytest.raises(SourceFailed):
        looks.extend(Stream(source, 3600.0, clock.now).pictures())
    assert not looks[1:]


def test_a_stream_that_cannot_be_opened_is_told_without_its_address(tmp_path: Path, clock: Clock) -> None:
    source = RtspSource.model_construct(kind="rtsp", url=str(tmp_path / "secret"), login=None)
    with pytest.raises(SourceFailed) as failed:
        next(Stream(source, 1.0, clock.now).pictures())
    assert "secret" not in str(failed.value)


def test_a_login_becomes_part_of_a_streams_address_whatever_the_password_holds(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("p@ss/w:rd\n")
    login = Login(user="gate way", password_file=tmp_path / "password")
    assert (
        _with_login("rtsp://camera.test:554/a?b=c", login) == "rtsp://gate%20way:p%40ss%2Fw%3Ard@camera.test:554/a?b=c"
    )


# ---- snapshots


def snapshots(answer: Callable[[httpx.Request], httpx.Response], clock: Clock, *, count: int = 1) -> list[Picture]:
    transport = httpx.MockTransport(answer)
    return list(Snapshots(SNAPSHOT, 1.0, clock.now, waits(count - 1), transport=transport).pictures())


def test_a_snapshot_keeps_the_cameras_own_bytes(clock: Clock) -> None:
    (picture,) = snapshots(lambda _: httpx.Response(200, content=jpeg()), clock)
    assert (picture.jpeg, picture.captured_at_utc) == (jpeg(), START)
    assert jpeg_of(picture, Jpeg()) == jpeg()


def test_snapshots_go_on_until_the_gateway_stops(clock: Clock) -> None:
    assert len(snapshots(lambda _: httpx.Response(200, content=jpeg()), clock, count=3)) == 3


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(lambda: httpx.Response(401), id="no leave"),
        pytest.param(lambda: httpx.Response(200, text="<html>"), id="a page"),
        pytest.param(lambda: httpx.Response(200, content=b""), id="nothing"),
        pytest.param(lambda: httpx.Response(200, content=jpeg() + bytes(MAX_BYTES)), id="too much"),
    ],
)
def test_a_camera_that_gives_no_picture_is_told(clock: Clock, answer: Callable[[], httpx.Response]) -> None:
    with pytest.raises(SourceFailed):
        snapshots(lambda _: answer(), clock)


def test_a_camera_that_is_away_is_told_without_its_address(clock: Clock) -> None:
    def away(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("http://camera.test timed out")

    with pytest.raises(SourceFailed, match=r"^the camera: ConnectTimeout$"):
        snapshots(away, clock)


def test_a_camera_that_asks_for_digest_gets_it(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "password").write_text("1234")

    def answer(request: httpx.Request) -> httpx.Response:
        if 'username="gateway"' in request.headers.get("Authorization", ""):
            return httpx.Response(200, content=jpeg())
        return httpx.Response(401, headers={"WWW-Authenticate": 'Digest realm="camera", nonce="n", qop="auth"'})

    login = Login(user="gateway", password_file=tmp_path / "password")
    source = SNAPSHOT.model_copy(update={"login": login})
    assert list(Snapshots(source, 1.0, clock.now, waits(0), transport=httpx.MockTransport(answer)).pictures())


# ---- folders


def drop(folder: Path, name: str, at_s: float, data: bytes | None = None) -> None:
    (folder / name).write_bytes(jpeg() if data is None else data)
    os.utime(folder / name, (START.timestamp() + at_s,) * 2)


def folder_of(path: Path, *, watch: bool = False, delete_taken: bool = False) -> FolderSource:
    return FolderSource(kind="folder", path=path, watch=watch, delete_taken=delete_taken)


def test_a_folder_gives_its_pictures_the_oldest_first(tmp_path: Path) -> None:
    for name, at_s in (("b.jpg", 1), ("a.png", 3), ("c.JPEG", 2), ("notes.txt", 0)):
        drop(tmp_path, name, at_s)
    pictures = list(Folder(folder_of(tmp_path), 1.0, waits(0)).pictures())
    assert [picture.captured_at_utc for picture in pictures] == [START + timedelta(seconds=n) for n in (1, 2, 3)]


def test_files_of_one_instant_are_all_taken(tmp_path: Path) -> None:
    for name in "abc":
        drop(tmp_path, f"{name}.jpg", 0)
    positions = [picture.position for picture in Folder(folder_of(tmp_path), 1.0, waits(0)).pictures()]
    assert len(set(positions)) == 3


def test_a_watched_folder_gives_what_is_dropped_later_and_nothing_twice(tmp_path: Path) -> None:
    drop(tmp_path, "a.jpg", 0)
    pictures = Folder(folder_of(tmp_path, watch=True), 1.0, waits(2)).pictures()
    assert next(pictures).captured_at_utc == START
    drop(tmp_path, "b.jpg", 1)
    assert [picture.captured_at_utc for picture in pictures] == [START + timedelta(seconds=1)]


def test_a_file_that_is_still_written_to_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "fresh.jpg").write_bytes(jpeg())
    assert not list(Folder(folder_of(tmp_path), 1.0, waits(0)).pictures())


def test_taken_files_are_deleted_where_that_is_wanted_even_broken_ones(tmp_path: Path) -> None:
    drop(tmp_path, "a.jpg", 0)
    drop(tmp_path, "broken.jpg", 1, b"no picture")
    assert len(list(Folder(folder_of(tmp_path, delete_taken=True), 1.0, waits(0)).pictures())) == 1
    assert not list(tmp_path.iterdir())


def test_a_file_is_deleted_only_after_its_picture_was_taken(tmp_path: Path) -> None:
    drop(tmp_path, "a.jpg", 0)
    next(Folder(folder_of(tmp_path, delete_taken=True), 1.0, waits(0)).pictures())
    assert (tmp_path / "a.jpg").exists()


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceFailed, match="nowhere"):
        next(Folder(folder_of(tmp_path / "nowhere"), 1.0, waits(0)).pictures())


# ---- pictures and workers


def test_a_large_picture_is_shrunk_before_it_is_sent() -> None:
    picture = Picture(np.zeros((1000, 2000, 3), np.uint8), START, jpeg=b"too large")
    assert decode(jpeg_of(picture, Jpeg(max_side_px=500))).shape == (250, 500, 3)


class Failing:
    """A source that fails a few times, then gives one picture, then ends."""

    def __init__(self, failures: int) -> None:
        self._failures = failures

    def pictures(self) -> Generator[Picture]:
        if self._failures:
            self._failures -= 1
            raise SourceFailed("nothing there")
        yield Picture(street(), START)


class NoWait(Event):
    """Passes every wait at once."""

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_set()


def test_a_camera_that_fails_is_tried_until_it_gives_pictures_again(tmp_path: Path, clock: Clock) -> None:
    camera = Camera(id="cam-1", source=SNAPSHOT)
    spool = Spool(SpoolBounds(folder=tmp_path), Bundling())
    worker = CameraWorker(camera, Failing(5), spool, clock.now)
    worker.run(NoWait())
    assert (worker.life.failures, worker.life.looks, spool.load().frames) == (5, 1, 1)
    spool.close()


@pytest.mark.parametrize(("failures", "longest_s"), [(1, 2), (4, 16), (20, 60)])
def test_pauses_grow_to_a_minute_and_are_jittered(failures: int, longest_s: float) -> None:
    pauses = {pause_s(failures) for _ in range(50)}
    assert len(pauses) > 1
    assert all(longest_s / 2 <= pause <= longest_s for pause in pauses)
