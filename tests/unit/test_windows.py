"""A window keeps incidents from opening, or marks them as drills, for its kinds, areas, cameras and time only."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.city import Window
from chalicelib.domain.windows import EXERCISE, SUPPRESS, is_exercise, suppressed
from city.reading import read_pack

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
WORKS = Window("works", SUPPRESS, "resurfacing", START, START + timedelta(hours=4), ("congestion",), ("harbour",))
DRILL = Window("drill", EXERCISE, "yearly drill", START, START + timedelta(hours=1), cameras=("tv-1",))
PACK = replace(read_pack(Path(__file__).parents[2] / "city" / "testville"), windows=(WORKS, DRILL))
CASE = {"kind": "congestion", "area_id": "harbour", "camera_id": "tv-5", "at_utc": START}


@pytest.mark.parametrize(
    ("changes", "window"),
    [
        pytest.param({}, WORKS, id="its first instant counts"),
        pytest.param({"at_utc": START + timedelta(hours=4)}, None, id="its last doesn't"),
        pytest.param({"at_utc": START - timedelta(seconds=1)}, None, id="not before"),
        pytest.param({"kind": "fire_smoke"}, None, id="another kind"),
        pytest.param({"area_id": "new-town"}, None, id="another area"),
        pytest.param({"kind": "flood", "camera_id": "tv-1"}, None, id="a drill suppresses nothing"),
    ],
)
def test_window_suppresses(changes: dict[str, Any], window: Window | None) -> None:
    assert suppressed(PACK, **{**CASE, **changes}) is window


@pytest.mark.parametrize(
    ("changes", "exercise"),
    [
        pytest.param({"camera_id": "tv-1"}, True, id="on its camera, of any kind"),
        pytest.param({}, False, id="planned works are no drill"),
        pytest.param({"camera_id": "tv-1", "at_utc": START + timedelta(hours=2)}, False, id="after it"),
    ],
)
def test_window_marks_drills(changes: dict[str, Any], exercise: bool) -> None:  # noqa: FBT001
    assert is_exercise(PACK, **{**CASE, **changes}) is exercise
