"""Scene scores come from heads that fit their encoder, only for the kinds asked for, and see parts of a view."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from chalicelib.domain.kinds import SCENE_KINDS
from chalicelib.errors import Misconfigured
from chalicelib.vision.scene_heads import NEVER, SHIPPED_HEADS, SceneHead, SqueezedRule, load_heads, save_heads
from chalicelib.vision.scene_views import THINGS, look_at, means
from chalicelib.vision.scenes import SceneClassifier, load_scene_classifier
from chalicelib.vision.sessions import Model, ModelSpec, load_model

ENCODER = "e" * 64
MOST_LENT = 3.0
"""What a camera's own normal adds to a logit at most (domain.scene_reference)."""
SPEC = ModelSpec(
    job="scene_encoder",
    file="scene_encoder.onnx",
    sha256="f" * 64,
    input_wh=(32, 32),
    colour="rgb",
    mean=(0.0, 0.0, 0.0),
    std=(1.0, 1.0, 1.0),
    labels=(),
    source_sha256s=(ENCODER,),
)


@dataclass
class MeanColourEncoder:
    """Stands in for the encoder: its maps of things and of surfaces hold mean blue, green and red by 32 and 16 px."""

    spec: ModelSpec = SPEC
    sizes_wh: list[tuple[int, int]] = field(default_factory=list)

    def blob(self, image_bgr: NDArray[np.uint8]) -> NDArray[np.float32]:
        return image_bgr.transpose(2, 0, 1)[None].astype(np.float32)

    def run(self, batch: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        self.sizes_wh.append((batch.shape[3], batch.shape[2]))
        return [batch.mean(axis=(2, 3)), cells(batch, 32), cells(batch, 16)]


def cells(batch: NDArray[np.float32], side_px: int) -> NDArray[np.float32]:
    count, channels, height, width = batch.shape
    by_cell = batch.reshape(count, channels, height // side_px, side_px, width // side_px, side_px)
    return np.asarray(by_cell.mean(axis=(3, 5)), np.float32)


def classifier_of(heads_path: Path, encoder: MeanColourEncoder | None = None) -> SceneClassifier:
    return load_scene_classifier(cast("Model", encoder or MeanColourEncoder()), heads_path)


ALWAYS = SqueezedRule(-math.inf, 0.0)


def head(
    kind: str, *, pooling: tuple[float, float, float, float], threshold: float = 0.5, rule: SqueezedRule = ALWAYS
) -> SceneHead:
    """Make a head that likes red things and dislikes blue ones."""
    weights = np.array([(-1.0, 0.0, 1.0, 0.0, 0.0, 0.0)] * 2, np.float32)
    return SceneHead(kind, weights, pooling, threshold, typical_logit=-3.0, squeezed_rule=rule)


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    def write(*heads: SceneHead, encoder: str = ENCODER) -> Path:
        path = tmp_path / "heads" / "scenes.npz"
        save_heads(path, list(heads), encoder)
        return path

    return write


def picture(*, red_corner: bool) -> NDArray[np.uint8]:
    image = np.zeros((100, 200, 3), np.uint8)
    image[..., 0] = 200
    if red_corner:
        image[50:, 100:] = (0, 0, 250)
    return image


def test_only_the_kinds_asked_for_are_scored(save: Callable[..., Path]) -> None:
    heads = save(head("flood", pooling=(1, 0, 0, 0)), head("fire_smoke", pooling=(0, 1, 0, 0)))
    classifier = classifier_of(heads)
    assert set(classifier.score(picture(red_corner=False), ["flood"])) == {"flood"}


def test_the_encoder_rests_when_no_kind_is_asked_for(save: Callable[..., Path]) -> None:
    encoder = MeanColourEncoder()
    classifier = classifier_of(save(head("flood", pooling=(1, 0, 0, 0))), encoder)
    assert classifier.score(picture(red_corner=False), ()) == {}
    assert encoder.sizes_wh == []


@pytest.mark.parametrize(
    ("shape_hw", "large_wh"),
    [
        pytest.param((720, 1280), (448, 224), id="a wide picture"),
        pytest.param((1280, 720), (224, 448), id="a tall one"),
        pytest.param((480, 640), (448, 320), id="one of 4:3"),
        pytest.param((40, 2000), (448, 96), id="a strip"),
        pytest.param((32, 33), (448, 416), id="a tiny one"),
    ],
)
def test_a_picture_is_seen_squeezed_and_large_in_its_own_shape(
    save: Callable[..., Path], shape_hw: tuple[int, int], large_wh: tuple[int, int]
) -> None:
    encoder = MeanColourEncoder()
    classifier_of(save(head("flood", pooling=(1, 0, 0, 0))), encoder).score(
        np.zeros((*shape_hw, 3), np.uint8), ["flood"]
    )
    assert encoder.sizes_wh == [large_wh, SPEC.input_wh]


@pytest.mark.parametrize(
    ("rules", "runs"),
    [
        pytest.param([NEVER], 1, id="a kind that never needs it"),
        pytest.param([SqueezedRule(0.5, 0.0)], 2, id="a picture whose highest windows reach the logit"),
        pytest.param([SqueezedRule(1.5, 0.0)], 1, id="one whose windows stay below"),
        pytest.param([NEVER, SqueezedRule(1.5, 0.0), ALWAYS], 2, id="one of several kinds wants it"),
        pytest.param([ALWAYS, SqueezedRule(0.5, 0.0)], 2, id="two want it and share it"),
    ],
)
def test_the_squeezed_view_is_looked_at_where_a_head_wants_it(
    save: Callable[..., Path], rules: list[SqueezedRule], runs: int
) -> None:
    """The corner's windows are all red, a logit of 1."""
    encoder = MeanColourEncoder()
    heads = [head(f"kind {number}", pooling=(1, 0, 1, 0), rule=rule) for number, rule in enumerate(rules)]
    classifier_of(save(*heads), encoder).score(picture(red_corner=True), [one.kind for one in heads])
    assert len(encoder.sizes_wh) == runs


def test_a_squeezed_view_that_nobody_looked_at_counts_as_an_ordinary_streets(save: Callable[..., Path]) -> None:
    unlooked = head("flood", pooling=(2, 0, 0, 0.5), rule=SqueezedRule(math.inf, -1.5))
    score = classifier_of(save(unlooked)).score(picture(red_corner=True), ["flood"])["flood"]
    assert score == pytest.approx(1 / (1 + math.exp(2.5)))


@pytest.mark.parametrize(
    ("pooling", "seen"),
    [
        pytest.param((1.0, 0.0, 0.0, 0.0), False, id="the squeezed view alone drowns a small incident"),
        pytest.param((0.0, 1.0, 0.0, 0.0), False, id="so does the large one"),
        pytest.param((0.0, 0.0, 1.0, 0.0), True, id="its windows show it"),
    ],
)
def test_an_incident_in_one_corner(
    save: Callable[..., Path], pooling: tuple[float, float, float, float], *, seen: bool
) -> None:
    classifier = classifier_of(save(head("fire_smoke", pooling=pooling)))
    score = classifier.score(picture(red_corner=True), ["fire_smoke"])["fire_smoke"]
    assert (score > 0.5) is seen


@pytest.mark.parametrize("constant", [-1e6, 1e6], ids=["far below", "far above"])
def test_a_score_is_a_probability_however_sure_the_head_is(save: Callable[..., Path], constant: float) -> None:
    classifier = classifier_of(save(head("flood", pooling=(1, 1, 1, constant))))
    assert 0 <= classifier.score(picture(red_corner=True), ["flood"])["flood"] <= 1


def test_an_unknown_kind_is_a_misconfiguration_that_names_the_known_ones(save: Callable[..., Path]) -> None:
    classifier = classifier_of(save(head("flood", pooling=(1, 0, 0, 0))))
    with pytest.raises(Misconfigured, match=r"'earthquake'.*'flood'"):
        classifier.score(picture(red_corner=False), ["earthquake"])


def test_heads_of_another_encoder_are_refused(save: Callable[..., Path]) -> None:
    with pytest.raises(Misconfigured, match="train them anew"):
        classifier_of(save(head("flood", pooling=(1, 0, 0, 0)), encoder="a" * 64))


@pytest.mark.parametrize("content", [None, b"", b"not an archive"], ids=["missing", "empty", "no archive"])
def test_a_broken_file_of_heads_is_a_misconfiguration(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "scenes.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Misconfigured, match="no usable scene heads"):
        load_heads(path)


def test_heads_survive_their_file_and_the_digest_tells_them_apart(save: Callable[..., Path]) -> None:
    written = head("flood", pooling=(0.5, 1.5, -2.0, 3.0), threshold=0.875, rule=SqueezedRule(1.25, -2.5))
    first = load_heads(save(written))
    read = first.by_kind["flood"]
    assert (read.pooling, read.threshold, read.squeezed_rule) == (
        written.pooling,
        written.threshold,
        written.squeezed_rule,
    )
    assert np.array_equal(read.weights, written.weights)
    assert load_heads(save(written)).digest == first.digest
    assert load_heads(save(head("flood", pooling=(0, 0, 0, 0)))).digest != first.digest


@pytest.mark.parametrize("rows_columns", [(9, 16), (3, 16), (1, 1), (16, 9)], ids=str)
def test_windows_of_any_map_reach_its_four_corners(rows_columns: tuple[int, int]) -> None:
    rows, columns = rows_columns
    for row, column in ((0, 0), (0, -1), (-1, 0), (-1, -1)):
        feature_map = np.zeros((1, rows, columns), np.float32)
        feature_map[0, row, column] = 1
        whole, *of_windows = means(feature_map)
        assert whole == pytest.approx(1 / (rows * columns))
        assert len(of_windows) == 25
        assert max(of_windows) > 0
    np.testing.assert_allclose(means(np.full((2, rows, columns), 3, np.float32)), 3, rtol=1e-6)


def test_the_shipped_heads_know_every_kind_and_stay_small() -> None:
    heads = load_heads(SHIPPED_HEADS)
    assert set(heads.by_kind) == set(SCENE_KINDS)
    assert all(0.3 < each.threshold < 1 for each in heads.by_kind.values())
    assert SHIPPED_HEADS.stat().st_size < 300_000


def test_the_shipped_heads_call_nothing_an_incident_without_the_view_that_they_skipped() -> None:
    """Not even just below the rule's logit on a camera whose own normal lends most."""
    for each in load_heads(SHIPPED_HEADS).by_kind.values():
        if each.squeezed_rule == NEVER:
            assert each.pooling[0] == 0
        else:
            squeezed, whole, highest, constant = each.pooling
            assert whole == 0
            logit = squeezed * each.squeezed_rule.usual_logit + highest * each.squeezed_rule.from_logit + constant
            assert logit + MOST_LENT < math.log(each.threshold / (1 - each.threshold))


def test_the_shipped_heads_fit_the_shipped_encoder_and_stay_quiet_on_plain_grey(models_dir: Path) -> None:
    classifier = load_scene_classifier(load_model(models_dir, "scene_encoder"))
    scores = classifier.score(np.full((360, 640, 3), 110, np.uint8), SCENE_KINDS)
    assert all(scores[kind] < threshold for kind, threshold in classifier.thresholds.items())


def test_features_are_unit_vectors_of_things_beside_those_of_surfaces(models_dir: Path) -> None:
    encoder = load_model(models_dir, "scene_encoder")
    noise = np.random.default_rng(1).integers(0, 256, (90, 160, 3), np.uint8)
    views = look_at(encoder, noise)
    assert views.large.shape == (26, 1280 + 672)
    for features in (views.squeezed(), views.whole, *views.windows):
        things, surfaces = np.split(features, [THINGS])
        assert np.linalg.norm(things) == pytest.approx(1, abs=1e-4)
        assert np.linalg.norm(surfaces) == pytest.approx(1, abs=1e-4)
