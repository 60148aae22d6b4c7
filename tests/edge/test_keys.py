"""The gateway shares no code with the chain; this is what holds them together."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from chalicelib.domain import frame_bundles
from chalicelib.domain.frames import frame_key, parse_frame_key
from chalicelib.store.frames import MAX_FRAME_BYTES
from edge.matpho_edge import frames
from edge.matpho_edge.bundles import END_BYTES, MEMBER_OVERHEAD_BYTES, make_bundle
from edge.matpho_edge.config import Camera


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 3, 1, 8, 5, 9, 123456, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=7))),
    ],
    ids=["UTC", "the city's own zone"],
)
def test_the_gateway_writes_the_keys_that_the_chain_reads(at: datetime) -> None:
    key = f"{frames.day_prefix('bmt-0001', at)}{frames.frame_name(at, 42)}.jpg"
    assert key == frame_key("bmt-0001", at, 42)


@pytest.mark.parametrize("camera_id", ["bmt-0001", "a", "cam.1_a", "0" * 64])
def test_every_camera_that_the_gateway_knows_has_keys_that_the_chain_reads(camera_id: str) -> None:
    at = datetime(2026, 3, 1, 8, tzinfo=UTC)
    camera = Camera.model_validate({"id": camera_id, "source": {"kind": "folder", "path": "."}})
    bundle = f"{frames.day_prefix(camera.id, at)}{frames.frame_name(at, 1)}.tar"
    (key,) = frame_bundles.read_bundle(bundle, make_bundle([(f"{frames.frame_name(at, 1)}.jpg", b"jpeg")]))
    assert frame_bundles.is_bundle_key(bundle)
    assert parse_frame_key(key, 4).camera_id == camera_id


def test_both_sides_have_the_same_limits() -> None:
    assert (frames.MAX_OBJECT_BYTES, frames.MAX_BUNDLE_FRAMES) == (MAX_FRAME_BYTES, frame_bundles.MAX_FRAMES)


def test_a_bundle_weighs_no_more_than_is_reckoned() -> None:
    bundle = make_bundle([(f"0800{n:02}000Z-{n}.jpg", bytes(1 + 512 * n)) for n in range(12)])
    assert len(bundle) <= sum(1 + 512 * n + MEMBER_OVERHEAD_BYTES for n in range(12)) + END_BYTES
