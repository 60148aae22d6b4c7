"""The face threshold follows from list, traffic and budget; nobody types one in."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.thresholds import ImpostorCurve, face_threshold, parse_impostor_curve
from chalicelib.errors import InvalidInput

CURVE = ImpostorCurve("digest", 1_000_000, 0.30, ((0.30, 1e-3), (0.40, 1e-4), (0.50, 1e-5)))


@pytest.mark.parametrize(
    ("list_size", "faces_per_day", "false_alerts_per_day", "expected"),
    [
        pytest.param(1, 10_000, 1, 0.40, id="one listed person: the rate of one comparison"),
        pytest.param(10, 10_000, 1, 0.50, id="ten times the list costs one decade"),
        pytest.param(1, 100_000, 1, 0.50, id="and so does ten times the traffic"),
        pytest.param(10, 10_000, 10, 0.40, id="or is bought back by ten times the budget"),
        pytest.param(100, 10_000, 1, 0.60, id="beyond the last point the line goes on"),
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


def test_between_two_points_the_rate_falls_evenly_on_the_log_scale() -> None:
    threshold = face_threshold(CURVE, list_size=1, faces_per_day=10**4.5, false_alerts_per_day=1)
    assert threshold == pytest.approx(0.45, abs=1e-4)


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


def test_a_curve_survives_its_file() -> None:
    record = {"embedder_digest": "digest", "pairs": 1_000_000, "floor": 0.3, "points": CURVE.points, "made_by": "x"}
    assert parse_impostor_curve(json.dumps(record)) == CURVE


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{", id="not JSON"),
        pytest.param("{}", id="parts missing"),
        pytest.param("[]", id="not an object"),
        pytest.param(
            '{"embedder_digest": "d", "pairs": 1, "floor": 0, "points": [[0.3, 0.1], [0.4, 0.2]]}',
            id="a rate that rises with the cosine",
        ),
        pytest.param(
            '{"embedder_digest": "d", "pairs": 1, "floor": 0, "points": [[0.3, 0.1]]}', id="a single point is no line"
        ),
    ],
)
def test_what_is_no_curve_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="impostor curve"):
        parse_impostor_curve(text)
