"""How bad it is, in four words of one order, as CAP 1.2 has them."""

from collections.abc import Iterable

from chalicelib.domain.city import KindPolicy

SEVERITIES = ("minor", "moderate", "severe", "extreme")

_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}


def at_least(severity: str, floor: str) -> bool:
    """Whether a severity reaches a floor; raises KeyError on a word that isn't in SEVERITIES."""
    return _RANK[severity] >= _RANK[floor]


def worst(severities: Iterable[str]) -> str:
    """The worst of some severities."""
    return max(severities, key=_RANK.__getitem__)


def risen(
    policy: KindPolicy, severity: str, *, seen_for_s: float, cameras: int, extent: float, doubtful: bool = False
) -> str:
    """The severity, or a worse one that how long, from where and how large it is seen makes it; it never falls.

    What is `doubtful` reaches a step less.
    """
    reached = (
        rise.severity
        for rise in policy.rises
        if seen_for_s >= rise.after_s and cameras >= rise.cameras and extent >= rise.extent
    )
    reaches = worst((policy.severity, *reached))
    return worst((severity, _step_down(reaches) if doubtful else reaches))


def _step_down(severity: str) -> str:
    return SEVERITIES[max(0, _RANK[severity] - 1)]
