"""From which cosine on everybody lists what is alike: what matpho would search a list of that length at.

Every interpreter reads it, so it needs the standard library only.
"""

from functools import cache
from pathlib import Path

from chalicelib.domain.thresholds import face_threshold, parse_impostor_curve

CURVE = Path(__file__).parents[3] / "chalicelib" / "vision" / "heads" / "impostors_sface.json"
FPIR = 0.003


@cache
def threshold_for(list_size: int) -> float:
    """The cosine that three strangers in a thousand reach against a list of that length."""
    curve = parse_impostor_curve(CURVE.read_bytes())
    return face_threshold(curve, list_size=list_size, faces_per_day=1, false_alerts_per_day=FPIR)
