"""Decoys: faces of nobody that measure, day by day, how alike strangers here are; none can become a candidate."""

import numpy as np
import pytest

from chalicelib.domain.decoys import live_rate
from chalicelib.errors import InvalidInput
from chalicelib.vision.face_decoys import FaceDecoys, draw_decoys
from chalicelib.vision.face_space import FaceSpace, read_face_space


@pytest.fixture
def space() -> FaceSpace:
    return read_face_space()


def test_decoys_are_the_same_unit_rows_everywhere(space: FaceSpace) -> None:
    first, again = draw_decoys(space, cosine=0.35), draw_decoys(space, cosine=0.35)
    np.testing.assert_array_equal(first.rows, again.rows)
    np.testing.assert_allclose(np.linalg.norm(first.rows, axis=1), 1, atol=1e-5)


def test_decoys_are_as_unlike_each_other_as_strangers_are(space: FaceSpace) -> None:
    """Strangers' cosines in LFW lie around 0 with a deviation of 0.092."""
    rows = draw_decoys(space, cosine=0.35, count=1000).rows
    cosines = (rows @ rows.T)[np.triu_indices(1000, 1)]
    assert cosines.mean() == pytest.approx(0, abs=0.01)
    assert cosines.std() == pytest.approx(0.092, abs=0.01)


def test_only_comparisons_that_reach_the_cosine_are_counted() -> None:
    decoys = FaceDecoys(np.eye(2, 3, dtype=np.float32), cosine=0.5)
    assert decoys.hits(np.eye(3, dtype=np.float32)) == 2
    assert decoys.hits(np.zeros((0, 3), np.float32)) == 0


def test_a_day_like_the_curves_people_has_a_rate_of_one() -> None:
    rate = live_rate(faces=50_000, decoys=256, hits=1280, expected_rate=1e-4)
    assert rate.ratio == 1
    assert 0.94 < rate.low < 1 < rate.high < 1.06


def test_a_day_without_a_hit_still_bounds_the_rate() -> None:
    """The exact 95 % bound of a count of none is 3.69."""
    rate = live_rate(faces=100, decoys=100, hits=0, expected_rate=1e-4)
    assert (rate.ratio, rate.low) == (0, 0)
    assert rate.high == pytest.approx(3.69, rel=0.05)


def test_where_nothing_was_compared_nothing_is_said() -> None:
    with pytest.raises(InvalidInput, match="0 faces"):
        live_rate(faces=0, decoys=256, hits=0, expected_rate=1e-4)
