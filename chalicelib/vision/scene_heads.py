"""The committed result of training: one linear head a kind, its pooling over views and its threshold.

The file is a plain npz without pickles, some 60 KB. What it was trained on and how well it did is in the card beside
it, which no code reads.
"""

import hashlib
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chalicelib.errors import Misconfigured
from chalicelib.vision.scene_views import SceneViews

SHIPPED_HEADS = Path(__file__).parent / "heads" / "scenes.npz"

_HIGHEST_WINDOWS = 3

Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SqueezedRule:
    """From which logit of the large view's highest windows on the squeezed view is looked at too.

    Below it the squeezed view is taken to show `usual_logit`, as it does of an ordinary street. What only the whole
    scene tells, a lake from a wet road, needs that look; of 100 ordinary streets at least 65 do without it
    (docs/adr/0023-squeezed-where-it-matters.md).
    """

    from_logit: float
    usual_logit: float


NEVER = SqueezedRule(math.inf, 0.0)
"""For a kind that the large view tells as well alone."""


@dataclass(frozen=True, slots=True)
class SceneHead:
    """Judges one kind: logits of the views, pooled and calibrated in one step.

    `weights` (2, features) are for the squeezed view and for the large one with its windows; `pooling` holds the
    factors of the squeezed view's logit, of the large one's and of its highest windows', and a constant.
    `typical_logit` is the median of ordinary streets.
    """

    kind: str
    weights: Float32
    pooling: tuple[float, float, float, float]
    threshold: float
    typical_logit: float
    squeezed_rule: SqueezedRule = NEVER

    def probability(self, views: SceneViews) -> float:
        """The calibrated probability that the picture shows the kind."""
        whole, highest = large_logits(views.large, self.weights[1])
        *factors, constant = self.pooling
        logit = float(np.array((self._squeezed(views, highest), whole, highest)) @ np.array(factors) + constant)
        return 1 / (1 + math.exp(-min(max(logit, -60.0), 60.0)))

    def _squeezed(self, views: SceneViews, highest: float) -> float:
        if highest < self.squeezed_rule.from_logit:
            return self.squeezed_rule.usual_logit
        return float(views.squeezed() @ self.weights[0])


def large_logits(large: Float32, weights: Float32) -> Float32:
    """Logits (..., 2) of the large view and the mean of its three highest windows, given features (..., 26, n).

    One window alone would be any bright sign.
    """
    logits = large @ weights
    highest = np.sort(logits[..., 1:], axis=-1)[..., -_HIGHEST_WINDOWS:].mean(axis=-1)
    return np.asarray(np.stack((logits[..., 0], highest), axis=-1), np.float32)


@dataclass(frozen=True, slots=True)
class SceneHeads:
    """All heads of one training, the digest of their file and the encoder weights they are valid for."""

    by_kind: Mapping[str, SceneHead]
    digest: str
    encoder_source_sha256: str


def save_heads(path: Path, heads: list[SceneHead], encoder_source_sha256: str) -> None:
    """Write the heads; equal heads give equal bytes up to the zip's fixed dates."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        path,
        kinds=np.array([head.kind for head in heads]),
        weights=np.stack([head.weights for head in heads]).astype(np.float32),
        poolings=np.array([head.pooling for head in heads], np.float64),
        thresholds=np.array([head.threshold for head in heads], np.float64),
        typical_logits=np.array([head.typical_logit for head in heads], np.float64),
        squeezed_rules=np.array([(head.squeezed_rule.from_logit, head.squeezed_rule.usual_logit) for head in heads]),
        encoder_source_sha256=np.array(encoder_source_sha256),
    )


def load_heads(path: Path) -> SceneHeads:
    """Read the heads; raises Misconfigured where the file is missing or isn't one."""
    try:
        content = path.read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            heads = [_head(arrays, row) for row in range(len(arrays["kinds"]))]
            encoder = str(arrays["encoder_source_sha256"])
    except (OSError, EOFError, ValueError, KeyError) as error:
        raise Misconfigured(f"no usable scene heads at {str(path)!r}: run python -m bench.train_scenes") from error
    return SceneHeads({head.kind: head for head in heads}, hashlib.sha256(content).hexdigest(), encoder)


def _head(arrays: Mapping[str, NDArray[np.generic]], row: int) -> SceneHead:
    squeezed, large, highest, constant = (float(factor) for factor in arrays["poolings"][row])
    return SceneHead(
        kind=str(arrays["kinds"][row]),
        weights=np.asarray(arrays["weights"][row], np.float32),
        pooling=(squeezed, large, highest, constant),
        threshold=float(arrays["thresholds"][row]),
        typical_logit=float(arrays["typical_logits"][row]),
        squeezed_rule=SqueezedRule(*(float(logit) for logit in arrays["squeezed_rules"][row])),
    )
