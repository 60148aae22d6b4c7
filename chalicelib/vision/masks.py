"""Hides what is nobody's business before a model looks: a fountain that is no flood, a window that is someone's home.

The cost: one copy of the picture where there is a mask, nothing where there is none.
"""

from collections.abc import Collection, Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from chalicelib.domain.city import CameraProfile, PolygonRel
from chalicelib.domain.footing import masks_of


def hide(image_bgr: NDArray[np.uint8], polygons_rel: Collection[PolygonRel]) -> NDArray[np.uint8]:
    """A picture (h,w,3) with polygons filled in its own mean colour, which draws no edge that a model could like."""
    if not polygons_rel:
        return image_bgr
    height, width = image_bgr.shape[:2]
    mean_bgr = tuple(map(float, image_bgr.mean(axis=(0, 1))))
    hidden = image_bgr.copy()
    for one in polygons_rel:  # together they would leave open where they overlap
        corners = np.rint(np.array(one) * (width, height) - 0.5).astype(np.int32)
        cv2.fillPoly(hidden, [corners], mean_bgr)
    return hidden


def by_masks(profile: CameraProfile, kinds: Iterable[str]) -> dict[tuple[PolygonRel, ...], list[str]]:
    """Kinds by what is hidden from them, so that a picture is looked at once for all that see the same."""
    groups: dict[tuple[PolygonRel, ...], list[str]] = {}
    for kind in kinds:
        groups.setdefault(masks_of(profile, kind), []).append(kind)
    return groups
