"""How well scores separate: area under the curve, recall at a fixed rate of false positives, and where that lies."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

Scores = NDArray[np.float32]

FALSE_POSITIVE_GOAL = 0.01
NIGHT_GOAL = 0.03
STRICT_GOAL = 0.001
"""Among fewer than a thousand negatives it allows none."""


@dataclass(frozen=True, slots=True)
class Separation:
    """One kind's figures; `threshold` is the score that the stated share of negatives exceeds."""

    auc: float
    recall_at_1pct_fpr: float
    recall_at_01pct_fpr: float
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
        recall_at_01pct_fpr=share_above(positive_scores, threshold_at(negative_scores, STRICT_GOAL)),
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


def roc_points(positive_scores: Scores, negative_scores: Scores) -> list[tuple[float, float]]:
    """Rate of false positives and recall at some thirty thresholds, evenly spread on a logarithmic scale."""
    rates = np.unique(np.r_[0.0, np.geomspace(1 / len(negative_scores), 1, _ROC_POINTS)])
    thresholds = [threshold_at(negative_scores, rate) if rate < 1 else -np.inf for rate in rates]
    return [(float(rate), share_above(positive_scores, at)) for rate, at in zip(rates, thresholds, strict=True)]


def reliability_bins(probabilities: Scores, truth: NDArray[np.bool_]) -> list[tuple[float, float, int]]:
    """Mean probability, share of positives and count in each tenth of the scale that has any."""
    tenth = np.minimum((probabilities * _BINS).astype(int), _BINS - 1)
    return [
        (float(probabilities[tenth == one].mean()), float(truth[tenth == one].mean()), int((tenth == one).sum()))
        for one in np.unique(tenth)
    ]


_ROC_POINTS = 30
_BINS = 10
