"""The face threshold follows from list, traffic and budget; nobody types one in."""

import json
import math
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.thresholds import (
    Evaluation,
    ImpostorCurve,
    OwnThreshold,
    face_threshold,
    flaws,
    own_threshold,
    parse_impostor_curve,
)
from chalicelib.errors import InvalidInput

CURVE = ImpostorCurve(
    "digest", 1_000_000, floor=0.30, floor_fmr=1e-3, shape=0.0, scale=0.1 / math.log(10), decoy_rate=9.7e-4
)
"""A tenth more cosine, a tenth of the rate."""
ENDING = replace(CURVE, shape=-0.1)


@pytest.mark.parametrize(
    ("list_size", "faces_per_day", "false_alerts_per_day", "expected"),
    [
        pytest.param(1, 10_000, 1, 0.40, id="one listed person: the rate of one comparison"),
        pytest.param(10, 10_000, 1, 0.50, id="ten times the list costs one decade"),
        pytest.param(1, 100_000, 1, 0.50, id="and so does ten times the traffic"),
        pytest.param(10, 10_000, 10, 0.40, id="or is bought back by ten times the budget"),
        pytest.param(100, 10_000, 1, 0.60, id="so it goes on"),
        pytest.param(1, 10, 1, 0.30, id="a generous budget never goes below the floor"),
        pytest.param(1, 1, 5, 0.30, id="a budget above the traffic asks for the floor"),
        pytest.param(0, 10_000, 1, 0.30, id="an empty list asks for the floor"),
        pytest.param(10**9, 10**9, 1e-9, 1.0, id="no cosine is above 1"),
    ],
)
def test_threshold_meets_the_false_alert_budget(
    list_size: int, faces_per_day: float, false_alerts_per_day: float, expected: float
) -> None:
    threshold = face_threshold(
        CURVE, list_size=list_size, faces_per_day=faces_per_day, false_alerts_per_day=false_alerts_per_day
    )
    assert threshold == pytest.approx(expected, abs=1e-4)


@given(st.sampled_from([-0.2, -0.044, 0.0, 0.1]), st.floats(1e-9, 1e-3))
def test_rate_and_cosine_are_each_others_inverse(shape: float, fmr: float) -> None:
    curve = replace(CURVE, shape=shape)
    cosine = curve.cosine_at(fmr)
    assert cosine == 1 or curve.fmr_at(cosine) == pytest.approx(fmr, rel=1e-4)


def test_a_tail_with_an_end_is_never_reached_beyond_it() -> None:
    end = ENDING.floor + ENDING.scale / 0.1
    assert ENDING.cosine_at(1e-30) < end
    assert ENDING.fmr_at(end + 0.01) == 0


def test_people_who_resemble_each_other_more_need_a_stricter_threshold() -> None:
    strict = face_threshold(CURVE, list_size=1, faces_per_day=10_000, false_alerts_per_day=1, likeness=10)
    assert strict == pytest.approx(0.50, abs=1e-4)


@given(st.integers(1, 10**5), st.floats(1, 1e6), st.floats(1e-3, 100), st.floats(1, 10))
def test_a_longer_list_and_denser_traffic_never_loosen_it(size: int, faces: float, budget: float, more: float) -> None:
    before = face_threshold(CURVE, list_size=size, faces_per_day=faces, false_alerts_per_day=budget)
    longer = face_threshold(CURVE, list_size=math.ceil(size * more), faces_per_day=faces, false_alerts_per_day=budget)
    denser = face_threshold(CURVE, list_size=size, faces_per_day=faces * more, false_alerts_per_day=budget)
    assert CURVE.floor <= before <= min(longer, denser) + 1e-9


@pytest.mark.parametrize("wrong", [{"faces_per_day": 0}, {"false_alerts_per_day": -1}, {"likeness": math.nan}])
def test_a_budget_that_means_nothing_is_refused_by_name(wrong: dict[str, float]) -> None:
    options = {"faces_per_day": 100.0, "false_alerts_per_day": 1.0} | wrong
    with pytest.raises(InvalidInput, match=next(iter(wrong))):
        face_threshold(CURVE, list_size=1, **options)


RECORD: dict[str, Any] = {
    "embedder_digest": "digest",
    "pairs": 1_000_000,
    "decoys": [{"fmr": 1e-3, "decoy_rate": 9.7e-4}],
    "tail": {"cosine": 0.3, "fmr": 1e-3, "shape": 0.0, "scale": CURVE.scale},
    "rows": ["for people to read"],
}


def test_a_curve_survives_its_file() -> None:
    assert parse_impostor_curve(json.dumps(RECORD)) == CURVE


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{", id="not JSON"),
        pytest.param("{}", id="parts missing"),
        pytest.param("[]", id="not an object"),
        pytest.param(json.dumps(RECORD | {"decoys": []}), id="no decoys"),
        pytest.param(json.dumps(RECORD | {"tail": RECORD["tail"] | {"scale": 0}}), id="a tail without length"),
        pytest.param(json.dumps(RECORD | {"tail": RECORD["tail"] | {"fmr": 1.5}}), id="a rate above one"),
    ],
)
def test_what_is_no_curve_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="curve"):
        parse_impostor_curve(text)


EVALUATION = Evaluation(
    report="EV-7",
    evaluated_by="officer a",
    evaluated_at_utc=datetime(2026, 3, 1, tzinfo=UTC),
    embedder_digest="digest",
    cosine=0.42,
    list_size=200,
    strangers=5_000,
    false_candidates=2,
)
OWN = OwnThreshold(0.45, "officer b", EVALUATION)


def test_a_list_may_have_a_threshold_of_its_own_that_was_evaluated() -> None:
    assert own_threshold(OWN, CURVE, list_size=200) == 0.45


@pytest.mark.parametrize(
    ("own", "reason"),
    [
        pytest.param(replace(OWN, evaluation=None), "no evaluation", id="a number alone"),
        pytest.param(replace(OWN, cosine=0.2), "below the floor", id="below what one to one would need"),
        pytest.param(replace(OWN, cosine=0.41), "was evaluated at 0.42", id="looser than what was evaluated"),
        pytest.param(
            replace(OWN, approved_by="officer a"), "both evaluated and approved", id="approved by its own evaluator"
        ),
        pytest.param(
            replace(OWN, evaluation=replace(EVALUATION, embedder_digest="other")),
            "another embedder",
            id="another model",
        ),
        pytest.param(
            replace(OWN, evaluation=replace(EVALUATION, list_size=199)), "199 of 200", id="a list grown since"
        ),
        pytest.param(replace(OWN, evaluation=replace(EVALUATION, strangers=999)), "999 strangers", id="too few tried"),
    ],
)
def test_a_threshold_of_its_own_without_an_evaluation_of_just_this_is_refused(own: OwnThreshold, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        own_threshold(own, CURVE, list_size=200)


def test_all_that_is_wrong_with_a_threshold_is_said_at_once() -> None:
    with pytest.raises(InvalidInput, match=r"both evaluated.*999 strangers.*199 of 200"):
        own_threshold(
            replace(OWN, approved_by="officer a", evaluation=replace(EVALUATION, strangers=999, list_size=199)),
            CURVE,
            list_size=200,
        )


def test_what_a_pack_can_be_refused_for_needs_no_list() -> None:
    assert flaws(OWN) == ()
    assert flaws(replace(OWN, evaluation=replace(EVALUATION, strangers=999))) == (
        "it was evaluated on 999 strangers only",
    )
