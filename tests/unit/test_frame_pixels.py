"""A frame is read in as few pixels as will do, and whole only for whoever asks."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from chalicelib.errors import FrameRejected
from chalicelib.vision.frame_pixels import FramePixels, pixels_of_file, pixels_of_image
from chalicelib.vision.images import decode_image

Image = NDArray[np.uint8]
LEFT_HALF = (((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)),)


def street(width: int, height: int) -> Image:
    """Blocks of colour, a sixteenth of the sides."""
    blocks = np.random.default_rng(3).integers(20, 235, (16, 16, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(blocks, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)


def of_file(width: int, height: int) -> FramePixels:
    return pixels_of_file(bytes(cv2.imencode(".jpg", street(width, height))[1]))


@pytest.fixture
def decodings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes each whole decoding was given."""
    log: list[int] = []

    def decode_and_tell(data: bytes) -> Image:
        log.append(len(data))
        return decode_image(data)

    monkeypatch.setattr("chalicelib.vision.frame_pixels.decode_image", decode_and_tell)
    return log


@pytest.mark.parametrize(
    ("wh", "coarse_wh", "small_wh"),
    [
        ((320, 180), (320, 180), (320, 180)),
        ((640, 480), (640, 480), (640, 480)),
        ((1279, 720), (1279, 720), (640, 360)),
        ((1280, 720), (640, 360), (640, 360)),
        ((1920, 1080), (960, 540), (640, 360)),
        ((2560, 1440), (640, 360), (640, 360)),
        ((720, 1280), (360, 640), (360, 640)),
    ],
    ids=str,
)
def test_each_sensor_gets_its_size(wh: tuple[int, int], coarse_wh: tuple[int, int], small_wh: tuple[int, int]) -> None:
    frame = of_file(*wh)
    shapes = (frame.coarse_bgr.shape, frame.small_bgr.shape, frame.whole_bgr.shape)
    assert (frame.wh, shapes) == (wh, tuple((high, wide, 3) for wide, high in (coarse_wh, small_wh, wh)))
    assert frame.small_share == pytest.approx(small_wh[0] / wh[0])


def test_a_frame_is_decoded_whole_once_and_only_when_asked_for(decodings: list[int]) -> None:
    frame = of_file(1280, 720)
    assert frame.small_bgr.shape == (360, 640, 3)
    assert decodings == []
    assert frame.whole_bgr is frame.whole_bgr
    assert len(decodings) == 1


def test_a_frame_that_was_read_whole_at_first_is_not_read_again(decodings: list[int]) -> None:
    frame = of_file(640, 360)
    assert frame.whole_bgr is frame.coarse_bgr
    assert decodings == []


@pytest.mark.parametrize("wh", [(1920, 1080), (320, 180)], ids=["reduced", "read whole at first"])
def test_what_is_hidden_is_hidden_at_every_size(wh: tuple[int, int]) -> None:
    hidden = of_file(*wh).hiding(LEFT_HALF)
    assert hidden.wh == wh
    for image_bgr in (hidden.coarse_bgr, hidden.small_bgr, hidden.whole_bgr):
        middle = image_bgr.shape[1] // 2
        assert image_bgr[:, : middle - 2].reshape(-1, 3).std(axis=0).max() < 1
        assert image_bgr[:, middle:].std() > 20


def test_where_nothing_is_hidden_nothing_is_copied() -> None:
    frame = pixels_of_image(street(64, 48))
    assert frame.hiding(()) is frame


def test_what_is_no_picture_is_refused_before_anybody_asks() -> None:
    with pytest.raises(FrameRejected):
        pixels_of_file(b"no picture")
