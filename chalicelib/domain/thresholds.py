"""How alike a face must be before people are asked to look: worked out, never typed in.

One comparison of strangers passes a threshold with the false-match rate FMR. A face is compared with the whole list, so
the longer the list and the denser the traffic, the stricter the threshold that keeps false alerts within a budget.
"""

import json
import math
from dataclasses import dataclass
from datetime import datetime

from chalicelib.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class ImpostorCurve:
    """How often two strangers' faces look alike to one embedder, as measured by `bench.impostors`.

    From the cosine `floor` on, which strangers reach at the rate `floor_fmr`, the rate follows a generalised Pareto law
    (Pickands 1975: the tail of nearly any distribution does). With a `shape` below 0 it ends at a highest cosine.
    `decoy_rate` is how often strangers reach the floor beside a decoy.
    """

    embedder_digest: str
    pairs: int
    floor: float
    floor_fmr: float
    shape: float
    scale: float
    decoy_rate: float = 0.0

    def __post_init__(self) -> None:
        if not (0 < self.floor_fmr < 1 and self.scale > 0 and -0.5 < self.shape < 0.5 and -1 < self.floor < 1):
            raise InvalidInput(f"no tail of a curve: {self!r}")

    def cosine_at(self, fmr: float) -> float:
        """The cosine that strangers reach at this rate; the floor for rates above its own, never above 1."""
        decades = math.log(self.floor_fmr / min(fmr, self.floor_fmr))
        grown = math.expm1(self.shape * decades) / self.shape if self.shape else decades
        return min(1.0, self.floor + self.scale * grown)

    def fmr_at(self, cosine: float) -> float:
        """The rate at which strangers reach this cosine, `cosine_at` turned round."""
        above = max(0.0, cosine - self.floor) / self.scale
        if not self.shape:
            return self.floor_fmr * math.exp(-above)
        beyond_the_end = self.shape * above <= -1
        return 0.0 if beyond_the_end else self.floor_fmr * math.exp(-math.log1p(self.shape * above) / self.shape)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a threshold did when it was tried: how long the list was, how many strangers passed, how many were taken."""

    report: str
    evaluated_by: str
    evaluated_at_utc: datetime
    embedder_digest: str
    cosine: float
    list_size: int
    strangers: int
    false_candidates: int


@dataclass(frozen=True, slots=True)
class OwnThreshold:
    """A threshold that somebody sets for a list instead of the one worked out; it stands on its evaluation."""

    cosine: float
    approved_by: str
    evaluation: Evaluation | None = None


def face_threshold(
    curve: ImpostorCurve, *, list_size: int, faces_per_day: float, false_alerts_per_day: float, likeness: float = 1.0
) -> float:
    """The cosine at which a list of `list_size` templates is expected to raise just the budgeted false alerts.

    `likeness` says how many times likelier than the curve's strangers the people passing by resemble those listed:
    above 1 where both are of one region, which the curve's photographs are not (docs/models/faces.md). Floored by the
    curve. Raises InvalidInput on a budget that isn't positive.
    """
    _require_positive(faces_per_day=faces_per_day, false_alerts_per_day=false_alerts_per_day, likeness=likeness)
    fpir = false_alerts_per_day / faces_per_day
    if list_size <= 0 or fpir >= 1:
        return curve.floor
    return curve.cosine_at(_fmr(fpir, list_size) / likeness)


def own_threshold(own: OwnThreshold, curve: ImpostorCurve, *, list_size: int) -> float:
    """The cosine of a list's own threshold; raises InvalidInput unless an evaluation of just this carries it.

    It must hold on paper, and have been made with this embedder and on a list as long.
    """
    evaluation = own.evaluation
    found = list(flaws(own))
    if own.cosine < curve.floor:
        found.append(f"a cosine of {own.cosine!r} is below the floor {curve.floor!r}")
    if evaluation is not None and evaluation.embedder_digest != curve.embedder_digest:
        found.append("it was evaluated with another embedder")
    if evaluation is not None and evaluation.list_size < list_size:
        found.append(f"it was evaluated on {evaluation.list_size!r} of {list_size!r} templates")
    if found:
        raise InvalidInput(f"no threshold of {own.cosine!r}: {'; '.join(found)}")
    return own.cosine


def flaws(own: OwnThreshold) -> tuple[str, ...]:
    """What can be seen to be wrong without the list: a pack with such a threshold is not applied.

    It must have been evaluated at this cosine or below, by another than who approved it, and on enough strangers to
    have seen a false candidate had there been one in three hundred.
    """
    evaluation = own.evaluation
    if evaluation is None:
        return (f"a cosine of {own.cosine!r} has no evaluation",)
    holds = (
        (evaluation.cosine <= own.cosine, f"a cosine of {own.cosine!r} was evaluated at {evaluation.cosine!r}"),
        (evaluation.evaluated_by != own.approved_by, f"{own.approved_by!r} both evaluated and approved it"),
        (evaluation.strangers >= FEWEST_STRANGERS, f"it was evaluated on {evaluation.strangers!r} strangers only"),
    )
    return tuple(flaw for is_so, flaw in holds if not is_so)


FEWEST_STRANGERS = 1000
"""With none taken among three times 333, the rate is below one in 333 with 95 % confidence (the rule of three)."""


def parse_impostor_curve(text: str | bytes) -> ImpostorCurve:
    """Read the JSON that `bench.impostors` writes; raises InvalidInput where it doesn't hold."""
    try:
        record = json.loads(text)
        tail = record["tail"]
        numbers = [float(tail[name]) for name in ("cosine", "fmr", "shape", "scale")]
        numbers.append(float(record["decoys"][0]["decoy_rate"]))
        return ImpostorCurve(str(record["embedder_digest"]), int(record["pairs"]), *numbers)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise InvalidInput(f"not an impostor curve: {error!r}") from error


def _require_positive(**values: float) -> None:
    for name, value in values.items():
        if not value > 0:
            raise InvalidInput(f"{name} must be above 0, got {value!r}")


def _fmr(fpir: float, list_size: int) -> float:
    """The rate of one comparison of which `list_size` together pass at rate `fpir`: FPIR = 1 - (1 - FMR)^N."""
    return -math.expm1(math.log1p(-fpir) / list_size)
