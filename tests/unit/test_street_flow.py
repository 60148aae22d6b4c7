"""From frames to incidents by what boxes show: a stopped vehicle, a crowd, and a full road on which all drive."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from chalicelib.domain.city import CameraProfile
from chalicelib.domain.frames import FrameRef
from chalicelib.domain.incidents import Incident
from chalicelib.domain.observations import BoxXyxy, Observation
from chalicelib.domain.recorded import RecordedBatch, RecordedFrame
from chalicelib.flows.analyse_frame import AnalyseFrame
from chalicelib.flows.judge_recorded import judge_recorded
from chalicelib.vision.observe import FaceSearch
from tests.unit.chain import Chain
from tests.unit.happenings import PACK
from tests.unit.street import START, box, frame

CAMERA = "tv-5"
"""Testville's camera that looks for both, on a view whose ground is known."""
WRECK = box(300, 700)

Shown = Callable[[float], Observation]
"""What the road shows so many seconds after the start."""


@dataclass
class Road:
    """An analyser that sees what the road shows at the frame's instant."""

    shows: Shown
    thresholds: Mapping[str, float] = field(default_factory=lambda: {"congestion": 0.5})
    typical_logits: Mapping[str, float] = field(default_factory=dict)

    def observe(
        self,
        frame: FrameRef,
        data: bytes,
        *,
        profile: CameraProfile,
        previous_fingerprint: bytes | None,
        search: FaceSearch | None,
    ) -> Observation:
        return replace(self.shows((frame.captured_at_utc - START).total_seconds()), frame=frame)


def watching(shows: Shown) -> tuple[Chain, AnalyseFrame]:
    chain = Chain()
    return chain, replace(chain.analyse, analyser=Road(shows))


def seen_over(minutes: float, shows: Shown, *, every_s: int = 10) -> tuple[Incident, ...]:
    """The incidents after so many minutes of frames."""
    chain, analyse = watching(shows)
    for at_s in range(0, int(60 * minutes), every_s):
        analyse(chain.put(at_s, camera_id=CAMERA))
    return chain.incidents


def passing(at_s: float) -> list[BoxXyxy]:
    """A car that is somewhere else in every frame."""
    return [box((at_s * 37) % 800, 850, side=80)]


def shown(*always: BoxXyxy, until_s: float = 1e9, people: Sequence[BoxXyxy] = (), occupancy: float = 0.1) -> Shown:
    def shows(at_s: float) -> Observation:
        there = at_s < until_s
        vehicles = [*(always if there else ()), *passing(at_s)]
        return frame(at_s, vehicles, people=people if there else (), occupancy=occupancy)

    return shows


PEOPLE = [box(70 * n, 600, side=50) for n in range(12)]


@pytest.mark.parametrize(
    ("minutes", "shows", "kinds"),
    [
        pytest.param(9, shown(WRECK), ["stopped_vehicle"], id="a vehicle stands for nine minutes"),
        pytest.param(6, shown(WRECK), [], id="for six: its five are over, but not yet seen often enough"),
        pytest.param(12, shown(WRECK, until_s=280), [], id="it goes on before its time is over"),
        pytest.param(12, shown(), [], id="cars pass"),
        pytest.param(12, shown(WRECK, occupancy=0.7), [], id="all stand in a jam"),
        pytest.param(2, shown(people=PEOPLE), ["crowd"], id="twelve people for two minutes"),
        pytest.param(2, shown(people=PEOPLE[:11]), [], id="eleven people"),
        pytest.param(2, shown(people=PEOPLE, until_s=40), [], id="people who cross the road"),
    ],
)
def test_what_becomes_an_incident(minutes: float, shows: Shown, kinds: list[str]) -> None:
    assert [one.kind for one in seen_over(minutes, shows)] == kinds


@pytest.mark.parametrize("every_s", [1, 5, 10, 20])
@pytest.mark.parametrize(
    ("red_s", "cycle_s"),
    [
        pytest.param(40, 60, id="red for 40 s of a minute"),
        pytest.param(60, 90, id="red for 60 s of 90"),
        pytest.param(90, 120, id="red for 90 s of two minutes"),
        pytest.param(75, 100, id="red for 75 s of 100"),
    ],
)
def test_a_queue_at_a_light_is_no_stopped_vehicle(red_s: int, cycle_s: int, every_s: int) -> None:
    """Not even two cars that stop at the very same places at every red, while heartbeats happen to see red only."""

    def shows(at_s: float) -> Observation:
        return shown(*([WRECK, box(500, 350)] if at_s % cycle_s < red_s else []))(at_s)

    assert not seen_over(30, shows, every_s=every_s)


@pytest.mark.parametrize("every_s", [1, 5, 10, 20])
def test_a_stopped_vehicle_is_told_within_nine_minutes_however_often_a_camera_sends(every_s: int) -> None:
    """Though its box is missed once in a while."""

    def shows(at_s: float) -> Observation:
        return shown(*([] if 100 <= at_s % 170 < 100 + every_s else [WRECK]))(at_s)

    assert [one.kind for one in seen_over(9, shows, every_s=every_s)] == ["stopped_vehicle"]


def test_many_that_are_parked_are_no_stopped_vehicles() -> None:
    assert not seen_over(30, shown(*(box(200 * n, 700) for n in range(5))))


def test_a_stopped_vehicle_is_placed_on_the_ground_where_it_stands() -> None:
    (incident,) = seen_over(9, shown(WRECK))
    camera = PACK.camera(CAMERA)
    assert camera is not None
    assert incident.label == "car"
    assert (incident.place.latitude, incident.place.longitude) != (camera.latitude, camera.longitude)


def test_it_is_over_when_the_vehicle_was_gone_for_the_hold_time() -> None:
    (incident,) = seen_over(20, shown(WRECK, until_s=600))
    assert not incident.is_live


def test_recorded_frames_tell_the_same() -> None:
    """So a dry run shows what a profile's new switch would bring."""
    frames = [shown(WRECK)(at_s) for at_s in range(0, 540, 10)]
    recorded = [replace(one, frame=replace(one.frame, camera_id=CAMERA)) for one in frames]
    batch = RecordedBatch("run", {}, tuple(RecordedFrame(one.frame.key, one) for one in recorded))
    assert [one.kind for one in judge_recorded([batch], PACK)] == ["stopped_vehicle"]


def burst(chain: Chain, analyse: AnalyseFrame, *, at_s: float) -> None:
    """Three frames two seconds apart, as they come in a bundle."""
    before: Observation | None = None
    for number in range(3):
        before = analyse(chain.put(at_s + 2 * number, camera_id=CAMERA), before=before, leads=number == 0)


@pytest.mark.parametrize(
    ("moves_px", "kinds", "standing"),
    [pytest.param(0, ["congestion"], 1.0, id="all stand"), pytest.param(60, [], 0.0, id="all drive")],
)
def test_a_full_road_is_a_jam_where_vehicles_stand(moves_px: float, kinds: list[str], standing: float) -> None:
    """Only the frames after a bundle's first know who stands, and one of those is the heartbeat's."""

    def shows(at_s: float) -> Observation:
        row = [box(100 * n + moves_px * (at_s / 2 % 3), 600) for n in range(6)]
        full = frame(at_s, row, occupancy=0.7)
        return replace(full, scene_scores={"congestion": 0.0 if at_s % 60 == 0 else 0.9})

    chain, analyse = watching(shows)
    for minute in range(3):
        burst(chain, analyse, at_s=60 * minute)
    assert [one.kind for one in chain.incidents] == kinds
    heartbeat = chain.cameras.load(CAMERA).heartbeat
    assert heartbeat is not None
    assert heartbeat.traffic is not None
    assert heartbeat.traffic.standing == standing


def test_looking_for_stopped_vehicles_writes_nothing_but_the_heartbeat() -> None:
    chain, analyse = watching(shown(WRECK))
    for at_s in range(0, 290, 10):
        analyse(chain.put(at_s, camera_id=CAMERA))
    assert not chain.cameras.trackers
    heartbeat = chain.cameras.load(CAMERA).heartbeat
    assert heartbeat is not None
    assert heartbeat.places
