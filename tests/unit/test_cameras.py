"""A camera beats at most once a minute, and is frozen when its picture stays the same for longer than streets do."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.cameras import Heartbeat, is_frozen, next_heartbeat
from chalicelib.domain.frames import FrameRef
from chalicelib.domain.observations import CameraHealth, Observation

START = datetime(2026, 3, 1, tzinfo=UTC)


def observation(at_s: float, *, same_picture: bool = False) -> Observation:
    frame = FrameRef("cam-1", START + timedelta(seconds=at_s), 0, "frames/x", 1)
    return Observation(frame, "00", (640, 480), CameraHealth({"frozen": 1.0 if same_picture else 0.0}, b"new"))


def last(at_s: float, still_since_s: float) -> Heartbeat:
    return Heartbeat("cam-1", START + timedelta(seconds=at_s), b"old", START + timedelta(seconds=still_since_s))


@pytest.mark.parametrize(
    ("heartbeat", "at_s", "beats"),
    [
        pytest.param(None, 0, True, id="the first frame beats"),
        pytest.param(last(0, 0), 59.9, False, id="within a minute none does"),
        pytest.param(last(0, 0), 60, True, id="after a minute one does"),
        pytest.param(last(600, 600), 0, False, id="a late frame never sets the beat back"),
    ],
)
def test_the_beat_is_throttled(heartbeat: Heartbeat | None, at_s: float, beats: bool) -> None:  # noqa: FBT001
    assert (next_heartbeat(heartbeat, observation(at_s)) is not None) is beats


@pytest.mark.parametrize(("same", "since_s"), [(True, 10), (False, 120)])
def test_a_beat_remembers_since_when_the_picture_is_the_same(same: bool, since_s: float) -> None:  # noqa: FBT001
    beat = next_heartbeat(last(60, 10), observation(120, same_picture=same))
    assert beat is not None
    assert beat.still_since_utc == START + timedelta(seconds=since_s)


@pytest.mark.parametrize(
    ("heartbeat", "at_s", "same", "frozen"),
    [
        pytest.param(None, 500, True, False, id="nothing to compare with"),
        pytest.param(last(60, 0), 119, True, False, id="not yet long enough"),
        pytest.param(last(60, 0), 120, True, True, id="two minutes of one picture"),
        pytest.param(last(60, 0), 500, False, False, id="the picture changed"),
        pytest.param(last(600, 600), 0, True, False, id="a late copy of an older frame"),
    ],
)
def test_frozen(heartbeat: Heartbeat | None, at_s: float, same: bool, frozen: bool) -> None:  # noqa: FBT001
    assert is_frozen(heartbeat, observation(at_s, same_picture=same)) is frozen
