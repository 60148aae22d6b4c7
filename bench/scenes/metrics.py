"""How well scores separate: area under the curve, recall at a fixed rate of false positives, and where that lies."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

Scores = NDArray[np.float32]

FALSE_POSITIVE_GOAL = 0.01


@dataclass(frozen=True, slots=True)
class Separation:
    """One kind's figures; `threshold` is the score that the stated share of negatives exceeds."""

    auc: float
    recall_at_1pct_fpr: float
    threshold: float
    positives: int
    negatives: int


def separation(positive_scores: Scores, negative_scores: Scores) -> Separation:
    """Compare the scores of pictures that show a kind with those of quiet ones; both must be non-empty."""
    truth = np.r_[np.ones(len(positive_scores)), np.zeros(len(negative_scores))]
    threshold = threshold_at(negative_scores, FALSE_POSITIVE_GOAL)
    return Separation(
        auc=float(roc_auc_score(truth, np.r_[positive_scores, negative_scores])),
        recall_at_1pct_fpr=share_above(positive_scores, threshold),
        threshold=threshold,
        positives=len(positive_scores),
        negatives=len(negative_scores),
    )


def threshold_at(negative_scores: Scores, false_positive_rate: float) -> float:
    """The lowest score that at most this share of the negatives exceeds."""
    ranked = np.sort(negative_scores)[::-1]
    return float(ranked[int(len(ranked) * false_positive_rate)])


def share_above(scores: Scores, threshold: float) -> float:
    """The share of scores above the threshold; NaN where there are none."""
    return float((scores > threshold).mean()) if len(scores) else float("nan")
