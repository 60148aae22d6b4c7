"""What a view shows as a whole: fire or smoke, flood water, congestion, waste, each judged on its own.

One small encoder looks at a frame as it is and, where that leaves water or a fire possible, at the same squeezed
(scene_views); one linear head a kind judges what it made of it (scene_heads). That costs some 18 ms on one thread, 8
more where squeezed, whatever the number of kinds; where no kind is asked for nothing runs.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chalicelib.errors import Misconfigured
from chalicelib.vision.scene_heads import SHIPPED_HEADS, SceneHead, SceneHeads, load_heads
from chalicelib.vision.scene_heat import heat_of
from chalicelib.vision.scene_views import SceneViews, look_at
from chalicelib.vision.sessions import Model


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
        return self.judge(self.look_at(image_bgr), kinds) if heads else {}

    def look_at(self, image_bgr: NDArray[np.uint8]) -> SceneViews:
        """What the encoder makes of a BGR picture (h,w,3) of any size, for any head."""
        return look_at(self.encoder, image_bgr)

    def judge(self, views: SceneViews, kinds: Collection[str]) -> dict[str, float]:
        """The probability in [0,1] of each kind, given what `look_at` returned; raises as `score` does."""
        return {kind: self._head(kind).probability(views) for kind in kinds}

    def heat(self, views: SceneViews, kinds: Collection[str]) -> dict[str, str]:
        """Where in the picture each kind is (chalicelib.domain.heat), given what `look_at` returned."""
        return {kind: heat_of(self._head(kind), views) for kind in kinds}

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
