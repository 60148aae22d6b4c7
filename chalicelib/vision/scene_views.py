"""What the scene encoder makes of a picture: large, in its own shape, and, where a head asks for it, squeezed.

The large view shows what only a part of the picture holds, read through overlapping windows of its maps; the squeezed
one, to the encoder's own size, shows what the scene is. Two maps are read of each: the last one, which knows things,
and one half-way, which knows surfaces.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from chalicelib.vision.images import SMALL_PX, shrink
from chalicelib.vision.sessions import Model

_WIDE_PX = 448
_CELL_PX = 32  # of the picture, for each cell of the feature map
_LEAST_SIDE_PX = 96
_WINDOW_SHARE = 1 / 3
_WINDOWS_A_SIDE = 5

THINGS = 1280
"""So many columns of the features tell things, those after them surfaces."""

Float32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SceneViews:
    """Features of a picture for any head: `large` (26, things + surfaces) of the whole, then of its windows, by rows.

    `squeezed` works out those of the squeezed view (things + surfaces,) when first called: 8 ms on one thread.
    """

    large: Float32
    squeezed: Callable[[], Float32]

    @property
    def whole(self) -> Float32:
        """Features (things + surfaces,) of the whole picture in its own shape."""
        return np.asarray(self.large[0], np.float32)

    @property
    def windows(self) -> Float32:
        """Features (25, things + surfaces) of its windows, row by row."""
        return self.large[1:]


def look_at(encoder: Model, image_bgr: NDArray[np.uint8]) -> SceneViews:
    """Run the encoder on the large view of a BGR picture (h,w,3) of any size.

    Waste, jams and water are told by their surface sooner than by things: reading both maps found .03 more fires,
    .05 more jams and .12 more drawn floods, for half a millisecond (docs/adr/0021-surfaces-beside-things.md).
    """
    small_bgr, _ = shrink(image_bgr, SMALL_PX)
    _, *maps = encoder.run(encoder.blob(large_view(small_bgr)))
    large = np.concatenate([_features(means(of_view[0])) for of_view in maps], axis=1)
    return SceneViews(large, cache(partial(_look_squeezed, encoder, small_bgr)))


def _look_squeezed(encoder: Model, small_bgr: NDArray[np.uint8]) -> Float32:
    _, *maps = encoder.run(encoder.blob(_squeezed(small_bgr, encoder.spec.input_wh)))
    return np.concatenate([_features(of_view.mean(axis=(2, 3)))[0] for of_view in maps])


def _features(of_views: Float32) -> Float32:
    """Unit vectors of the square roots of means (views, features).

    The root lets the little that a view holds of a thing count beside the much that it holds of the street.
    """
    roots = np.sqrt(of_views)
    return np.asarray(roots / (np.linalg.norm(roots, axis=1, keepdims=True) + 1e-9), np.float32)


def large_view(image_bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """448 px on the longer side, the other as the picture's shape has it but in whole cells, given at most 640 px.

    Of 16:9 a cell less than would fill it: 2 ms, for .03 of the jams (docs/adr/0023-squeezed-where-it-matters.md).
    """
    height, width = image_bgr.shape[:2]
    cells = (side * _WIDE_PX // max(height, width) // _CELL_PX for side in (width, height))
    wide, high = (max(_LEAST_SIDE_PX, count * _CELL_PX) for count in cells)
    # From 640 px hardly anything is skipped that a mean would have seen: .3 ms for 1.5.
    return np.asarray(cv2.resize(image_bgr, (wide, high), interpolation=cv2.INTER_LINEAR), np.uint8)


def means(feature_map: Float32) -> Float32:
    """Mean features (26, features) of a map (features, rows, columns) and of its windows."""
    features, rows, columns = feature_map.shape
    return _shares(rows, columns) @ feature_map.reshape(features, -1).T


@cache
def _shares(rows: int, columns: int) -> Float32:
    """What each cell adds to each mean: (26, cells). One product takes 0.2 ms, slice after slice 2.1."""
    high, wide = math.ceil(rows * _WINDOW_SHARE), math.ceil(columns * _WINDOW_SHARE)
    tops = np.linspace(0, rows - high, _WINDOWS_A_SIDE).round().astype(int)
    lefts = np.linspace(0, columns - wide, _WINDOWS_A_SIDE).round().astype(int)
    shares = np.zeros((1 + _WINDOWS_A_SIDE**2, rows, columns), np.float32)
    shares[0] = 1 / (rows * columns)
    for window, (top, left) in zip(shares[1:], product(tops, lefts), strict=True):
        window[top : top + high, left : left + wide] = 1 / (high * wide)
    return shares.reshape(len(shares), -1)


def _squeezed(image_bgr: NDArray[np.uint8], size_wh: tuple[int, int]) -> NDArray[np.uint8]:
    """To twice the size by picking pixels, then the means of four: .5 ms for 1.3."""
    twice_wh = 2 * size_wh[0], 2 * size_wh[1]
    twice = cv2.resize(image_bgr, twice_wh, interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.resize(twice, size_wh, interpolation=cv2.INTER_AREA), np.uint8)
