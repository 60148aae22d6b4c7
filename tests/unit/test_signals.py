"""Scores become positives at the camera's threshold, else the city's, else the model's."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.city import CameraProfile, CityPack, KindPolicy
from chalicelib.domain.frames import FrameRef
from chalicelib.domain.observations import CameraHealth, FaceCandidate, FaceReading, Observation
from chalicelib.domain.signals import Reading, Signal, read_signals

FRAME = FrameRef("cam-1", datetime(2026, 3, 1, tzinfo=UTC), 0, "frames/x", 1)
PLAIN = Observation(FRAME, "00", (640, 480), CameraHealth({}, b""))
CITY = CityPack(
    "x",
    "1",
    "X",
    "X",
    "Asia/Ho_Chi_Minh",
    "a",
    areas=(),
    units=(),
    routes=(),
    kinds=(
        KindPolicy("flood", "Ngập", "Flood", "severe"),
        KindPolicy("garbage", "Rác", "Waste", "minor", threshold=0.8),
    ),
    profiles=(),
    cameras=(),
)
DEFAULTS = {"flood": 0.6, "garbage": 0.6}


def read(observation: Observation, *, thresholds: Mapping[str, float] | None = None, frozen: bool = False) -> Reading:
    profile = CameraProfile("p", thresholds=thresholds or {})
    return read_signals(observation, pack=CITY, profile=profile, defaults=DEFAULTS, frozen=frozen)


def faulty(**faults: float) -> Observation:
    return replace(PLAIN, health=CameraHealth(faults, b""))


@pytest.mark.parametrize(
    ("kind", "score", "thresholds", "positive"),
    [
        pytest.param("flood", 0.6, {}, True, id="the model's default counts where nobody said more"),
        pytest.param("flood", 0.59, {}, False, id="below it is no positive"),
        pytest.param("garbage", 0.7, {}, False, id="the city's threshold beats the model's"),
        pytest.param("garbage", 0.8, {}, True, id="and is reached by equality"),
        pytest.param("garbage", 0.8, {"garbage": 0.9}, False, id="the camera's threshold beats the city's"),
    ],
)
def test_scene_thresholds(kind: str, score: float, thresholds: dict[str, float], positive: bool) -> None:  # noqa: FBT001
    reading = read(replace(PLAIN, scene_scores={kind: score}), thresholds=thresholds)
    assert bool(reading.positives) is positive
    assert kind in reading.looked_for


@pytest.mark.parametrize(
    ("faults", "frozen", "expected"),
    [
        pytest.param({"dark": 0.9, "covered": 0.7}, False, ["dark"], id="only the worst fault speaks"),
        pytest.param({"dark": 0.4}, False, [], id="half a fault is none"),
        pytest.param({"frozen": 1.0}, False, [], id="an equal picture alone is no fault"),
        pytest.param({"frozen": 1.0}, True, ["frozen"], id="an equal picture for long is one"),
        pytest.param({}, True, [], id="no score, no fault"),
    ],
)
def test_camera_faults(faults: dict[str, float], frozen: bool, expected: list[str]) -> None:  # noqa: FBT001
    assert [signal.label for signal in read(faulty(**faults), frozen=frozen).positives] == expected


def test_each_entry_signals_once_by_its_best_face() -> None:
    candidates = (FaceCandidate("e1", 0.5, (0, 0, 1, 1)), FaceCandidate("e1", 0.7, (5, 5, 9, 9)))
    reading = read(replace(PLAIN, faces=FaceReading(2, {}, candidates)))
    assert reading.positives == (Signal("watchlist_candidate", 0.7, subject="e1", spot_rel=(7 / 640, 9 / 480)),)


@pytest.mark.parametrize(
    ("changes", "looked_for"),
    [
        pytest.param({}, {"camera_fault"}, id="health is looked at on every frame"),
        pytest.param({"scene_scores": {"flood": 0.0}}, {"camera_fault", "flood"}, id="what was scored was looked for"),
        pytest.param(
            {"faces": FaceReading(0, {}, ())},
            {"camera_fault", "watchlist_candidate"},
            id="faces where they were sought",
        ),
    ],
)
def test_only_what_was_looked_for_can_be_quiet(changes: dict[str, Any], looked_for: set[str]) -> None:
    assert read(replace(PLAIN, **changes)).looked_for == looked_for
