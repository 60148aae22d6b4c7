"""What must hold of who acts and when: units and their addresses, routes, escalation chains, windows."""

import re
from collections.abc import Iterator

from chalicelib.domain.checking import (
    areas_or_all,
    below,
    kinds,
    kinds_or_all,
    not_a_day,
    not_above,
    numbered,
    repeated,
    roles,
    unknown,
    unknown_each,
)
from chalicelib.domain.city import EVERYWHERE, CityPack, Window
from chalicelib.domain.severity import SEVERITIES
from chalicelib.domain.windows import EFFECTS, EXERCISE

ENDPOINTS = {
    "sqs": re.compile(r"arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+(\.fifo)?"),
    "lambda": re.compile(r"arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_:-]+"),
    "email": re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+"),
    "sms": re.compile(r"\+[1-9]\d{7,14}"),
    "https": re.compile(r"https://[^\s/]+(/\S*)?"),
}
"""The shape of an address for each protocol of SNS that units may have."""


def check_units(pack: CityPack) -> Iterator[str]:
    for at, unit in numbered("units", pack.units):
        yield from unknown_each(f"{at}.areas", unit.areas, areas_or_all(pack), "area")
        yield from repeated(f"{at}.contacts", [f"{one.protocol} {one.endpoint}" for one in unit.contacts])
        for place, contact in numbered(f"{at}.contacts", unit.contacts):
            shape = ENDPOINTS.get(contact.protocol)
            if shape is None:
                yield f"{place}.protocol: {contact.protocol!r} is no protocol, only {', '.join(ENDPOINTS)} are"
            elif not shape.fullmatch(contact.endpoint):
                yield f"{place}.endpoint: {contact.endpoint!r} is no address for {contact.protocol}"


def check_routes(pack: CityPack) -> Iterator[str]:
    for at, route in numbered("routes", pack.routes):
        yield from unknown_each(f"{at}.kinds", route.kinds, kinds(pack), "kind")
        yield from unknown_each(f"{at}.roles", route.roles, roles(pack), "role of a unit")
        yield from unknown_each(f"{at}.areas", route.areas, areas_or_all(pack), "area")
        yield from unknown(f"{at}.min_severity", route.min_severity, SEVERITIES, "severity")
        if route.hours is not None:
            yield from not_a_day(f"{at}.hours", route.hours)


def check_escalations(pack: CityPack) -> Iterator[str]:
    for at, chain in numbered("escalations", pack.escalations):
        yield from unknown_each(f"{at}.kinds", chain.kinds, kinds(pack), "kind")
        yield from unknown(f"{at}.min_severity", chain.min_severity, SEVERITIES, "severity")
        yield from below(f"{at}.repeats", chain.repeats)
        if not chain.steps:
            yield f"{at}.steps: a chain without a step calls nobody"
        for place, step in numbered(f"{at}.steps", chain.steps):
            yield from not_above(f"{place}.after_s", step.after_s)
            yield from unknown_each(f"{place}.roles", step.roles, roles(pack), "role of a unit")
            if not step.roles:
                yield f"{place}.roles: a step without a role calls nobody"
    yield from _rivals(pack)


def check_windows(pack: CityPack) -> Iterator[str]:
    cameras = {camera.id for camera in pack.cameras} | {EVERYWHERE}
    for at, window in numbered("windows", pack.windows):
        yield from unknown(f"{at}.effect", window.effect, EFFECTS, f"effect ({', '.join(EFFECTS)})")
        yield from unknown_each(f"{at}.kinds", window.kinds, kinds_or_all(pack), "kind")
        yield from unknown_each(f"{at}.areas", window.areas, areas_or_all(pack), "area")
        yield from unknown_each(f"{at}.cameras", window.cameras, cameras, "camera")
        yield from _check_times(at, window)
        if window.effect == EXERCISE and not any(unit.drills for unit in pack.units):
            yield f"{at}.effect: an exercise, but no unit takes part in drills"


def _rivals(pack: CityPack) -> Iterator[str]:
    """Of two chains for one kind from one severity on nobody could say which holds."""
    held: dict[tuple[str, str], str] = {}
    for at, chain in numbered("escalations", pack.escalations):
        for kind in chain.kinds:
            rival = held.setdefault((kind, chain.min_severity), chain.id)
            if rival != chain.id:
                yield f"{at}.kinds: {kind!r} from {chain.min_severity} on is {rival!r}'s already"


def _check_times(at: str, window: Window) -> Iterator[str]:
    naive = [name for name in ("from_utc", "until_utc") if getattr(window, name).tzinfo is None]
    yield from (f"{at}.{name}: {getattr(window, name)} has no time zone" for name in naive)
    if not naive and window.until_utc <= window.from_utc:
        yield f"{at}.until_utc: {window.until_utc} is not after from_utc {window.from_utc}"
