"""How bad it is, in four words of one order, as CAP 1.2 has them."""

SEVERITIES = ("minor", "moderate", "severe", "extreme")

_RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}


def at_least(severity: str, floor: str) -> bool:
    """Whether a severity reaches a floor; raises KeyError on a word that isn't in SEVERITIES."""
    return _RANK[severity] >= _RANK[floor]
