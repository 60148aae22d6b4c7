"""How a camera is judged by what was last heard of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.domain.cameras import Heartbeat
from city.reading import read_pack
from ops.cameras import Condition, judge_cameras

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
PACK = read_pack(Path(__file__).parents[2] / "city" / "testville")
CAMERA = PACK.cameras[0]
ONE = replace(PACK, cameras=(CAMERA,))


def heard(ago_s: float) -> dict[str, Heartbeat]:
    at = NOW - timedelta(seconds=ago_s)
    return {CAMERA.id: Heartbeat(CAMERA.id, at, b"", at)}


@pytest.mark.parametrize(
    ("beats", "faults", "condition", "fault"),
    [
        pytest.param({}, {}, Condition.NEVER_SEEN, "", id="one that was never heard of"),
        pytest.param(heard(300), {}, Condition.SEEING, "", id="one heard of just within the time"),
        pytest.param(heard(301), {}, Condition.OFFLINE, "", id="one that has been silent for longer"),
        pytest.param(heard(10), {CAMERA.id: "dark"}, Condition.BLIND, "dark", id="one whose picture has a fault"),
        pytest.param(
            heard(301), {CAMERA.id: "dark"}, Condition.OFFLINE, "dark", id="one that was blind before it fell silent"
        ),
        pytest.param(heard(10), {"another": "dark"}, Condition.SEEING, "", id="one beside another with a fault"),
    ],
)
def test_a_camera_is(beats: dict[str, Heartbeat], faults: dict[str, str], condition: Condition, fault: str) -> None:
    (status,) = judge_cameras(ONE, beats, faults, now_utc=NOW)
    assert (status.condition, status.fault) == (condition, fault)


def test_the_worst_come_first() -> None:
    conditions = [one.condition for one in judge_cameras(PACK, heard(10), {}, now_utc=NOW)]
    assert len(conditions) == len(PACK.cameras)
    assert conditions[-1] is Condition.SEEING
    assert set(conditions[:-1]) == {Condition.NEVER_SEEN}
