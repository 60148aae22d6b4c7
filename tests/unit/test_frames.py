"""A frame's S3 key says whose it is and when it was taken."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from chalicelib.domain.frames import frame_key, parse_frame_key
from chalicelib.errors import FrameRejected

AT = datetime(2026, 3, 1, 8, 5, 9, 123000, tzinfo=UTC)


def test_a_key_tells_camera_instant_and_sequence() -> None:
    frame = parse_frame_key("frames/bmt-0001/2026/03/01/080509123Z-42.jpg", 1000)
    assert (frame.camera_id, frame.captured_at_utc, frame.sequence, frame.size_bytes) == ("bmt-0001", AT, 42, 1000)


def test_what_is_written_is_read_back_whatever_zone_the_clock_was_in() -> None:
    in_city = AT.astimezone(timezone(timedelta(hours=7)))
    key = frame_key("cam.1_a", in_city, 7, "webp")
    frame = parse_frame_key(key, 0)
    assert (frame.key, frame.captured_at_utc, frame.sequence) == (key, AT, 7)


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("", id="nothing"),
        pytest.param("frames/bmt-0001/2026/03/01/080509123Z-42.gif", id="another kind of file"),
        pytest.param("frames/../2026/03/01/080509123Z-42.jpg", id="a way out of the folder"),
        pytest.param("frames/BMT/2026/03/01/080509123Z-42.jpg", id="capital letters"),
        pytest.param("frames/a/b/2026/03/01/080509123Z-42.jpg", id="a camera with a slash"),
        pytest.param("frames/bmt-0001/2026/13/01/080509123Z-42.jpg", id="a thirteenth month"),
        pytest.param("frames/bmt-0001/2026/02/30/080509123Z-42.jpg", id="a thirtieth of February"),
        pytest.param("frames/bmt-0001/2026/03/01/250509123Z-42.jpg", id="a twenty-fifth hour"),
        pytest.param("frames/bmt-0001/2026/03/01/080509123Z-.jpg", id="no sequence"),
        pytest.param("frames/bmt-0001/2026/03/01/080509123Z-42.jpg\n", id="a line break at the end"),
        pytest.param("frames/bmt-0001/٢٠٢٦/03/01/080509123Z-42.jpg", id="digits of another script"),
        pytest.param("frames/" + "a" * 65 + "/2026/03/01/080509123Z-42.jpg", id="a camera id too long"),
    ],
)
def test_any_other_key_is_refused_by_name(key: str) -> None:
    with pytest.raises(FrameRejected) as refused:
        parse_frame_key(key, 0)
    assert refused.value.reason == "bad_key"
