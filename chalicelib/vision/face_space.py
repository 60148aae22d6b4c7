"""Templates as seen from the average face, because what all faces share tells nobody apart.

SFace's templates lie around a mean 0.29 long. With it taken away, strangers' cosines become a bell around zero, and on
people of LFW whom the mean was not learnt from a quarter less true pairs are missed at one false in 100,000 (.038 for
.052). Scaling the axes as well (LDA, whitening), or adding the mirrored face, helped no further. It costs nothing.

The axes are turned, which changes no cosine, so that the numbers in which people differ most come first: a search then
rules out most of a list by the first half of them (exact_search.py).
"""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.lib.npyio import NpzFile

from chalicelib.errors import Misconfigured
from chalicelib.vision.boxes import Float32

SHIPPED_SPACE = Path(__file__).parent / "heads" / "face_space_sface.npz"
"""Written by `python -m bench.impostors`: mean and covariance over 1,240 people, of no use for finding any of them."""


@dataclass(frozen=True, eq=False)
class FaceSpace:
    """Where templates lie, of one network named by the SHA-256 of its published weights.

    `centre` `(dim,)` is the average of unit embeddings; `axes` `(dim, dim)` has the directions of templates in its
    columns, the one in which people vary most first; `spread` `(dim,)` is how much they vary along each.
    """

    weights_digest: str
    centre: Float32
    axes: Float32
    spread: Float32

    @cached_property
    def digest(self) -> str:
        """Templates compare only where weights, centre and axes are the same."""
        parts = (part.astype("<f4").tobytes() for part in (self.centre, self.axes))
        return hashlib.sha256(b"".join((self.weights_digest.encode(), *parts))).hexdigest()

    def templates(self, raw: Float32) -> Float32:
        """Unit rows `(n, dim)` from the network's own `(n, dim)`."""
        seen_from_centre: Float32 = unit_rows(raw) - self.centre
        return unit_rows(seen_from_centre @ self.axes)


def unit_rows(rows: Float32) -> Float32:
    """Each row at length 1."""
    units: Float32 = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return units


@cache
def read_face_space(path: Path = SHIPPED_SPACE) -> FaceSpace:
    """Read what `write_face_space` wrote; raises Misconfigured where it doesn't hold."""
    try:
        with NpzFile(io.BytesIO(path.read_bytes()), allow_pickle=False) as parts:
            weights_digest = parts["weights_digest"].tobytes().decode()
            return FaceSpace(weights_digest, parts["centre"], parts["axes"], parts["spread"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise Misconfigured(f"no usable face space in {str(path)!r}: {error!r}") from error


def write_face_space(path: Path, space: FaceSpace) -> None:
    """Keep a space as an npz without pickles."""
    weights_digest = np.frombuffer(space.weights_digest.encode(), np.uint8)
    np.savez(path, weights_digest=weights_digest, centre=space.centre, axes=space.axes, spread=space.spread)
