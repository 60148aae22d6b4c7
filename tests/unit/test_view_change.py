"""A camera that was turned or sprayed is told from a street over which light, rain and traffic pass."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from chalicelib.domain.observations import CameraHealth
from chalicelib.vision.camera_health import assess_health
from chalicelib.vision.frame_pixels import pixels_of_image
from chalicelib.vision.images import decode_image
from chalicelib.vision.view_change import MOVED, TAMPERED, remember

Image = NDArray[np.uint8]
WIDTH, HEIGHT = 640, 360


def panorama(seed: int = 3) -> Image:
    """Walls with a grain, and houses of several sizes, wider than a camera sees."""
    rng = np.random.default_rng(seed)
    image = np.full((HEIGHT, 2 * WIDTH, 3), 120, np.uint8)
    for _ in range(500):
        x, y = int(rng.integers(0, 2 * WIDTH)), int(rng.triangular(0, 60, HEIGHT))
        corner = (x + int(rng.integers(8, 60)), y + int(rng.integers(8, 50)))
        cv2.rectangle(image, (x, y), corner, rng.integers(20, 235, 3).tolist(), -1)
    return np.clip(image + rng.normal(0, 4, image.shape), 0, 255).astype(np.uint8)


def view(left_px: int = 0, seed: int = 3) -> Image:
    return panorama(seed)[:, left_px : left_px + WIDTH]


def noisy(image: Image, seed: int) -> Image:
    return np.clip(image + np.random.default_rng(seed).normal(0, 3, image.shape), 0, 255).astype(np.uint8)


def dimmed(image: Image) -> Image:
    noise = np.random.default_rng(1).normal(0, 4, image.shape)
    return np.clip(image * 0.5 + noise, 0, 255).astype(np.uint8)


def with_a_bus(image: Image) -> Image:
    driven = image.copy()
    driven[180:300, 200:400] = (30, 60, 200)
    return driven


def after(*pictures: Image) -> CameraHealth:
    """What is said of the last of a camera's pictures, each a minute after the other."""
    health = CameraHealth({}, b"")
    for picture in pictures:
        health = assess_health(pixels_of_image(picture), previous_fingerprint=health.fingerprint)
    return health


def faults(health: CameraHealth) -> set[str]:
    return {fault for fault in (MOVED, TAMPERED) if health.faults[fault] >= 0.5}


CHANGES: dict[str, tuple[Image, set[str]]] = {
    "the same view": (view(), set()),
    "the same view at dusk": (dimmed(view()), set()),
    "a bus in it": (with_a_bus(view()), set()),
    "turned by a tenth of the view": (view(64), {MOVED}),
    "turned by a fifth": (view(120), {MOVED}),
    "turned by half": (view(320), {TAMPERED}),
    "looking at something else": (view(0, seed=8)[::-1], {TAMPERED}),
    "a hand before the lens, which is a fault of its own": (np.full((HEIGHT, WIDTH, 3), 70, np.uint8), set()),
}


@pytest.mark.parametrize(("now", "expected"), CHANGES.values(), ids=CHANGES.keys())
def test_only_a_change_of_what_is_looked_at_is_a_fault(now: Image, expected: set[str]) -> None:
    assert faults(after(view(), now, noisy(now, seed=1))) == expected


def test_a_view_counts_as_another_once_it_stays() -> None:
    assert faults(after(view(), view(120))) == set()


def test_a_camera_that_tours_its_presets_is_not_at_fault() -> None:
    tour = [view(seed=seed) for seed in range(3, 9)]
    assert [faults(after(*tour[:stop])) for stop in range(1, len(tour) + 1)] == [set()] * len(tour)


def test_a_turned_camera_stays_at_fault_for_long_and_is_taken_for_granted_at_last() -> None:
    health = after(view(), view(120))
    minutes = 0
    while minutes == 0 or faults(health):
        health = assess_health(pixels_of_image(noisy(view(120), seed=minutes)), previous_fingerprint=health.fingerprint)
        minutes += 1
        assert minutes < 300
    assert minutes > 30


def test_what_is_remembered_outlasts_a_covered_lens() -> None:
    covered = np.full((HEIGHT, WIDTH, 3), 70, np.uint8)
    assert faults(after(view(), covered, view(64), noisy(view(64), seed=1))) == {MOVED}


@pytest.mark.parametrize(("strange", "drawn_to"), [(False, 110), (True, 101)])
def test_a_strange_view_is_learnt_slowly(drawn_to: int, *, strange: bool) -> None:
    before, now = np.full(4, 100, np.uint8), np.full(4, 180, np.uint8)
    assert remember(now, before, strange=strange).max() == drawn_to


@pytest.mark.parametrize("previous", [None, bytes(289), bytes(433)], ids=["none", "of before", "of another make"])
def test_without_a_remembered_view_nothing_has_changed(previous: bytes | None) -> None:
    assert faults(assess_health(pixels_of_image(view()), previous_fingerprint=previous)) == set()


def test_real_views_turned_by_a_tenth_are_noticed(dev_data: Path) -> None:
    streets = [decode_image(path.read_bytes()) for path in sorted(dev_data.glob("scenes/normal/*.jpg"))[::6]]
    turned = [(before, now, noisy(now, seed=1)) for before, now in (_turned(street, 0.1) for street in streets)]
    noticed = [faults(after(*pictures)) == {MOVED} for pictures in turned]
    assert np.mean(noticed) >= 0.8


def _turned(street: Image, share: float) -> tuple[Image, Image]:
    cut = int(street.shape[1] * share)
    return street[:, :-cut], street[:, cut:]
