"""What hides a part of a face: a mask or scarf before the mouth, dark glasses; 0.4 ms on the aligned face.

A covered face resembles others more than a bare one does, so people who judge a candidate are told, and none is
enrolled. On photographs of 1,241 people of LFW and the same with masks and glasses drawn in (`bench.face_covers`):

    mask or scarf   blue 1.00   black 1.00   grey .98   white .92   of skin's colour .82   bare faces called so .032
    dark glasses    .95                                                                    bare faces called so .010

By grey light (infrared) only what the mouth lacks tells: of masks by shade between .25 and 1.00. A black beard may be
taken for a scarf: who enrols shows another photograph, who judges sees it.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from chalicelib.domain.observations import Hint

LEAST_DETAIL = 0.5
"""Fine contrast about the mouth as a share of that about the eyes; a bare face has .51 to 1.4 (99 of 100)."""
LEAST_MOUTH, CLEAR_MOUTH = 0.5, 0.9
"""The same of how brightness changes from row to row, where a mouth is a line and cloth none: a bare face has .55 to
2.3. One who shows a clear mouth is bare, however smooth the cheeks."""
MOST_OFF_COLOUR = 15.0
"""Between mouth and bridge of the nose, in a and b of CIE Lab; 14 is exceeded by one bare face in a hundred."""
DARK_GLASSES = -90.0
"""Lightness (of 255) about the eyes less that of the cheeks."""

_DETAIL_PX = 2.0
_Region = tuple[slice, slice]
_EYES, _BRIDGE = np.s_[40:62, 24:88], np.s_[30:50, 40:72]
_LOWER, _CHEEKS = np.s_[70:106, 32:80], np.s_[64:80, 30:82]
_MOUTH, _EYE_LINE = np.s_[84:100, 40:72], np.s_[44:60, 28:84]
"""Rows and columns of the aligned face (face_alignment.py)."""


def covers(aligned_bgr: NDArray[np.uint8]) -> tuple[Hint, ...]:
    """What an aligned face `(112, 112, 3)` wears that hides it."""
    lab = cv2.cvtColor(aligned_bgr, cv2.COLOR_BGR2LAB).astype(np.float32)
    grey = cv2.cvtColor(aligned_bgr, cv2.COLOR_BGR2GRAY).astype(np.float32)
    found = {
        Hint.COVERED: _lacks_a_mouth(grey) or _is_off_colour(lab),
        Hint.DARK_GLASSES: (_median(lab, _EYES) - _median(lab, _CHEEKS))[0] < DARK_GLASSES,
    }
    return tuple(hint for hint, holds in found.items() if holds)


def _lacks_a_mouth(grey: NDArray[np.float32]) -> bool:
    detail = grey - cv2.GaussianBlur(grey, (0, 0), _DETAIL_PX)
    by_row = np.abs(cv2.Sobel(grey, cv2.CV_32F, 0, 1))
    smooth = detail[_LOWER].std() < LEAST_DETAIL * (detail[_EYES].std() + 1)
    mouth = by_row[_MOUTH].mean() / (by_row[_EYE_LINE].mean() + 1)
    return bool(mouth < LEAST_MOUTH or (smooth and mouth < CLEAR_MOUTH))


def _is_off_colour(lab: NDArray[np.float32]) -> bool:
    return bool(np.hypot(*(_median(lab, _LOWER) - _median(lab, _BRIDGE))[1:]) > MOST_OFF_COLOUR)


def _median(lab: NDArray[np.float32], region: _Region) -> NDArray[np.float32]:
    """Of each of the three planes."""
    median: NDArray[np.float32] = np.median(lab[region].reshape(-1, 3), axis=0)
    return median
