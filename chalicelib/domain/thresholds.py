"""How alike a face must be before people are asked to look: worked out, never typed in.

One comparison of strangers passes a threshold with the false-match rate FMR. A face is compared with the whole list, so
the longer the list and the denser the traffic, the stricter the threshold that keeps false alerts within a budget.
"""

import json
import math
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

from chalicelib.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class ImpostorCurve:
    """How often two strangers' faces look alike to one embedder, as measured by `bench.impostors`.

    `points` are (cosine, FMR), cosine rising and FMR falling; `floor` is the cosine below which the model's authors
    call nobody the same even one to one.
    """

    embedder_digest: str
    pairs: int
    floor: float
    points: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        if len(self.points) < 2 or not all(a < b and p > q > 0 for (a, p), (b, q) in pairwise(self.points)):
            raise InvalidInput("an impostor curve needs rising cosines with falling rates above 0")


def face_threshold(
    curve: ImpostorCurve, *, list_size: int, faces_per_day: float, false_alerts_per_day: float, likeness: float = 1.0
) -> float:
    """The cosine at which a list of `list_size` templates is expected to raise just the budgeted false alerts.

    `likeness` says how many times likelier than the curve's strangers the people passing by resemble those listed:
    above 1 where both are of one region, which the curve's photographs are not (among the 31 East and South-East Asian
    people of LFW 7 times at cosine 0.35, 14 times at 0.40). Capped at 1, floored by the curve. Raises InvalidInput on a
    budget that isn't positive.
    """
    _require_positive(faces_per_day=faces_per_day, false_alerts_per_day=false_alerts_per_day, likeness=likeness)
    if list_size <= 0:
        return curve.floor
    fpir = false_alerts_per_day / faces_per_day
    if fpir >= 1:
        return curve.floor
    return min(1.0, max(curve.floor, _cosine_at(curve, _fmr(fpir, list_size) / likeness)))


def parse_impostor_curve(text: str | bytes) -> ImpostorCurve:
    """Read the JSON that `bench.impostors` writes; raises InvalidInput where it doesn't hold."""
    try:
        record = json.loads(text)
        points = tuple((float(cosine), float(fmr)) for cosine, fmr in record["points"])
        return ImpostorCurve(str(record["embedder_digest"]), int(record["pairs"]), float(record["floor"]), points)
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidInput(f"not an impostor curve: {error!r}") from error


def _require_positive(**values: float) -> None:
    for name, value in values.items():
        if not value > 0:
            raise InvalidInput(f"{name} must be above 0, got {value!r}")


def _fmr(fpir: float, list_size: int) -> float:
    """The rate of one comparison of which `list_size` together pass at rate `fpir`: FPIR = 1 - (1 - FMR)^N."""
    return -math.expm1(math.log1p(-fpir) / list_size)


def _cosine_at(curve: ImpostorCurve, fmr: float) -> float:
    """Log-linear between the points and beyond them.

    The tail of strangers' cosines falls faster than any straight line on the log scale, so beyond the last point the
    line errs towards the stricter side.
    """
    rates = [-rate for _, rate in curve.points]
    right = min(max(bisect_left(rates, -fmr), 1), len(rates) - 1)
    (cosine_a, fmr_a), (cosine_b, fmr_b) = curve.points[right - 1], curve.points[right]
    slope = (cosine_b - cosine_a) / (math.log(fmr_b) - math.log(fmr_a))
    return cosine_a + slope * (math.log(fmr) - math.log(fmr_a))
