"""The map of where a scene is: how much it fills, the box around it, and whether it moves."""

import numpy as np
import pytest

from chalicelib.domain.evidence import SCENE, sighting
from chalicelib.domain.heat import box_of, extent, moves
from chalicelib.domain.incidents import Evidence
from chalicelib.vision.scene_heads import SceneHead
from chalicelib.vision.scene_heat import heat_of
from chalicelib.vision.scene_views import SceneViews
from tests.unit.happenings import START

COLD = "0" * 36
THIRD = 1 / 3


def lit(*blocks: int, digit: str = "4") -> str:
    return "".join(digit if block in blocks else "3" for block in range(36))


@pytest.mark.parametrize(
    ("heat", "share", "box"),
    [
        pytest.param("", 0, None, id="nobody looked"),
        pytest.param("3" * 36, 0, None, id="just below the level everywhere"),
        pytest.param(lit(0), 1 / 36, (0, 0, 1 / 6, 1 / 6), id="the corner at the top left"),
        pytest.param(lit(14, 21), 2 / 36, (2 / 6, 2 / 6, 4 / 6, 4 / 6), id="two blocks that touch at a corner"),
        pytest.param(lit(*range(18, 36), digit="f"), 0.5, (0, 0.5, 1, 1), id="the lower half, however hot"),
    ],
)
def test_extent_and_box(heat: str, share: float, box: tuple[float, ...] | None) -> None:
    assert extent(heat) == pytest.approx(share)
    assert box_of(heat) == (pytest.approx(box) if box else None)


def test_people_are_shown_roughly_where_a_scene_is() -> None:
    seen = Evidence("frames/1", "00", START, 0.9, heat=lit(0))
    (box,) = sighting(1, seen).boxes
    assert (box.label, box.box_rel) == (SCENE, (0, 0, 1 / 6, 1 / 6))


@pytest.mark.parametrize(
    ("maps", "moving"),
    [
        pytest.param([lit(7), lit(7), lit(7)], False, id="the same thrice"),
        pytest.param([lit(7), lit(8), lit(7)], False, id="a step to and fro is noise"),
        pytest.param([lit(7, digit="6"), lit(7, digit="8")], True, id="two steps in one block are movement"),
        pytest.param([lit(7)], False, id="one look can't tell"),
    ],
)
def test_only_more_than_noise_is_movement(maps: list[str], moving: bool) -> None:  # noqa: FBT001
    assert moves(maps) is moving


def head() -> SceneHead:
    """Reads the only feature there is; a window of 1 is just at its level."""
    weights = np.ones((2, 1), np.float32)
    return SceneHead("fire_smoke", weights, (0.5, 0.25, 0.25, -1.0), threshold=0.5, typical_logit=-3.0)


def views(windows: np.ndarray) -> SceneViews:
    """The large view, then its windows by rows."""
    large = np.concatenate(([-9], windows.ravel())).astype(np.float32)[:, None]
    return SceneViews(large, lambda: large[0])


def test_a_view_that_is_all_at_the_level_is_filled() -> None:
    assert heat_of(head(), views(np.ones((5, 5)))) == "4" * 36


def test_what_only_the_windows_around_it_see_lies_where_they_meet() -> None:
    """A window is two blocks a side, so the four that see a small fire have one block in common."""
    windows = np.full((5, 5), -5.0)
    windows[1:3, 2:4] = 2.0
    assert box_of(heat_of(head(), views(windows))) == pytest.approx((3 / 6, 2 / 6, 4 / 6, 3 / 6))


def test_however_hot_or_cold_a_block_is_one_digit() -> None:
    windows = np.full((5, 5), -99.0)
    windows[:, 4] = 99.0
    assert heat_of(head(), views(windows)) == "00003f" * 6
