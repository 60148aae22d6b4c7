"""What every FrameStore and RejectionLog promises."""

import pytest

from chalicelib.domain.frames import parse_frame_key
from chalicelib.errors import FrameRejected
from tests.store.conftest import World
from tests.store.samples import at

pytestmark = pytest.mark.xdist_group("store")

KEY = "frames/cam-1/2026/03/01/050000000Z-1.jpg"


def test_a_frame_is_read_byte_for_byte(world: World) -> None:
    world.put_frame(KEY, b"\xff\xd8\x00")
    assert world.frames.read(parse_frame_key(KEY, 3)) == b"\xff\xd8\x00"


def test_a_frame_that_is_gone_is_rejected_as_missing(world: World) -> None:
    with pytest.raises(FrameRejected) as rejection:
        world.frames.read(parse_frame_key(KEY, 3))
    assert rejection.value.reason == "missing"


def test_a_frame_is_rejected_once_and_keeps_its_first_reason(world: World) -> None:
    world.rejections.record(KEY, reason="too_dark", at_utc=at(0))
    world.rejections.record(KEY, reason="missing", at_utc=at(60))
    world.rejections.record("other", reason="bad_key", at_utc=at(0))
    assert world.rejected() == {KEY: "too_dark", "other": "bad_key"}
