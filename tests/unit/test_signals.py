"""Scores become positives at the camera's threshold, else the city's, else the model's."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import pytest

from chalicelib.domain.city import CameraProfile, CityPack, Hours, KindPolicy, Mask, Schedule
from chalicelib.domain.confirmation import Sighting, Tracker
from chalicelib.domain.frames import FrameRef
from chalicelib.domain.observations import (
    CameraHealth,
    Detection,
    FaceCandidate,
    FaceReading,
    Observation,
    TrafficReading,
)
from chalicelib.domain.signals import Reading, Signal, read_signals, scheduled

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
        KindPolicy("congestion", "Ùn tắc", "Congestion", "minor"),
    ),
    profiles=(),
    cameras=(),
)
DEFAULTS = {"flood": 0.6, "garbage": 0.6, "congestion": 0.6}
LEFT = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))


def read(
    observation: Observation,
    *,
    thresholds: Mapping[str, float] | None = None,
    frozen: bool = False,
    excess: Mapping[str, float] | None = None,
) -> Reading:
    profile = CameraProfile("p", thresholds=thresholds or {})
    return read_signals(observation, pack=CITY, profile=profile, defaults=DEFAULTS, frozen=frozen, excess=excess or {})


def read_as(profile: CameraProfile, observation: Observation) -> Reading:
    return read_signals(observation, pack=CITY, profile=profile, defaults=DEFAULTS, frozen=False, excess={})


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


def test_what_the_camera_always_scores_is_taken_off() -> None:
    """The judged score counts; by how much it was judged goes with it, so that it can be judged anew."""
    flooded = replace(PLAIN, scene_scores={"flood": 0.7})
    assert read(flooded, excess={"flood": 1.0}).positives == ()
    (signal,) = read(flooded, excess={"flood": -1.0}).positives
    assert (round(signal.score, 2), signal.excess) == (0.86, -1.0)


def test_a_scene_fills_what_its_map_says() -> None:
    heat = "4" * 9 + "3" * 27
    (signal,) = read(replace(PLAIN, scene_scores={"flood": 0.7}, scene_heat={"flood": heat})).positives
    assert (signal.extent, signal.heat) == (0.25, heat)


@pytest.mark.parametrize(
    ("faults", "frozen", "degraded"),
    [
        pytest.param({"dark": 0.1, "blurred": 0.2}, False, False, id="a dim street is none the worse"),
        pytest.param({"blurred": 0.3}, False, True, id="half blurred is a poor look before it is a fault"),
        pytest.param({"moved": 0.3}, False, False, id="a view that seems to have shifted is still seen well"),
        pytest.param({"moved": 0.5}, False, True, id="a camera that was turned shows another street"),
        pytest.param({"frozen": 1.0}, False, False, id="two like pictures are no old one yet"),
        pytest.param({"frozen": 1.0}, True, True, id="a frozen picture is an old one"),
    ],
)
def test_a_poor_look_is_called_one(faults: dict[str, float], frozen: bool, degraded: bool) -> None:  # noqa: FBT001
    assert read(faulty(**faults), frozen=frozen).degraded is degraded


@pytest.mark.parametrize(
    ("shows", "going_on", "quiet"),
    [
        pytest.param({}, False, {"flood"}, id="a clear look at a dry street"),
        pytest.param({"scene_scores": {"flood": 0.7}}, False, set(), id="a flood is not normal"),
        pytest.param({}, True, set(), id="nor is what lies between two looks at one"),
        pytest.param({"health": CameraHealth({"blurred": 0.3}, b"")}, False, set(), id="a poor look teaches nothing"),
    ],
)
def test_only_quiet_looks_teach_a_camera_its_normal(shows: dict[str, Any], going_on: bool, quiet: set[str]) -> None:  # noqa: FBT001
    dry = replace(PLAIN, scene_scores={"flood": 0.1})
    at = dry.frame.captured_at_utc
    seen = Sighting(at, 0, positive=True, score=0.9, frame_key="f", sha256="0")
    trackers = (Tracker("cam", "flood", recent=(seen,) if going_on else ()),)
    assert read(replace(dry, **shows)).quiet(trackers) & {"flood"} == quiet


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
    best = Signal(
        "watchlist_candidate",
        0.7,
        subject="e1",
        spot_rel=(7 / 640, 9 / 480),
        box_rel=(5 / 640, 5 / 480, 9 / 640, 9 / 480),
    )
    assert reading.positives == (best,)


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


MORNING, EVENING = Hours(time(6), time(9)), Hours(time(16), time(19))


@pytest.mark.parametrize(
    ("schedules", "seen"),
    [
        pytest.param((), True, id="without a schedule at all hours"),
        pytest.param((Schedule(("flood",), (MORNING, EVENING)),), True, id="in one of its hours, on the city's clock"),
        pytest.param((Schedule(("flood",), (EVENING,)),), False, id="outside of them"),
        pytest.param((Schedule(("*",), (EVENING,)),), False, id="a schedule for all kinds"),
        pytest.param((Schedule(("garbage",), (EVENING,)),), True, id="another kind's schedule"),
        pytest.param(
            (Schedule(("flood",), (EVENING,)), Schedule(("flood",), (MORNING,))), True, id="the camera's hours add up"
        ),
    ],
)
def test_a_kind_outside_its_schedule_is_neither_seen_nor_quiet(schedules: tuple[Schedule, ...], seen: bool) -> None:  # noqa: FBT001
    """The frame is of midnight in London, seven in the morning in the city."""
    reading = read_as(CameraProfile("p", schedules=schedules), replace(PLAIN, scene_scores={"flood": 0.9}))
    assert ("flood" in reading.looked_for) is seen
    assert [signal.kind for signal in reading.positives] == ["flood"] * seen


@pytest.mark.parametrize(
    ("masks", "scores"),
    [
        pytest.param((), [0.9], id="the best face speaks"),
        pytest.param((Mask(LEFT),), [0.7], id="one that stands in a mask doesn't"),
        pytest.param((Mask(LEFT, ("watchlist_candidate",)),), [0.7], id="nor in a mask for candidates"),
        pytest.param((Mask(LEFT, ("flood",)),), [0.9], id="another kind's mask is none"),
        pytest.param((Mask(LEFT), Mask(((0.5, 0.0), (1.0, 0.0), (1.0, 1.0), (0.5, 1.0)))), [], id="all masked"),
    ],
)
def test_a_face_in_a_mask_is_no_candidate(masks: tuple[Mask, ...], scores: list[float]) -> None:
    faces = (FaceCandidate("e1", 0.9, (0, 0, 64, 96)), FaceCandidate("e1", 0.7, (480, 0, 544, 96)))
    reading = read_as(CameraProfile("p", masks=masks), replace(PLAIN, faces=FaceReading(2, {}, faces)))
    assert [signal.score for signal in reading.positives] == scores
    assert "watchlist_candidate" in reading.looked_for


def vehicle(x_rel: float, bottom_rel: float, label: str = "car") -> Detection:
    x, bottom = x_rel * 640, bottom_rel * 480
    return Detection(label, 0.9, (x - 20, bottom - 30, x + 20, bottom))


def test_congestion_fills_the_road_and_stands_in_the_midst_of_its_vehicles() -> None:
    """People, vehicles beyond the road zone and those under a mask say nothing of where it is."""
    queue = [vehicle(0.6, 0.5), vehicle(0.7, 0.6), vehicle(0.8, 0.9)]
    others = [vehicle(0.9, 0.9, "person"), vehicle(0.9, 0.1), vehicle(0.2, 0.9)]
    jam = replace(
        PLAIN,
        scene_scores={"congestion": 0.9},
        detections=(*queue, *others),
        traffic=TrafficReading({"car": 5}, 0.62),
    )
    (signal,) = read_as(CameraProfile("p", masks=(Mask(LEFT, ("congestion",)),)), jam).positives
    assert signal.extent == 0.62
    assert signal.spot_rel == pytest.approx((0.7, 0.6))


def test_congestion_without_a_vehicle_detector_has_no_extent_and_no_spot() -> None:
    (signal,) = read(replace(PLAIN, scene_scores={"congestion": 0.9})).positives
    assert (signal.extent, signal.spot_rel) == (0.0, None)


@pytest.mark.parametrize(
    ("hour", "scenes", "faces"),
    [
        pytest.param(7, ("flood", "garbage"), True, id="in the hours of all"),
        pytest.param(12, ("garbage",), False, id="what is off is not even shown to a model"),
    ],
)
def test_no_model_looks_for_what_is_off(hour: int, scenes: tuple[str, ...], faces: bool) -> None:  # noqa: FBT001
    schedule = Schedule(("flood", "watchlist_candidate"), (MORNING,))
    profile = CameraProfile("p", scenes=("flood", "garbage"), faces=True, schedules=(schedule,))
    now = scheduled(profile, datetime(2026, 3, 2, hour, tzinfo=UTC))
    assert (now.scenes, now.faces) == (scenes, faces)


def test_without_schedules_the_profile_is_the_same() -> None:
    profile = CameraProfile("p", scenes=("flood",))
    assert scheduled(profile, datetime(2026, 3, 2, tzinfo=UTC)) is profile
