"""The camera's view with what it would see where drawn over it, a panel for each simulation."""

import unicodedata
from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from chalicelib.domain.alerts.words import Language
from ops.blind_spot_words import smallest, title
from ops.blind_spots import COLUMNS_REL, ROWS_REL, SIZES, Spot

Image = NDArray[np.uint8]

_PANEL_WIDTH_PX = 640
_BEST_BGR, _WORST_BGR, _BLIND_BGR = np.array((90, 200, 60)), np.array((40, 210, 240)), np.array((50, 50, 220))
_TINT = 0.4
_PANELS_A_ROW = 2
_D = {0x111: "d", 0x110: "D"}


def draw_blind_spots(view_bgr: Image, spots: Sequence[Spot], *, language: Language = "en") -> Image:
    """Two panels a row: green where small ones are found, yellow only large ones, red none."""
    overlays = list(dict.fromkeys(spot.overlay for spot in spots))
    panels = [
        _panel(view_bgr, overlay, [one for one in spots if one.overlay == overlay], language) for overlay in overlays
    ]
    panels += [np.zeros_like(panels[0])] * (-len(panels) % _PANELS_A_ROW)
    rows = [np.hstack(panels[at : at + _PANELS_A_ROW]) for at in range(0, len(panels), _PANELS_A_ROW)]
    return np.asarray(np.vstack(rows), np.uint8)


def _panel(view_bgr: Image, overlay: str, spots: Iterable[Spot], language: Language) -> Image:
    scale = _PANEL_WIDTH_PX / view_bgr.shape[1]
    panel = np.asarray(cv2.resize(view_bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    for spot in spots:
        _draw_spot(panel, spot, language)
    _write(panel, title(overlay, language), (8, 22))
    return panel


def _draw_spot(panel: Image, spot: Spot, language: Language) -> None:
    left, right = _bounds(spot.foot_rel[0], COLUMNS_REL, panel.shape[1])
    rows = ROWS_REL if spot.foot_rel[1] in ROWS_REL else (spot.foot_rel[1],)
    top, bottom = _bounds(spot.foot_rel[1], rows, panel.shape[0])
    part = panel[top + 1 : bottom - 1, left + 1 : right - 1]
    part[:] = (part * (1 - _TINT) + _colour(spot) * _TINT).astype(np.uint8)
    _write(panel, smallest(spot, language), (left + 10, bottom - 12))


def _bounds(centre_rel: float, centres_rel: Sequence[float], length_px: int) -> tuple[int, int]:
    """From half-way to the neighbour before to half-way to the one after; the outermost reach the edge."""
    at = centres_rel.index(centre_rel)
    start = (centres_rel[at - 1] + centre_rel) / 2 if at else 0.0
    end = (centre_rel + centres_rel[at + 1]) / 2 if at + 1 < len(centres_rel) else 1.0
    return round(start * length_px), round(end * length_px)


def _colour(spot: Spot) -> NDArray[np.float64]:
    if spot.smallest is None:
        return np.asarray(_BLIND_BGR, np.float64)
    sizes = SIZES[spot.overlay]
    share = sizes.index(spot.smallest) / (len(sizes) - 1)
    return np.asarray(_WORST_BGR + (_BEST_BGR - _WORST_BGR) * share, np.float64)


def _write(panel: Image, words: str, at_xy: tuple[int, int]) -> None:
    """White on black, to be read on any picture; OpenCV's letters have no accents."""
    plain = unicodedata.normalize("NFKD", words.translate(_D)).encode("ascii", "ignore").decode()
    for colour, thickness in (((0, 0, 0), 4), ((255, 255, 255), 1)):
        cv2.putText(panel, plain, at_xy, cv2.FONT_HERSHEY_SIMPLEX, 0.6, colour, thickness, cv2.LINE_AA)
