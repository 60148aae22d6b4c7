"""What a view shows as a whole: fire or smoke, flood water, congestion, waste, each judged on its own.

One small encoder looks at the whole frame and at five overlapping tiles of it, so that an incident that fills only a
part of the view is seen too, and one linear head a kind judges what it found. The cost is six runs of the encoder,
some 60 ms on one thread, whatever the number of kinds; where no kind is asked for nothing runs.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from chalicelib.errors import Misconfigured
from chalicelib.vision.scene_heads import SHIPPED_HEADS, SceneHead, SceneHeads, load_heads
from chalicelib.vision.sessions import Model

_LONGEST_SIDE_PX = 640  # a tile still has more pixels than the encoder takes, and resizing six views gets cheap
_TILE_SHARE = 0.6
_TILE_PLACES_REL = ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.5, 0.5))

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

    def score(self, image_bgr: NDArray[np.uint8], kinds: Collection[str]) -> dict[str, float]:
        """The probability in [0,1] of each kind asked for, given a BGR picture (h,w,3) of any size.

        Raises Misconfigured on a kind that no head knows.
        """
        heads = [self._head(kind) for kind in kinds]
        return self.judge(self.encode(image_bgr), kinds) if heads else {}

    def encode(self, image_bgr: NDArray[np.uint8]) -> Float32:
        """What the encoder makes of a picture, for any head: unit vectors (views, features), the whole view first."""
        return encode_views(self.encoder, views(image_bgr))

    def judge(self, features: Float32, kinds: Collection[str]) -> dict[str, float]:
        """The probability in [0,1] of each kind, given what `encode` returned; raises as `score` does."""
        return {kind: self._head(kind).probability(features) for kind in kinds}

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


def encode_views(encoder: Model, views_bgr: Sequence[NDArray[np.uint8]]) -> Float32:
    """Encode views of a picture in one batch, as unit vectors (views, features)."""
    batch = np.concatenate([encoder.blob(_resized(view, encoder.spec.input_wh)) for view in views_bgr])
    features, *_ = encoder.run(batch)
    return np.asarray(features / (np.linalg.norm(features, axis=1, keepdims=True) + 1e-9), np.float32)


def views(image_bgr: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """The whole picture, then its four corners and its middle at 60 % of each side."""
    share = min(1.0, _LONGEST_SIDE_PX / max(image_bgr.shape[:2]))
    image_bgr = np.asarray(cv2.resize(image_bgr, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.uint8)
    height, width = image_bgr.shape[:2]
    tile_h, tile_w = max(1, round(height * _TILE_SHARE)), max(1, round(width * _TILE_SHARE))
    corners = [(round((width - tile_w) * x), round((height - tile_h) * y)) for x, y in _TILE_PLACES_REL]
    return [image_bgr, *(image_bgr[top : top + tile_h, left : left + tile_w] for left, top in corners)]


def _resized(view_bgr: NDArray[np.uint8], size_wh: tuple[int, int]) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(view_bgr, size_wh, interpolation=cv2.INTER_AREA), np.uint8)
