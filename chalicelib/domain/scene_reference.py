"""A camera's own normal: what its quiet frames usually score, so that it is judged against its own street.

A canal looks flooded and a market littered on every frame; a clean square never does. With heads that are linear,
comparing a frame's features with the mean of the camera's quiet features is the same as comparing their logits, so
the whole reference is one number a kind and quarter of the day: some 200 bytes in the camera's record, and no time.

It serves flood and waste, which stay; fire moves and gains nothing (docs/adr/0015-scenes-seen-twice.md).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.kinds import FLOOD, GARBAGE

REFERRED = frozenset({FLOOD, GARBAGE})
"""The kinds that are judged against the camera's normal."""

_BAND_H = 6
_MEMORY_FRAMES = 200
"""Of so many frames the mean is taken, then old ones fade: a street that changes for good is learnt in days."""
_TRUST_FRAMES = 8
"""With so many frames the camera's own mean counts half."""
_MOST_SHIFT = 3.0
"""A camera's normal moves a logit by no more than this: neither can it make a flood nor hide one for good."""


@dataclass(frozen=True, slots=True)
class Usual:
    """The mean logit of quiet frames and of how many."""

    logit: float
    frames: int


@dataclass(frozen=True, slots=True)
class SceneReference:
    """What is usual on one camera, by `kind@band`."""

    usual: Mapping[str, Usual]


NOTHING_YET = SceneReference({})


def learn_quiet(
    reference: SceneReference, scores: Mapping[str, float], *, local: datetime, quiet: frozenset[str]
) -> SceneReference:
    """Take a frame in, for those kinds that are `quiet`: below their threshold and with no incident open.

    `scores` are the model's own, not yet judged.
    """
    learnt = {
        _key(kind, local): _noted(reference.usual.get(_key(kind, local)), _logit(score))
        for kind, score in scores.items()
        if kind in REFERRED & quiet
    }
    return replace(reference, usual={**reference.usual, **learnt})


def judge_by_normal(
    scores: Mapping[str, float], reference: SceneReference, *, local: datetime, typical_logits: Mapping[str, float]
) -> dict[str, float]:
    """Scores as they would be if the camera's street looked like a typical one; `typical_logits` come with the heads.

    A kind without a typical logit, or on a camera that is new, keeps its score.
    """
    return {
        kind: _probability(_logit(score) - _excess(reference, kind, local, typical_logits))
        for kind, score in scores.items()
    }


def _excess(reference: SceneReference, kind: str, local: datetime, typical_logits: Mapping[str, float]) -> float:
    """How much more than a typical street this camera scores when nothing is the matter."""
    usual = reference.usual.get(_key(kind, local))
    if usual is None or kind not in REFERRED or kind not in typical_logits:
        return 0.0
    trust = usual.frames / (usual.frames + _TRUST_FRAMES)
    return max(-_MOST_SHIFT, min(_MOST_SHIFT, trust * (usual.logit - typical_logits[kind])))


def _noted(usual: Usual | None, logit: float) -> Usual:
    if usual is None:
        return Usual(logit, 1)
    share = 1 / min(usual.frames + 1, _MEMORY_FRAMES)
    return Usual(usual.logit + (logit - usual.logit) * share, min(usual.frames + 1, _MEMORY_FRAMES))


def _key(kind: str, local: datetime) -> str:
    return f"{kind}@{local.hour // _BAND_H}"


def _logit(score: float) -> float:
    held = min(max(score, 1e-9), 1 - 1e-9)
    return math.log(held / (1 - held))


def _probability(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))
