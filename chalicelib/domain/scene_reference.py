"""A camera's own normal: what its quiet frames usually score, so that it is judged against its own street.

A canal looks flooded on every frame; a clean square never does. With heads that are linear, comparing a frame's
features with the mean of the camera's quiet features is the same as comparing their logits, so the whole reference is
one number a kind and quarter of the day: some 150 bytes in the camera's heartbeat, and no time.

It serves flood alone. Waste would pay for its few false alarms with a twentieth of what is found, and fire gains
nothing (docs/adr/0017-scenes-over-frames.md).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.kinds import FLOOD

REFERRED = frozenset({FLOOD})
"""The kinds that are judged against the camera's normal."""

_BAND_H = 6
_MEMORY_FRAMES = 2000
"""At a frame a minute, five and a half days of one quarter: slow enough that rising water is not learnt as normal."""
_TRUST_FRAMES = 30
"""With so many frames, half an hour of minutes, the camera's own mean counts half."""
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
    """Take a frame in, for those kinds that are `quiet`: below their threshold and with nothing going on.

    `scores` are the model's own, not yet judged.
    """
    learnt = {
        _key(kind, local): _noted(reference.usual.get(_key(kind, local)), _logit(score))
        for kind, score in scores.items()
        if kind in REFERRED & quiet
    }
    return replace(reference, usual={**reference.usual, **learnt})


def excesses(reference: SceneReference, *, local: datetime, typical_logits: Mapping[str, float]) -> Mapping[str, float]:
    """By kind, how much more logit than a typical street this camera gives when nothing is the matter.

    `typical_logits` come with the heads. A kind without one, or on a camera that is new, has no excess.
    """
    referred = {kind: reference.usual.get(_key(kind, local)) for kind in sorted(REFERRED & typical_logits.keys())}
    return {kind: excess(usual, typical_logits[kind]) for kind, usual in referred.items() if usual is not None}


def excess(usual: Usual, typical_logit: float) -> float:
    """How much more than a typical street, as far as so few frames can be trusted, and never too much."""
    trust = usual.frames / (usual.frames + _TRUST_FRAMES)
    return max(-_MOST_SHIFT, min(_MOST_SHIFT, trust * (usual.logit - typical_logit)))


def judge_by_normal(score: float, by_logit: float) -> float:
    """The score as it would be if the camera's street looked like a typical one."""
    return _probability(_logit(score) - by_logit) if by_logit else score


def _noted(usual: Usual | None, logit: float) -> Usual:
    if usual is None:
        return Usual(logit, 1)
    frames = min(usual.frames + 1, _MEMORY_FRAMES)
    return Usual(usual.logit + (logit - usual.logit) / frames, frames)


def _key(kind: str, local: datetime) -> str:
    return f"{kind}@{local.hour // _BAND_H}"


def _logit(score: float) -> float:
    held = min(max(score, 1e-9), 1 - 1e-9)
    return math.log(held / (1 - held))


def _probability(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))
