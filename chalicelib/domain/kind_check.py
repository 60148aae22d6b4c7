"""What must hold of the kinds: when one is seen, joined, repeated and over, how it rises, and what people do then."""

from collections.abc import Iterator

from chalicelib.domain.checking import below, no_share, not_above, numbered, repeated, unknown
from chalicelib.domain.city import CityPack, KindPolicy
from chalicelib.domain.severity import SEVERITIES, at_least

_ABOVE_0 = ("window_s", "hold_s", "update_s", "join_window_s", "burst_window_s", "review_s", "resolve_s")
_FROM_0 = ("apart_s", "join_radius_m", "cooldown_s")


def check_kinds(pack: CityPack) -> Iterator[str]:
    routed = {kind for route in pack.routes for kind in route.kinds}
    for at, policy in numbered("kinds", pack.kinds):
        yield from unknown(f"{at}.severity", policy.severity, SEVERITIES, "severity")
        if policy.kind not in routed:
            yield f"{at}.kind: no route for {policy.kind!r}"
        if not 1 <= policy.positives <= policy.of_frames:
            yield f"{at}.positives: {policy.positives} is not in 1…of_frames ({policy.of_frames})"
        if (policy.positives - 1) * policy.apart_s > policy.window_s:
            yield f"{at}.apart_s: {policy.positives} positives {policy.apart_s} s apart don't fit into window_s"
        if policy.threshold is not None:
            yield from no_share(f"{at}.threshold", policy.threshold)
        yield from _check_numbers(at, policy)
        yield from _check_rises(f"{at}.rises", policy)
        yield from repeated(f"{at}.checklist", [step.id for step in policy.checklist])


def _check_numbers(at: str, policy: KindPolicy) -> Iterator[str]:
    for name in _ABOVE_0:
        yield from not_above(f"{at}.{name}", getattr(policy, name))
    for name in _FROM_0:
        yield from below(f"{at}.{name}", getattr(policy, name))
    if policy.burst_count != 0:
        yield from below(f"{at}.burst_count", policy.burst_count, 2)
    if policy.confirmations not in {1, 2}:
        yield f"{at}.confirmations: {policy.confirmations} is neither 1 nor 2"


def _check_rises(at: str, policy: KindPolicy) -> Iterator[str]:
    for place, rise in numbered(at, policy.rises):
        yield from unknown(f"{place}.severity", rise.severity, SEVERITIES, "severity")
        if {rise.severity, policy.severity} <= set(SEVERITIES) and at_least(policy.severity, rise.severity):
            yield f"{place}.severity: {rise.severity!r} is not above the kind's own {policy.severity!r}"
        yield from below(f"{place}.after_s", rise.after_s)
        yield from below(f"{place}.cameras", rise.cameras, 1)
        yield from no_share(f"{place}.extent", rise.extent)
        if (rise.after_s, rise.cameras, rise.extent) == (0, 1, 0):
            yield f"{place}: without a condition it would always hold"
