"""A camera is judged against its own street: what it always scores is no news, but no normal hides a flood for good."""

from datetime import datetime

import pytest

from chalicelib.domain.kinds import FIRE_SMOKE, FLOOD, GARBAGE
from chalicelib.domain.scene_reference import NOTHING_YET, SceneReference, excesses, judge_by_normal, learn_quiet

NOON = datetime(2026, 3, 1, 12, 0)  # noqa: DTZ001  # the city's own clock
NIGHT = datetime(2026, 3, 1, 2, 0)  # noqa: DTZ001
TYPICAL = {FLOOD: -3.0, GARBAGE: -3.0, FIRE_SMOKE: -3.0}
TYPICAL_SCORE = 0.0474
ALL = frozenset({FLOOD, GARBAGE, FIRE_SMOKE})


def learnt(scores: dict[str, float], *, frames: int = 600, local: datetime = NOON) -> SceneReference:
    reference = NOTHING_YET
    for _ in range(frames):
        reference = learn_quiet(reference, scores, local=local, quiet=ALL)
    return reference


def judged(reference: SceneReference, kind: str, score: float, *, local: datetime = NOON) -> float:
    excess = excesses(reference, local=local, typical_logits=TYPICAL)
    return judge_by_normal(score, excess.get(kind, 0.0))


def test_a_new_camera_keeps_its_scores() -> None:
    assert judged(NOTHING_YET, FLOOD, 0.7) == pytest.approx(0.7)


def test_a_camera_with_a_typical_street_keeps_its_scores() -> None:
    assert judged(learnt({FLOOD: TYPICAL_SCORE}), FLOOD, 0.7) == pytest.approx(0.7, abs=0.01)


@pytest.mark.parametrize(
    ("usual", "lowered"),
    [
        pytest.param(0.4, True, id="a canal that always looks a bit flooded must look more so"),
        pytest.param(0.001, False, id="a dry square that begins to look wet is noticed sooner"),
    ],
)
def test_the_same_score_weighs_against_the_usual(usual: float, *, lowered: bool) -> None:
    assert (judged(learnt({FLOOD: usual}), FLOOD, 0.7) < 0.7) is lowered


def test_no_normal_hides_a_sure_flood() -> None:
    assert judged(learnt({FLOOD: 0.99}), FLOOD, 0.9999) > 0.99


def test_a_few_frames_count_little_and_many_count_fully() -> None:
    few, many = (judged(learnt({FLOOD: 0.4}, frames=frames), FLOOD, 0.7) for frames in (1, 600))
    assert 0.7 > few > many


def test_each_quarter_of_the_day_has_its_own_normal() -> None:
    assert judged(learnt({FLOOD: 0.4}, local=NOON), FLOOD, 0.7, local=NIGHT) == pytest.approx(0.7)


@pytest.mark.parametrize("kind", [FIRE_SMOKE, GARBAGE])
def test_what_gains_nothing_by_it_is_judged_as_it_is(kind: str) -> None:
    reference = learnt({kind: 0.4})
    assert reference == NOTHING_YET
    assert judged(reference, kind, 0.7) == 0.7


def test_a_frame_that_shows_something_teaches_nothing_about_the_normal() -> None:
    assert learn_quiet(NOTHING_YET, {FLOOD: 0.9}, local=NOON, quiet=frozenset()) == NOTHING_YET


def test_an_evening_of_rising_water_is_not_learnt_as_normal() -> None:
    """Below its threshold it counts as quiet for hours, on a street that was dry for days."""
    reference = learnt({FLOOD: TYPICAL_SCORE}, frames=2000)
    for _ in range(180):
        reference = learn_quiet(reference, {FLOOD: 0.5}, local=NOON, quiet=ALL)
    assert judged(reference, FLOOD, 0.9) > 0.85


def test_a_street_that_changes_for_good_is_learnt_anew() -> None:
    reference = learnt({FLOOD: 0.4})
    for _ in range(10_000):
        reference = learn_quiet(reference, {FLOOD: TYPICAL_SCORE}, local=NOON, quiet=ALL)
    assert judged(reference, FLOOD, 0.7) == pytest.approx(0.7, abs=0.01)
