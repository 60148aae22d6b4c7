"""The few sentences in which checks of a city pack tell what is wrong, each with its place and value."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import TypeVar

from chalicelib.domain.city import DAYS, EVERYWHERE, CityPack, Hours, PolygonRel

_T = TypeVar("_T")


def numbered(section: str, items: Sequence[_T]) -> Iterator[tuple[str, _T]]:
    """Each item with its place, such as `cameras[3]`."""
    return ((f"{section}[{n}]", item) for n, item in enumerate(items))


def unknown(at: str, name: str, known: Collection[str], what: str) -> Iterator[str]:
    if name not in known:
        yield f"{at}: {name!r} is no {what}"


def unknown_each(at: str, names: Sequence[str], known: Collection[str], what: str) -> Iterator[str]:
    for place, name in numbered(at, names):
        yield from unknown(place, name, known, what)


def repeated(section: str, names: Sequence[str]) -> Iterator[str]:
    return (f"{section}: {name!r} is there {n} times" for name, n in Counter(names).items() if n > 1)


def not_above(at: str, value: float, least: float = 0) -> Iterator[str]:
    """A value that must be greater than the least; not-a-number never is."""
    if not value > least:
        yield f"{at}: {value} is not above {least}"


def below(at: str, value: float, least: float = 0) -> Iterator[str]:
    if not value >= least:
        yield f"{at}: {value} is below {least}"


def no_share(at: str, value: float) -> Iterator[str]:
    if not 0 <= value <= 1:
        yield f"{at}: {value} is not in [0,1]"


def no_polygon(at: str, polygon_rel: PolygonRel) -> Iterator[str]:
    """Corners must be at least three, in shares of the picture."""
    if len(polygon_rel) < 3:
        yield f"{at}: {len(polygon_rel)} corners are no polygon"
    for place, corner in numbered(at, polygon_rel):
        if not all(0 <= share <= 1 for share in corner):
            yield f"{place}: {corner} is not in [0,1]"


def not_a_day(at: str, hours: Hours) -> Iterator[str]:
    """Days of hours that are none; no days at all would be no hours."""
    yield from unknown_each(f"{at}.days", hours.days, DAYS, "day")
    if not hours.days:
        yield f"{at}.days: on no day, so never"


def area_ids(pack: CityPack) -> frozenset[str]:
    return frozenset(area.id for area in pack.areas)


def areas_or_all(pack: CityPack) -> frozenset[str]:
    return area_ids(pack) | {EVERYWHERE}


def roles(pack: CityPack) -> frozenset[str]:
    return frozenset(unit.role for unit in pack.units)


def kinds(pack: CityPack) -> frozenset[str]:
    return frozenset(policy.kind for policy in pack.kinds)


def kinds_or_all(pack: CityPack) -> frozenset[str]:
    return kinds(pack) | {EVERYWHERE}
