"""What passes the gate: motion, slow change and a proof of life; not noise, not light, not what always moves."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from edge.matpho_edge.config import Cadence, Sensitivity
from edge.matpho_edge.frames import Worth
from edge.matpho_edge.gate import Gate
from tests.edge.cloud import START, street

CADENCE = Cadence(look_every_s=1, proof_every_s=60, burst_every_s=2, burst_for_s=10)


def judge(gate: Gate, looks: Iterable[tuple[float, NDArray[np.uint8]]]) -> Mapping[float, Worth]:
    """What passed, by second."""
    judged = {at_s: gate.judge(image, START + timedelta(seconds=at_s)) for at_s, image in looks}
    return {at_s: worth for at_s, worth in judged.items() if worth is not None}


@pytest.fixture
def gate() -> Gate:
    return Gate(CADENCE, Sensitivity())


def test_a_still_street_sends_a_proof_of_life_each_minute(gate: Gate) -> None:
    assert judge(gate, ((at_s, street(at_s)) for at_s in range(200))) == dict.fromkeys((0, 60, 120, 180), Worth.PROOF)


def test_motion_is_sent_at_the_burst_cadence_until_a_while_after_it_ended(gate: Gate) -> None:
    passed = judge(gate, ((at_s, street(at_s, car=20 <= at_s < 25)) for at_s in range(59)))
    assert passed == {0: Worth.PROOF} | dict.fromkeys(range(20, 34, 2), Worth.MOTION)


@pytest.mark.parametrize("light", [-40, 40], ids=["a cloud", "the sun"])
def test_light_that_falls_on_everything_is_no_motion(gate: Gate, light: int) -> None:
    assert judge(gate, ((at_s, street(at_s, light=light if at_s > 20 else 0)) for at_s in range(59))) == {
        0: Worth.PROOF
    }


def test_what_always_moves_becomes_usual(gate: Gate) -> None:
    """A busy road sends less and less; what is unlike it still passes."""
    passed = judge(gate, ((at_s, street(at_s * 7, car=True)) for at_s in range(300)))
    late = [at_s for at_s in passed if at_s >= 180]
    assert len(late) <= 3
    smoke = street(0, car=True)
    cv2.circle(smoke, (250, 60), 40, (235, 235, 235), -1)
    assert judge(gate, [(302, smoke)]) == {302: Worth.MOTION}


def test_change_too_slow_to_be_motion_is_sent_for_what_it_has_become(gate: Gate) -> None:
    def flooded(at_s: float) -> NDArray[np.uint8]:
        image = street(at_s)
        level = 239 - int(at_s / 30)
        image[level:] = np.clip(image[level:].astype(int) + int(at_s / 4), 0, 255)
        return image

    slow = Gate(CADENCE.model_copy(update={"proof_every_s": 100_000}), Sensitivity(moved_share=1.0))
    passed = judge(slow, ((at_s, flooded(at_s)) for at_s in range(0, 1200, 5)))
    assert set(passed.values()) == {Worth.PROOF, Worth.CHANGE}


def test_an_event_of_the_camera_begins_a_burst_that_outranks_motion(gate: Gate) -> None:
    judge(gate, ((at_s, street(at_s)) for at_s in range(20)))
    gate.trigger(START + timedelta(seconds=20))
    assert set(judge(gate, ((at_s, street(at_s, car=True)) for at_s in range(20, 29))).values()) == {Worth.EVENT}


def test_a_covered_lens_is_motion(gate: Gate) -> None:
    judge(gate, ((at_s, street(at_s)) for at_s in range(20)))
    assert judge(gate, [(20, np.full((240, 320, 3), 8, np.uint8))]) == {20: Worth.MOTION}


def test_a_clock_that_is_set_back_silences_nobody(gate: Gate) -> None:
    judge(gate, ((at_s, street(at_s)) for at_s in range(20)))
    assert judge(gate, [(-3600, street(0))]) == {-3600: Worth.PROOF}


def test_a_recording_is_judged_alike_each_time() -> None:
    looks = [(at_s, street(at_s, car=at_s % 20 < 5)) for at_s in range(100)]
    once, again = (judge(Gate(CADENCE, Sensitivity()), looks) for _ in range(2))
    assert once == again
