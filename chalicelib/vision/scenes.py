"""What a view shows as a whole: fire or smoke, flood water, congestion, waste, each judged on its own.

One small encoder looks at the whole frame twice: squeezed to its own size, for what the scene is, and larger, in its
own shape, for what only a part of the view shows, whose maps are then read through overlapping windows. Two maps are
read: the last one, which knows things, and one half-way, which knows surfaces. One linear head a kind judges it all.
The cost is some 26 ms on one thread, whatever the number of kinds; where no kind is asked for nothing runs.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from chalicelib.errors import Misconfigured
from chalicelib.vision.images import SMALL_PX, shrink
from chalicelib.vision.scene_heads import SHIPPED_HEADS, SceneHead, SceneHeads, load_heads
from chalicelib.vision.scene_heat import heat_of
from chalicelib.vision.sessions import Model

_WIDE_PX = 448
_CELL_PX = 32  # of the picture, for each cell of the feature map
_LEAST_SIDE_PX = 96
_WINDOW_SHARE = 1 / 3
_WINDOWS_A_SIDE = 5

THINGS = 1280
"""So many columns of the features tell things, those after them surfaces."""

WHOLE = 1
"""The row of features that shows the whole picture in its own shape."""

Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SceneClassifier:
    """The encoder and the heads that were trained on it."""

    encoder: Model
    heads: SceneHeads

    @property
    def digests(self) -> Mapping[str, str]:
        """SHA-256 of the two files that decide, for an incident's evidence."""
        return {self.encoder.spec.job: self.encoder.digest, "scene_heads": self.heads.digest}

    @property
    def thresholds(self) -> Mapping[str, float]:
        """The score of each kind that about one quiet frame in a hundred exceeds; a city pack may set its own."""
        return {kind: head.threshold for kind, head in self.heads.by_kind.items()}

    @property
    def typical_logits(self) -> Mapping[str, float]:
        """What an ordinary street scores, by kind, to judge a camera against its own normal."""
        return {kind: head.typical_logit for kind, head in self.heads.by_kind.items()}

    def score(self, image_bgr: NDArray[np.uint8], kinds: Collection[str]) -> dict[str, float]:
        """The probability in [0,1] of each kind asked for, given a BGR picture (h,w,3) of any size.

        Raises Misconfigured on a kind that no head knows.
        """
        heads = [self._head(kind) for kind in kinds]
        return self.judge(self.encode(image_bgr), kinds) if heads else {}

    def encode(self, image_bgr: NDArray[np.uint8]) -> Float32:
        """What the encoder makes of a picture, for any head: (27, features), as `encode_views` says."""
        return encode_views(self.encoder, image_bgr)

    def judge(self, features: Float32, kinds: Collection[str]) -> dict[str, float]:
        """The probability in [0,1] of each kind, given what `encode` returned; raises as `score` does."""
        return {kind: self._head(kind).probability(features) for kind in kinds}

    def heat(self, features: Float32, kinds: Collection[str]) -> dict[str, str]:
        """Where in the view each kind is (chalicelib.domain.heat), given what `encode` returned."""
        return {kind: heat_of(self._head(kind), features) for kind in kinds}

    def _head(self, kind: str) -> SceneHead:
        if kind not in self.heads.by_kind:
            raise Misconfigured(f"no scene head for {kind!r}, only for {sorted(self.heads.by_kind)!r}")
        return self.heads.by_kind[kind]


def load_scene_classifier(encoder: Model, heads_path: Path = SHIPPED_HEADS) -> SceneClassifier:
    """Join the encoder with its heads; raises Misconfigured where they were trained on another encoder."""
    heads = load_heads(heads_path)
    if heads.encoder_source_sha256 not in encoder.spec.source_sha256s:
        raise Misconfigured(
            f"the scene heads belong to the encoder {heads.encoder_source_sha256[:12]!r}, "
            f"not to {encoder.spec.source_sha256s!r}: train them anew"
        )
    return SceneClassifier(encoder, heads)


def encode_views(encoder: Model, image_bgr: NDArray[np.uint8]) -> Float32:
    """Features (27, things + surfaces) of a picture: squeezed, large, and the 25 windows of the large one, by rows.

    Waste, jams and water are told by their surface sooner than by things: reading both maps found .03 more fires,
    .05 more jams and .12 more drawn floods, for half a millisecond (docs/adr/0021-surfaces-beside-things.md).
    """
    image_bgr, _ = shrink(image_bgr, SMALL_PX)
    _, *squeezed = encoder.run(encoder.blob(_squeezed(image_bgr, encoder.spec.input_wh)))
    _, *large = encoder.run(encoder.blob(large_view(image_bgr)))
    things, surfaces = (_features(*maps) for maps in zip(squeezed, large, strict=True))
    return np.concatenate((things, surfaces), axis=1)


def _features(squeezed: Float32, large: Float32) -> Float32:
    """Unit vectors (27, features) of square roots, given one map (1, features, rows, columns) of each view.

    The root lets the little that a view holds of a thing count beside the much that it holds of the street.
    """
    means = np.concatenate((squeezed.mean(axis=(2, 3)), large.mean(axis=(2, 3)), windows(large[0])))
    roots = np.sqrt(means)
    return np.asarray(roots / (np.linalg.norm(roots, axis=1, keepdims=True) + 1e-9), np.float32)


def large_view(image_bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """About 448 px on the longer side in the picture's own shape, in whole cells, given one of at most 640 px."""
    height, width = image_bgr.shape[:2]
    share = _WIDE_PX / max(height, width)
    wide, high = (max(_LEAST_SIDE_PX, round(side * share / _CELL_PX) * _CELL_PX) for side in (width, height))
    # From 640 px hardly anything is skipped that a mean would have seen: .3 ms for 1.5.
    return np.asarray(cv2.resize(image_bgr, (wide, high), interpolation=cv2.INTER_LINEAR), np.uint8)


def windows(feature_map: Float32) -> Float32:
    """Mean features (25, features) of the windows of a map (features, rows, columns), each a third of its sides."""
    features, rows, columns = feature_map.shape
    return _window_shares(rows, columns) @ feature_map.reshape(features, -1).T


@cache
def _window_shares(rows: int, columns: int) -> Float32:
    """What each cell adds to each window's mean: (25, cells). One product takes 0.2 ms, slice after slice 2.1."""
    high, wide = max(1, round(rows * _WINDOW_SHARE)), max(1, round(columns * _WINDOW_SHARE))
    tops = np.linspace(0, rows - high, _WINDOWS_A_SIDE).round().astype(int)
    lefts = np.linspace(0, columns - wide, _WINDOWS_A_SIDE).round().astype(int)
    shares = np.zeros((_WINDOWS_A_SIDE**2, rows, columns), np.float32)
    for window, (top, left) in zip(shares, product(tops, lefts), strict=True):
        window[top : top + high, left : left + wide] = 1 / (high * wide)
    return shares.reshape(len(shares), -1)


def _squeezed(image_bgr: NDArray[np.uint8], size_wh: tuple[int, int]) -> NDArray[np.uint8]:
    """To twice the size by picking pixels, then the means of four: .5 ms for 1.3."""
    twice_wh = 2 * size_wh[0], 2 * size_wh[1]
    twice = cv2.resize(image_bgr, twice_wh, interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.resize(twice, size_wh, interpolation=cv2.INTER_AREA), np.uint8)
