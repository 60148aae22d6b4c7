"""A live camera: pictures come over RTSP, and when it dies and comes back, its frames are delivered again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import cv2
import httpx
import numpy as np
import pytest

from chalicelib.domain.frames import parse_frame_key
from edge.matpho_edge import camera as workers
from edge.matpho_edge.clock import system_now
from edge.matpho_edge.config import Config, Login, RtspSource
from edge.matpho_edge.errors import SourceFailed
from edge.matpho_edge.gateway import run_gateway
from edge.matpho_edge.streams import Stream
from tests.edge.cloud import Cloud, served, street
from tests.edge.rtsp import camera

LOOKS_LIKE = 8.0
"""Levels by which a picture of the drawn street may be off: its car drives about, and JPEG does what it does."""
LOGIN = "gate way:p@ss/w:rd"
FFMPEG = any(cv2.videoio_registry.getBackendName(one) == "FFMPEG" for one in cv2.videoio_registry.getStreamBackends())

pytestmark = pytest.mark.skipif(not FFMPEG, reason="this OpenCV was built without FFmpeg, which reads streams")


def stream(port: int, *, login: Login | None = None) -> Stream:
    return Stream(RtspSource(kind="rtsp", url=f"rtsp://127.0.0.1:{port}/live", login=login), 0.1, system_now)


@pytest.fixture
def login(tmp_path: Path) -> Callable[[str], Login]:
    def write(words: str) -> Login:
        user, _, password = words.partition(":")
        (tmp_path / "password").write_text(password)
        return Login(user=user, password_file=tmp_path / "password")

    return write


def test_a_live_stream_gives_what_the_camera_sees_until_it_dies() -> None:
    with camera() as port:
        pictures = stream(port).pictures()
        seen = [next(pictures) for _ in range(3)]
    for picture in seen:
        assert np.abs(picture.image_bgr.astype(float) - street()).mean() < LOOKS_LIKE
    assert seen[0].captured_at_utc < seen[1].captured_at_utc < seen[2].captured_at_utc
    with pytest.raises(SourceFailed):
        list(pictures)


def test_a_camera_that_asks_for_a_login_gets_it_whatever_the_password_holds(login: Callable[[str], Login]) -> None:
    with camera(login=LOGIN) as port:
        assert next(stream(port, login=login(LOGIN)).pictures()).image_bgr.shape == (240, 320, 3)


def test_a_wrong_password_is_told_without_it(login: Callable[[str], Login]) -> None:
    with camera(login=LOGIN) as port, pytest.raises(SourceFailed) as failed:
        next(stream(port, login=login("gate way:wrong")).pictures())
    assert "wrong" not in str(failed.value)


def test_a_camera_that_dies_and_comes_back_goes_on_being_delivered(
    tmp_path: Path, token_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "pause_s", lambda _: 0.05)
    cloud, stop, delivered = Cloud(system_now), Event(), Event()
    since_utc = system_now()

    def notice(_: httpx.Request) -> None:
        """A frame of since then is in the store, and another on its way."""
        if any(parse_frame_key(key, 0).captured_at_utc > since_utc for key in cloud.objects):
            delivered.set()

    cloud.when = notice
    with served(cloud) as address, ThreadPoolExecutor(1) as pool:
        with camera() as port:
            gateway = pool.submit(run_gateway, config(tmp_path, token_file, address, port), stop)
            assert delivered.wait(20)
        since_utc = system_now()
        delivered.clear()
        with camera(port=port):
            assert delivered.wait(20)
            stop.set()
            gateway.result(20)


def config(folder: Path, token_file: Path, address: str, port: int) -> Config:
    """One camera, of which five pictures a second are sent whatever they show."""
    return Config.model_validate(
        {
            "api": address,
            "token_file": token_file,
            "spool": {"folder": folder / "spool"},
            "metrics": None,
            "cameras": [
                {
                    "id": "cam-1",
                    "source": {"kind": "rtsp", "url": f"rtsp://127.0.0.1:{port}/live"},
                    "cadence": {"look_every_s": 0.1, "burst_every_s": 0.2, "proof_every_s": 0.2},
                }
            ],
        }
    )
