"""Errors of a face set's labels: LFW knows a few people by two names, and shows a few under another's.

Three or four such pairs are as many false alerts as a budget of 0.3 % has, so figures are given with and without.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

SUSPECT_PAIRS = 0.1
"""A pair is suspected when not one set in ten would have strangers so alike."""

Places = NDArray[np.intp]


class TailLaw(Protocol):
    """What a fitted tail and the stored curve have in common."""

    def cosine_at(self, fmr: float) -> float: ...


def mend_labels(cosines: NDArray[np.float32], person: Places, law: TailLaw) -> tuple[Places, int]:
    """Give those one number who can hardly be two; `cosines` `(n, n)` has row and column i of `person[i]`.

    Returns the numbers, and how many were given up.
    """
    mended = person.copy()
    alike = (cosines >= law.cosine_at(SUSPECT_PAIRS / cosines.size)) & (person[:, None] != person[None])
    for a, b in np.argwhere(alike):
        mended[mended == mended[a]] = mended[b]
    _, numbers = np.unique(mended, return_inverse=True)
    return numbers, int(person.max() - numbers.max())
