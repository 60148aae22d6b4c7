"""What every FrameStore and RejectionLog promises."""

import pytest

from chalicelib.domain.frames import parse_frame_key
from chalicelib.errors import FrameRejected
from edge.matpho_edge.bundles import make_bundle
from tests.store.conftest import World
from tests.store.samples import at

pytestmark = pytest.mark.xdist_group("store")

KEY = "frames/cam-1/2026/03/01/050000000Z-1.jpg"
BUNDLE = "frames/cam-1/2026/03/01/050000000Z-1.tar"


def test_a_frame_is_read_byte_for_byte(world: World) -> None:
    world.put_frame(KEY, b"\xff\xd8\x00")
    assert world.frames.read(parse_frame_key(KEY, 3)) == b"\xff\xd8\x00"


def test_a_frame_that_is_gone_is_rejected_as_missing(world: World) -> None:
    with pytest.raises(FrameRejected) as rejection:
        world.frames.read(parse_frame_key(KEY, 3))
    assert rejection.value.reason == "missing"


def test_the_frames_of_a_bundle_are_listed_and_read_under_their_own_keys(world: World) -> None:
    world.put_frame(BUNDLE, make_bundle([("050000000Z-1.jpg", b"one"), ("050001000Z-2.jpg", b"second")]))
    keys = [f"{BUNDLE}/050000000Z-1.jpg", f"{BUNDLE}/050001000Z-2.jpg"]
    assert world.frames.open_bundle(BUNDLE, 3) == ((keys[0], 3), (keys[1], 6))
    assert [world.frames.read(parse_frame_key(key, 3)) for key in keys] == [b"one", b"second"]


def test_a_bundled_frame_is_read_though_nobody_opened_its_bundle(world: World) -> None:
    """Evidence has nothing but the frame's key."""
    world.put_frame(BUNDLE, make_bundle([("050000000Z-1.jpg", b"one")]))
    assert world.frames.read(parse_frame_key(f"{BUNDLE}/050000000Z-1.jpg", 3)) == b"one"


@pytest.mark.parametrize("held", [True, False], ids=["its bundle is there", "its bundle is gone"])
def test_a_bundled_frame_that_is_gone_is_rejected_as_missing(world: World, held: bool) -> None:  # noqa: FBT001
    if held:
        world.put_frame(BUNDLE, make_bundle([("050000000Z-1.jpg", b"one")]))
    with pytest.raises(FrameRejected) as rejection:
        world.frames.read(parse_frame_key(f"{BUNDLE}/050009000Z-9.jpg", 3))
    assert rejection.value.reason == "missing"


def test_a_frame_is_rejected_once_and_keeps_its_first_reason(world: World) -> None:
    world.rejections.record(KEY, reason="too_dark", at_utc=at(0))
    world.rejections.record(KEY, reason="missing", at_utc=at(60))
    world.rejections.record("other", reason="bad_key", at_utc=at(0))
    assert world.rejected() == {KEY: "too_dark", "other": "bad_key"}
