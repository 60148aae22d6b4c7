"""Faint finds count in part, and the view draws the count to what pictures like it hold."""

from pathlib import Path

import numpy as np
import pytest

from chalicelib.domain.observations import Detection
from chalicelib.errors import Misconfigured
from chalicelib.vision.vehicle_count import CountHead, find_features, load_count_head, save_count_head

WH = (100, 100)
ODDS_ONLY = np.array([1, 0, 0, 0, 0, 0], np.float32)
HEAD = CountHead(ODDS_ONLY, np.array([np.log(21), 0], np.float32), 0.0)
TWENTY = np.array([1, 0], np.float32)


def finds(*scores: float) -> list[Detection]:
    return [Detection("car", score, (10, 10, 30, 20)) for score in scores]


@pytest.mark.parametrize(
    ("scores", "expected"), [((), 0), ((0.9,), 0.9), ((0.5, 0.2, 0.2), 0.9)], ids=["none", "a sure one", "faint ones"]
)
def test_finds_count_by_their_odds(scores: tuple[float, ...], expected: float) -> None:
    assert HEAD.count(finds(*scores), image_wh=WH) == pytest.approx(expected, abs=1e-3)


def test_the_view_draws_the_count_and_never_below_zero() -> None:
    alone = HEAD.count(finds(0.9, 0.9), image_wh=WH)
    assert alone < HEAD.count(finds(0.9, 0.9), image_wh=WH, view_features=TWENTY) < 20
    assert HEAD.count([], image_wh=WH, view_features=-TWENTY) == 0


def test_an_empty_picture_has_no_features_of_finds() -> None:
    assert find_features([], WH).shape == (0, 6)


def test_a_head_is_read_as_it_was_written(tmp_path: Path) -> None:
    save_count_head(tmp_path / "head.npz", HEAD)
    assert load_count_head(tmp_path / "head.npz").count(finds(0.5), image_wh=WH) == pytest.approx(0.5)


def test_a_missing_head_is_named() -> None:
    with pytest.raises(Misconfigured, match=r"nowhere\.npz"):
        load_count_head(Path("nowhere.npz"))


def test_the_shipped_head_trusts_a_sure_find_more_than_a_faint_one() -> None:
    head = load_count_head()
    assert head.view.shape == (1952,)
    assert head.count(finds(0.7), image_wh=WH) > 2 * head.count(finds(0.15), image_wh=WH)
