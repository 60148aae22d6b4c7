"""A simulated incident is reproducible, stays where it is put, and leaves its own picture alone."""

import numpy as np
import pytest
from numpy.typing import NDArray

from overlays import KINDS, render
from overlays.crowd import crowd_vehicles

GREY = np.full((180, 240, 3), 120, np.uint8)
PLACE = (0.5, 0.7)


def changed(before_bgr: NDArray[np.uint8], after_bgr: NDArray[np.uint8]) -> NDArray[np.bool_]:
    return np.asarray(np.abs(before_bgr.astype(int) - after_bgr).max(axis=-1) > 12)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_pixels_and_another_seed_others(kind: str) -> None:
    first, again, other = (render(GREY, kind, size_share=0.3, position_rel=PLACE, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("kind", KINDS)
def test_the_picture_given_is_not_written_to(kind: str) -> None:
    picture = GREY.copy()
    rendered = render(picture, kind, size_share=0.3, position_rel=PLACE, seed=1)
    assert np.array_equal(picture, GREY)
    assert rendered.shape == GREY.shape
    assert rendered.dtype == np.uint8


@pytest.mark.parametrize("kind", KINDS)
def test_a_larger_incident_covers_more(kind: str) -> None:
    small, large = (
        changed(GREY, render(GREY, kind, size_share=share, position_rel=PLACE, seed=3)).mean() for share in (0.15, 0.5)
    )
    assert 0 < small < large


@pytest.mark.parametrize("kind", ["fire", "smoke", "garbage"])
@pytest.mark.parametrize("x_rel", [0.2, 0.8])
def test_an_incident_stands_where_it_was_put(kind: str, x_rel: float) -> None:
    rendered = render(GREY, kind, size_share=0.2, position_rel=(x_rel, 0.8), seed=4)
    columns = np.flatnonzero(changed(GREY, rendered).any(axis=0)) / GREY.shape[1]
    assert abs(np.median(columns) - x_rel) < 0.2


def test_flood_water_fills_the_lower_part_and_spares_the_upper() -> None:
    wet = changed(GREY, render(GREY, "flood", size_share=0.4, position_rel=PLACE, seed=5))
    assert not wet[: int(0.45 * len(wet))].any()
    assert wet[int(0.8 * len(wet)) :].mean() > 0.5


def test_flames_are_bright_and_redder_than_blue() -> None:
    dark = np.full_like(GREY, 40)
    burning = render(dark, "fire", size_share=0.4, position_rel=PLACE, seed=6).astype(int)
    brightest = burning[burning.sum(axis=-1) > np.quantile(burning.sum(axis=-1), 0.98)]
    assert brightest[:, 2].mean() > 200
    assert brightest[:, 2].mean() > brightest[:, 0].mean() + 40


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        render(GREY, "earthquake", size_share=0.3, position_rel=PLACE, seed=1)


def test_a_jam_copies_the_pictures_own_vehicles() -> None:
    street = GREY.copy()
    street[100:130, 60:100] = (0, 0, 255)
    street[60:72, 130:146] = (0, 0, 255)
    boxes = [(60.0, 100.0, 100.0, 130.0), (130.0, 60.0, 146.0, 72.0)]
    jam = crowd_vehicles(street, boxes, count=30, seed=1)
    assert (jam[..., 2].astype(int) - jam[..., 0] > 60).mean() > 2 * (street[..., 2] == 255).mean()


@pytest.mark.parametrize("boxes", [[], [(10.0, 10.0, 14.0, 14.0)]], ids=["no vehicle", "one too small to copy"])
def test_a_jam_needs_a_vehicle_to_copy(boxes: list[tuple[float, float, float, float]]) -> None:
    assert np.array_equal(crowd_vehicles(GREY, boxes, count=30, seed=1), GREY)
