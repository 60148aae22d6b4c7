"""Training is reproducible, never tests on a camera it learnt from, and lets no made example drown a photograph."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from bench.scenes.augment import like_cctv
from bench.scenes.data import Photo, load_photos, scenes_digest
from bench.scenes.decoys import set_decoy
from bench.scenes.examples import (
    CAMERA,
    CUT,
    DECOY,
    SPOILT,
    TONGUES,
    UNSEEN,
    Example,
    count_examples,
    draw_examples,
)
from bench.scenes.fires import Flames, cut_flames, particle_fire, set_flames, tongue_fire
from bench.scenes.fitting import Probe, Recipe, calibrate, fit_probe, pooled, squeezed_rule, view_logits
from bench.scenes.training import train_head
from bench.scenes.validation import EncodedSet, group_folds
from chalicelib.domain.kinds import CONGESTION, FIRE_SMOKE, FLOOD, SCENE_KINDS
from chalicelib.errors import InvalidInput
from chalicelib.vision.scene_heads import NEVER, SqueezedRule
from chalicelib.vision.scene_views import THINGS, SceneViews

STREET = np.full((60, 80, 3), 100, np.uint8)
FLAMES = Flames(np.full((20, 16, 3), (20, 130, 250), np.uint8), np.ones((20, 16), np.float32))


def photo(label: str, group: str) -> Photo:
    return Photo(Path(f"{group}.jpg"), label, group, group.partition(":")[0])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with one flood, one ordinary street and one class that nobody knows."""
    for label, name in (("flood", "river__a.PNG"), ("normal", "cam__b.jpg"), ("party", "cam__c.webp")):
        path = tmp_path / "scenes" / label / name
        path.parent.mkdir(parents=True)
        cv2.imwrite(str(path), STREET)
    (tmp_path / "sources.csv").write_text("path,group\nscenes/normal/cam__b.jpg,cam:7\n", encoding="utf-8")
    return tmp_path


def test_groups_come_from_the_list_and_else_from_the_files_name(data: Path) -> None:
    assert {(one.label, one.group, one.source) for one in load_photos(data)} == {
        ("flood", "river:river__a", "river"),
        ("normal", "cam:7", "cam"),
    }


def test_a_folder_without_scenes_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no picture scenes/"):
        load_photos(tmp_path)


def test_the_digest_follows_content_and_not_the_clock(data: Path) -> None:
    before = scenes_digest(data)
    (data / "scenes/flood/river__a.PNG").touch()
    assert scenes_digest(data) == before
    cv2.imwrite(str(data / "scenes/flood/river__a.PNG"), STREET + 9)
    assert scenes_digest(data) != before


@pytest.mark.parametrize(
    ("label", "kind", "shown"),
    [
        pytest.param("flood", FLOOD, True, id="its own kind is shown"),
        pytest.param("congestion", FLOOD, False, id="a jam is no flood"),
        pytest.param("flood", CONGESTION, None, id="a flood may be a jam as well"),
        pytest.param("normal", CONGESTION, False, id="an ordinary street shows nothing"),
    ],
)
def test_what_a_label_tells_about_a_kind(label: str, kind: str, shown: bool | None) -> None:  # noqa: FBT001
    assert photo(label, "a:1").shows(kind) is shown


def test_every_example_is_drawn_again_alike_and_as_many_as_announced(data: Path) -> None:
    photos, decoys = load_photos(data), [STREET[:20, :30]]
    cuts = [(photos[0], FLAMES)]
    first, again = (list(draw_examples(photos, decoys, cuts, seed=1)) for _ in range(2))
    assert len(first) == count_examples(photos, decoys, cuts)
    assert all(np.array_equal(one[1], other[1]) for one, other in zip(first, again, strict=True))
    assert {example.made_by for example, _ in first} > {CAMERA, SPOILT, DECOY, CUT, TONGUES, UNSEEN}


def test_a_simulation_shows_its_kind_and_leaves_congestion_open(data: Path) -> None:
    made = [example for example, _ in draw_examples(load_photos(data), [], [], seed=1)]
    floods = [example for example in made if example.made_by == "flood"]
    others = [example for example in made if example.made_by in {"fire", "smoke", "garbage"}]
    assert all(example.shows[FLOOD] for example in floods)
    assert all(example.shows[FLOOD] is False for example in others)
    assert all(example.shows[CONGESTION] is None for example in floods + others)


def test_flames_lent_by_a_photograph_are_held_out_with_it() -> None:
    """Else a fire that judges a head would have taught it, set into another camera's street."""
    burnt, street = photo("fire_smoke", "a:1"), photo("normal", "b:2")
    examples = [Example(burnt, CAMERA, {}), Example(street, CUT, {}, donor=burnt), Example(street, CAMERA, {})]
    encoded = EncodedSet(examples, np.zeros((3, 27, 4), np.float16))
    assert encoded.without(np.array([True, False, False])).tolist() == [False, False, True]
    assert encoded.without(np.array([False, True, True])).tolist() == [True, False, False]


def test_nothing_is_learnt_from_the_unseen_renderer_nor_from_other_fires_about_other_kinds() -> None:
    street = photo("normal", "b:2")
    shows = {FIRE_SMOKE: True, FLOOD: False}
    examples = [Example(street, maker, shows) for maker in (UNSEEN, CUT, TONGUES)]
    encoded, recipe = EncodedSet(examples, np.zeros((3, 27, 4), np.float16)), Recipe((1, 0, 0), simulated=(0.5, 0.5))
    assert encoded.weights(FIRE_SMOKE, recipe)[:, 0].tolist() == [0, 0.5, 0.5]
    assert encoded.weights(FLOOD, recipe)[:, 0].tolist() == [0, 0, 0]


@pytest.mark.parametrize("draw", [tongue_fire, particle_fire], ids=["tongues", "particles"])
@pytest.mark.parametrize("size_share", [0.06, 0.4], ids=["small", "large"])
def test_drawn_fires_burn_at_their_size_and_leave_the_rest_of_the_street(
    draw: Callable[..., NDArray[np.uint8]], size_share: float
) -> None:
    street = np.full((240, 320, 3), 100, np.uint8)
    burning = draw(street, np.random.default_rng(2), size_share=size_share)
    assert np.array_equal(draw(street, np.random.default_rng(2), size_share=size_share), burning)
    reddish = burning[..., 2].astype(int) - burning[..., 0] > 60
    rows = np.flatnonzero(reddish.any(axis=1))
    assert 0.3 * size_share < (rows[-1] - rows[0]) / 240 < 2.5 * size_share
    assert (burning == 100).all(axis=-1).mean() > 0.2


def test_flames_are_cut_from_a_photograph_and_set_into_a_street() -> None:
    """What stands for itself is cut, what fills the picture isn't."""
    dark = np.full((200, 300, 3), 30, np.uint8)
    dark[60:140, 100:160] = (20, 130, 250)
    (flames,) = cut_flames(dark)
    assert cut_flames(np.full((200, 300, 3), (20, 130, 250), np.uint8)) == []
    street = set_flames(np.full((240, 320, 3), 100, np.uint8), flames, np.random.default_rng(1), size_share=0.3)
    reddish = street[..., 2].astype(int) - street[..., 0] > 100
    assert 0.2 * 240 < np.ptp(np.flatnonzero(reddish.any(axis=1))) < 0.4 * 240


def test_no_camera_is_split_between_folds() -> None:
    examples = [Example(photo("normal", f"s:{n // 3}"), CAMERA, {}) for n in range(60)]
    folds = group_folds(examples, seed=1)
    assert all(len(set(folds[start : start + 3])) == 1 for start in range(0, 60, 3))
    assert len(set(folds)) == 5


def test_spoilt_pictures_keep_their_kind_of_array_and_most_of_their_size() -> None:
    for seed in range(30):
        spoilt = like_cctv(STREET, np.random.default_rng(seed))
        assert spoilt.dtype == np.uint8
        assert spoilt.shape[0] >= 0.69 * STREET.shape[0]
        assert spoilt.shape[1] >= 0.69 * STREET.shape[1]


def test_a_decoy_of_any_shape_stays_inside_the_street() -> None:
    empty = np.full((240, 320, 3), 100, np.uint8)
    for seed, shape in enumerate([(30, 900, 3), (900, 60, 3), (40, 40, 3)]):
        street = set_decoy(empty, np.full(shape, 250, np.uint8), np.random.default_rng(seed))
        assert street.shape == empty.shape
        assert (street > 120).any()
        assert (street == 100).all(axis=-1).mean() > 0.3


def test_many_made_examples_weigh_what_they_are_told_to() -> None:
    """A thousand copies at a thousandth of the weight teach what one photograph teaches."""
    features = np.repeat(np.eye(4, dtype=np.float32)[:, None], 2, axis=1)
    shows, ones = np.array([True, True, False, False]), np.ones((4, 2), np.float32)
    recipe = Recipe(pooling=(1, 0, 0))
    probe = fit_probe(features, shows, ones, recipe)
    copies = np.concatenate([features, np.repeat(features[:1], 1000, axis=0)])
    counts = np.concatenate([ones, np.full((1000, 2), 1e-6)]).astype(np.float32)
    again = fit_probe(copies, np.r_[shows, np.ones(1000, bool)], counts, recipe)
    assert np.allclose(probe.weights, again.weights, rtol=0.02, atol=0.5)
    assert np.allclose(probe.constants, again.constants, rtol=0.02, atol=0.05)


def test_surfaces_count_against_things_as_the_recipe_says() -> None:
    """A thing and a surface tell the classes apart alike, so that regularisation leans on whichever counts more."""
    features = np.zeros((4, 2, THINGS + 1), np.float32)
    features[:2, :, 0] = features[:2, :, THINGS] = 1
    shows, ones = np.array([True, True, False, False]), np.ones((4, 2), np.float32)
    for surfaces in (0.5, 1.0, 3.0):
        weights = fit_probe(features, shows, ones, Recipe(pooling=(1, 0, 0), surfaces=surfaces)).weights
        assert np.allclose(weights[:, THINGS], surfaces**2 * weights[:, 0], rtol=0.02)


@pytest.mark.parametrize(
    ("pooling", "expected"),
    [((1, 0, 0), 1.5), ((0, 1, 0), 2.25), ((0, 0, 1), 4.25)],
    ids=["the squeezed view", "the large view", "its three highest windows"],
)
def test_views_are_pooled_as_the_recipe_says(pooling: tuple[float, float, float], expected: float) -> None:
    views = np.array([[[1.0], [2.0], [3.0], [4.0], [5.0], [0.0]]], np.float32)
    probe = Probe(np.ones((2, 1), np.float32), np.array([0.5, 0.25], np.float32))
    always = SqueezedRule(-np.inf, 0.0)
    assert pooled(view_logits(views, probe), Recipe(pooling), always) == pytest.approx([expected])


def test_the_share_of_ordinary_streets_that_the_recipe_names_is_looked_at_twice() -> None:
    quiet = np.arange(200) < 100
    logits = np.random.default_rng(1).normal(np.where(quiet, 0, 4)[:, None], 1, (200, 3)).astype(np.float32)
    recipe = Recipe(pooling=(3, 0, 1), squeezed_share=0.2)
    rule = squeezed_rule(logits, quiet, recipe)
    looked = logits[:, 2] >= rule.from_logit
    assert looked[quiet].mean() == pytest.approx(0.2)
    assert looked[~quiet].mean() > 0.95
    expected = np.where(looked, 3 * logits[:, 0] + logits[:, 2], 3 * rule.usual_logit + logits[:, 2])
    assert np.allclose(pooled(logits, recipe, rule), expected, atol=1e-5)
    assert squeezed_rule(logits, quiet, Recipe(pooling=(0, 1, 1))) == NEVER


def test_nothing_is_learnt_from_a_view_that_does_not_count() -> None:
    features = np.repeat(np.eye(4, dtype=np.float32)[:, None], 2, axis=1)
    shows, ones = np.array([True, True, False, False]), np.ones((4, 2), np.float32)
    probe = fit_probe(features, shows, ones, Recipe(pooling=(0, 1, 1)))
    assert not probe.weights[0].any()
    assert probe.weights[1].any()


def test_calibration_puts_the_middle_between_the_classes() -> None:
    shows = np.arange(400) % 2 == 0
    logits = np.random.default_rng(1).normal(np.where(shows, 3, -1), 1.5).astype(np.float32)
    slope, offset = calibrate(logits, shows)
    assert slope > 0
    assert -offset / slope == pytest.approx(1, abs=0.3)


def test_a_trained_head_says_what_its_pooled_and_calibrated_probe_says() -> None:
    """The constant and the calibration are folded into the pooling; the head must still rank and place alike."""
    rng = np.random.default_rng(3)
    labels = ["flood", "normal"] * 40
    examples = [
        Example(photo(label, f"s{n % 2}:{n}"), CAMERA, {kind: photo(label, "s:1").shows(kind) for kind in SCENE_KINDS})
        for n, label in enumerate(labels)
    ]
    centres = np.array([[1.0, 0.2] if label == "flood" else [0.2, 1.0] for label in labels])
    views = (centres[:, None] + rng.normal(0, 0.2, (80, 27, 2))).astype(np.float16)
    trained = train_head(EncodedSet(examples, views), FLOOD, seed=1)
    scores = np.array([trained.head.probability(of_views(one.astype(np.float32))) for one in views])
    shows = np.array(labels) == "flood"
    assert (scores[shows] > trained.head.threshold).mean() > 0.8
    assert (scores[~shows] > trained.head.threshold).mean() < 0.1
    assert trained.validation.cameras_held_out.auc > 0.95


def of_views(features: NDArray[np.float32]) -> SceneViews:
    return SceneViews(features[1:], lambda: features[0])
