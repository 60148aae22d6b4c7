"""One frame's pixels at the three sizes that sensors want, each worked out when first asked for.

Health is judged, and scenes, vehicles and faces are looked for, in few pixels; only the detail of a face that was
found there asks for all of them. A street without faces is so never decoded whole: of 13 ms at 1080p 5.5 are left.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from chalicelib.domain.city import PolygonRel
from chalicelib.vision.images import SMALL_PX, decode_image, decode_reduced, shrink
from chalicelib.vision.masks import hide

Image = NDArray[np.uint8]


@dataclass(frozen=True)
class FramePixels:
    """BGR pictures (h,w,3) of one frame: `coarse_bgr` is one `reduction`th of its size `wh`."""

    coarse_bgr: Image
    reduction: int
    wh: tuple[int, int]
    read_whole: Callable[[], Image]

    @cached_property
    def small_bgr(self) -> Image:
        """At most SMALL_PX on the longer side."""
        return shrink(self.coarse_bgr, SMALL_PX)[0]

    @property
    def small_share(self) -> float:
        """By what `small_bgr` is smaller than the frame."""
        width_px: int = self.small_bgr.shape[1]
        return width_px / self.wh[0]

    @cached_property
    def whole_bgr(self) -> Image:
        """All pixels that the camera sent."""
        return self.read_whole()

    def hiding(self, polygons_rel: Collection[PolygonRel]) -> "FramePixels":
        """The same with these parts of it hidden at every size."""
        if not polygons_rel:
            return self
        coarse_bgr = hide(self.coarse_bgr, polygons_rel)
        if self.reduction == 1:
            return pixels_of_image(coarse_bgr)
        return FramePixels(coarse_bgr, self.reduction, self.wh, lambda: hide(self.whole_bgr, polygons_rel))


def pixels_of_file(data: bytes) -> FramePixels:
    """Decode as little as will do; raises FrameRejected as `decode_image` does."""
    reduced = decode_reduced(data, longest_px=SMALL_PX)
    if reduced.reduction == 1:
        return pixels_of_image(reduced.image_bgr)
    return FramePixels(reduced.image_bgr, reduced.reduction, reduced.whole_wh, lambda: decode_image(data))


def pixels_of_image(image_bgr: Image) -> FramePixels:
    """Of a picture that is decoded already."""
    return FramePixels(image_bgr, 1, (image_bgr.shape[1], image_bgr.shape[0]), lambda: image_bgr)
