"""How many vehicles a picture shows: what the detector found, weighed, and what the scene encoder makes of the view.

Of a dense street a detector finds some vehicles surely and many faintly. So each faint find counts as the share of
such finds that people labelled, and the sum is drawn towards what pictures that look alike hold. The second costs
nothing, since the encoder runs for the scenes anyway.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chalicelib.domain.observations import Detection
from chalicelib.errors import Misconfigured

SHIPPED_COUNT_HEAD = Path(__file__).parent / "heads" / "vehicles.npz"

FAINT = 0.1
"""The score from which on a find has a chance of being a vehicle."""

VIEW_SHARE = 0.15
"""How far the count is drawn to the view's; .15 to .3 made no difference in cross-validation, .45 did harm."""

Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class CountHead:
    """Two linear heads: `find` (6,) gives the log odds of a find, `view` (features,) the log of one plus the count."""

    find: Float32
    view: Float32
    view_constant: float

    def count(
        self, finds: Sequence[Detection], *, image_wh: tuple[int, int], view_features: Float32 | None = None
    ) -> float:
        """The expected number of vehicles, given all finds from `FAINT` on and the whole view's features."""
        found = float((1 / (1 + np.exp(-find_features(finds, image_wh) @ self.find))).sum())
        if view_features is None:
            return found
        viewed = float(view_features @ self.view) + self.view_constant
        return max(0.0, float(np.expm1((1 - VIEW_SHARE) * np.log1p(found) + VIEW_SHARE * viewed)))


def find_features(finds: Sequence[Detection], image_wh: tuple[int, int]) -> Float32:
    """What tells a vehicle: log odds and their square, log area and its square, log of the shape, one: (n, 6)."""
    boxes = np.array([find.box_xyxy for find in finds], np.float32).reshape(-1, 4)
    scores = np.clip([find.score for find in finds], 1e-4, 1 - 1e-4)
    width, height = ((boxes[:, 2:] - boxes[:, :2]) / image_wh).clip(1e-4).T
    odds, area = np.log(scores / (1 - scores)), np.log(width * height)
    return np.stack([odds, odds**2, area, area**2, np.log(width / height), np.ones_like(odds)], axis=1)


def save_count_head(path: Path, head: CountHead) -> None:
    """Write the head as a plain npz of some 8 KB."""
    np.savez(path, find=head.find, view=head.view, view_constant=np.array(head.view_constant))


def load_count_head(path: Path = SHIPPED_COUNT_HEAD) -> CountHead:
    """Read the head; raises Misconfigured where the file is missing or isn't one."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
            return CountHead(arrays["find"], arrays["view"], float(arrays["view_constant"]))
    except (OSError, EOFError, ValueError, KeyError) as error:
        raise Misconfigured(f"no usable count head at {str(path)!r}: run python -m bench.train_vehicles") from error
