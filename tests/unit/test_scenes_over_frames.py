"""Scenes over frames and by camera, through the flow: a street has its own normal, a doubt goes with an alert."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from chalicelib.domain.alerts.model import alert_of
from chalicelib.domain.alerts.texts import email
from chalicelib.domain.cameras import BEAT_EVERY
from chalicelib.domain.city import CameraProfile
from chalicelib.domain.doubts import Doubt
from chalicelib.domain.frames import FrameRef
from chalicelib.domain.kinds import FLOOD
from chalicelib.domain.observations import CameraHealth, Observation
from chalicelib.domain.scene_reference import SceneReference
from chalicelib.vision.observe import FaceSearch
from tests.unit.chain import Chain

BEAT_S = BEAT_EVERY.total_seconds()
BLURRED, TURNED = "blurred", "moved"
PUDDLE = 0.55
"""A score just above the threshold of .5, on a street whose ordinary neighbours give .05."""


@dataclass
class FloodGauge:
    """Reads a flood's score off a frame's bytes, and which faults the lens has."""

    thresholds: Mapping[str, float] = field(default_factory=lambda: {FLOOD: 0.5})
    typical_logits: Mapping[str, float] = field(default_factory=lambda: {FLOOD: -3.0})

    def observe(
        self,
        frame: FrameRef,
        data: bytes,
        *,
        profile: CameraProfile,
        previous_fingerprint: bytes | None,
        search: FaceSearch | None,
    ) -> Observation:
        score, *faults = data.decode().split()
        health = CameraHealth(dict.fromkeys(faults, 0.6), b"street")
        return Observation(frame, "00", (640, 480), health, scene_scores={FLOOD: float(score)})


def chain() -> Chain:
    chain = Chain()
    chain.analyse = replace(chain.analyse, analyser=FloodGauge())
    return chain


def show(chain: Chain, *scripts: str, from_s: float = 0, every_s: float = BEAT_S) -> float:
    """Deliver frames one after the other; returns when the next would be due."""
    for number, script in enumerate(scripts):
        chain.deliver(chain.put(from_s + every_s * number, script))
    return from_s + every_s * len(scripts)


def normal(chain: Chain) -> SceneReference:
    return chain.cameras.load("tv-1").normal


def floods(chain: Chain) -> int:
    return sum(one.kind == FLOOD for one in chain.incidents)


def test_a_new_camera_is_judged_as_it_is() -> None:
    scene = chain()
    show(scene, *[str(PUDDLE)] * 3, every_s=5)
    assert floods(scene) == 1


def test_a_canal_that_always_looks_a_little_flooded_raises_nothing_by_a_little_more() -> None:
    scene = chain()
    after = show(scene, *["0.4"] * 60)
    show(scene, *[str(PUDDLE)] * 3, from_s=after, every_s=5)
    assert floods(scene) == 0


def test_a_canal_over_its_banks_does_and_its_evidence_says_by_how_much_it_was_judged() -> None:
    scene = chain()
    after = show(scene, *["0.4"] * 60)
    show(scene, *["0.97"] * 3, from_s=after, every_s=5)
    (incident,) = [one for one in scene.incidents if one.kind == FLOOD]
    assert all(one.excess > 1 and one.score < 0.97 for one in incident.evidence)


def test_no_frame_between_two_beats_teaches_anything() -> None:
    """What is learnt is written with the heartbeat, and with nothing else."""
    scene = chain()
    show(scene, *["0.1"] * 12, every_s=5)
    assert [one.frames for one in normal(scene).usual.values()] == [1]


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("0.9", id="a flood"),
        pytest.param(f"0.1 {BLURRED}", id="a look through a blurred lens"),
    ],
)
def test_what_is_not_quiet_teaches_nothing(script: str) -> None:
    scene = chain()
    show(scene, *[script] * 3)
    assert normal(scene).usual == {}


def test_nothing_is_learnt_while_a_flood_goes_on() -> None:
    scene = chain()
    after = show(scene, *["0.9"] * 3)
    show(scene, "0.4", from_s=after)
    assert normal(scene).usual == {}


def test_a_camera_that_was_turned_forgets_the_street_it_knew() -> None:
    scene = chain()
    after = show(scene, *["0.1"] * 3)
    assert normal(scene).usual
    show(scene, f"0.1 {TURNED}", from_s=after)
    assert normal(scene).usual == {}


def test_a_flood_seen_poorly_is_told_a_step_lower_and_says_so() -> None:
    scene = chain()
    show(scene, *[f"0.9 {BLURRED}"] * 3, every_s=5)
    clear = chain()
    show(clear, *["0.9"] * 3, every_s=5)
    (poor,), (good,) = ([one for one in of.incidents if one.kind == FLOOD] for of in (scene, clear))
    assert (poor.doubts, good.doubts) == ((Doubt.DEGRADED,), ())
    assert (poor.severity, good.severity) == ("minor", "moderate")
    alert = alert_of(scene.store.timeline(poor.id)[0], scene.pack)
    assert alert.doubts == (Doubt.DEGRADED,)
    assert "Cần xem lại: camera nhìn không rõ" in email(alert)
    assert "Look twice: the camera sees poorly" in email(alert)


def test_a_clear_look_makes_it_as_severe_as_it_is_at_once() -> None:
    scene = chain()
    after = show(scene, *[f"0.9 {BLURRED}"] * 3, every_s=5)
    show(scene, "0.9", from_s=after)
    (incident,) = [one for one in scene.incidents if one.kind == FLOOD]
    assert (incident.doubts, incident.severity) == ((), "moderate")
    assert incident.last_seen_utc - incident.first_seen_utc == timedelta(seconds=15)
