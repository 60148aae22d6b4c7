"""The map of where in a view a kind is: the head's own windows, laid over each other, for a product of matrices."""

from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from chalicelib.domain.heat import BLOCKS_A_SIDE, HIGHEST, LEVEL
from chalicelib.vision.scene_heads import SceneHead
from chalicelib.vision.scene_views import SceneViews

_WINDOWS_A_SIDE = BLOCKS_A_SIDE - 1
"""Windows are about a third of the view and lie a sixth apart, so each covers two blocks a side."""

Float32 = NDArray[np.float32]


def heat_of(head: SceneHead, views: SceneViews) -> str:
    """The map, as chalicelib.domain.heat reads it."""
    windows = views.windows @ head.weights[1]
    steps = np.rint(_block_shares() @ windows - _level(head)) + LEVEL
    return "".join(f"{int(step):x}" for step in np.clip(steps, 0, HIGHEST))


def _level(head: SceneHead) -> float:
    """What every view's logit would be in a picture that is the same all over and just reaches the threshold."""
    *factors, constant = head.pooling
    return float((np.log(head.threshold / (1 - head.threshold)) - constant) / sum(factors))


@cache
def _block_shares() -> Float32:
    """What each window adds to each block's mean over the windows that cover it: (36, 25)."""
    covers = np.zeros((BLOCKS_A_SIDE, BLOCKS_A_SIDE, _WINDOWS_A_SIDE**2), np.float32)
    for window, (row, column) in enumerate(product(range(_WINDOWS_A_SIDE), repeat=2)):
        covers[row : row + 2, column : column + 2, window] = 1
    shares = covers / covers.sum(axis=2, keepdims=True)
    return np.asarray(shares.reshape(BLOCKS_A_SIDE**2, -1), np.float32)
