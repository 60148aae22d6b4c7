"""What a mask covers reaches no model that it is meant for, and the others see the picture as it is."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pytest

from chalicelib.domain.city import CameraProfile, Mask, PolygonRel
from chalicelib.domain.observations import Observation
from chalicelib.vision.masks import hide
from chalicelib.vision.scene_views import SceneViews
from tests.unit.test_observe import HEIGHT, WIDTH, FakeSensors, Image, analyser, frame, picture

LEFT: PolygonRel = ((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0))
MIDDLE: PolygonRel = ((0.25, 0.0), (0.75, 0.0), (0.75, 1.0), (0.25, 1.0))
LOWER: PolygonRel = ((0.0, 0.9), (1.0, 0.9), (1.0, 1.0), (0.0, 1.0))


def noise() -> Image:
    return np.random.default_rng(7).integers(0, 255, (40, 80, 3), dtype=np.uint8)


def test_a_mask_is_filled_with_the_mean_and_the_rest_stays() -> None:
    image = noise()
    before = image.copy()
    hidden = hide(image, [LEFT])
    assert np.abs(hidden[:, :39].astype(float) - image.mean(axis=(0, 1))).max() <= 1
    assert np.array_equal(hidden[:, 41:], image[:, 41:])
    assert np.array_equal(image, before)


def test_masks_that_overlap_hide_what_they_share() -> None:
    assert len(np.unique(hide(noise(), [LEFT, MIDDLE])[:, :59].reshape(-1, 3), axis=0)) == 1


def test_without_a_mask_the_picture_is_not_even_copied() -> None:
    image = noise()
    assert hide(image, []) is image


class Watching(FakeSensors):
    """Remembers how even the left half was for the kinds that were scored together."""

    def look_at(self, image_bgr: Image) -> SceneViews:
        hidden = image_bgr[:, : WIDTH // 2 - 1].std(axis=(0, 1)).max() == 0
        large = np.full((26, 1952), hidden, np.float32)
        return SceneViews(large, lambda: large[0])

    def judge(self, views: SceneViews, kinds: Collection[str]) -> dict[str, float]:
        self.asked.append(f"{'+'.join(kinds)} {'hidden' if views.large[0, 0] else 'open'}")
        return dict.fromkeys(kinds, 0.25)


def look(profile: CameraProfile) -> tuple[Observation, list[str]]:
    sensors, data = Watching(), picture()
    looks = replace(analyser(), scenes=sensors)  # type: ignore[arg-type]
    return looks.observe(frame(data), data, profile=profile, previous_fingerprint=None, search=None), sensors.asked


@pytest.mark.parametrize(
    ("masks", "asked"),
    [
        pytest.param((), ["flood+garbage open"], id="no mask, one look"),
        pytest.param((Mask(LEFT),), ["flood+garbage hidden"], id="the same mask for all, one look"),
        pytest.param((Mask(LEFT, ("flood",)),), ["flood hidden", "garbage open"], id="a look for each that sees more"),
        pytest.param((Mask(LEFT, ("congestion",)),), ["flood+garbage open"], id="a mask for others hides nothing"),
    ],
)
def test_kinds_that_see_the_same_are_scored_together(masks: tuple[Mask, ...], asked: list[str]) -> None:
    seen, looked = look(CameraProfile("p", scenes=("flood", "garbage"), masks=masks))
    assert looked == asked
    assert set(seen.scene_scores) == {"flood", "garbage"}


def test_a_vehicle_that_stands_in_a_mask_is_found_and_fills_no_road() -> None:
    """The bus of the script stands at the lower border."""
    seen, _ = look(CameraProfile("p", vehicles=True, masks=(Mask(LOWER, ("congestion",)),)))
    assert [one.box_xyxy for one in seen.detections] == [(0, HEIGHT / 2, WIDTH, HEIGHT)]
    assert seen.traffic is not None
    assert (seen.traffic.occupancy, seen.traffic.counts) == (0.0, {})
