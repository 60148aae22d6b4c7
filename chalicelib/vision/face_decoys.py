"""Faces of nobody beside the list, to see from day to day how alike strangers here look to those listed.

Nobody is listed to be measured with, and no photograph is needed: a decoy is drawn from the mean and covariance of
people's templates. What resembles a decoy is a stranger for certain, so it is counted and can never become a candidate.
They are drawn once a process (15 ms) and cost a search nothing that can be measured.
"""

from dataclasses import dataclass
from random import Random

import numpy as np

from chalicelib.vision.boxes import Float32
from chalicelib.vision.face_space import FaceSpace, unit_rows

DECOYS = 256
_SEED = 1


@dataclass(frozen=True, slots=True, eq=False)
class FaceDecoys:
    """Unit rows `(n, dim)` and the cosine from which on a face counts as resembling one."""

    rows: Float32
    cosine: float

    def hits(self, templates: Float32) -> int:
        """How many comparisons of unit rows `(m, dim)` with decoys reach the cosine."""
        return int((templates @ self.rows.T >= self.cosine).sum())


def draw_decoys(space: FaceSpace, *, cosine: float, count: int = DECOYS) -> FaceDecoys:
    """The same decoys everywhere, so that counts of functions add up."""
    random = Random(_SEED)  # noqa: S311 - nothing secret; numpy.random is left out of the layer
    dim = len(space.centre)
    normal = np.asarray([[random.gauss(0, 1) for _ in range(dim)] for _ in range(count)], np.float32)
    return FaceDecoys(unit_rows(normal * space.spread), cosine)
