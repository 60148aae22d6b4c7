"""How it went, in numbers, over what the asker may see.

Made of the incidents themselves at each request, so that no number is about anything that somebody may not know. The
cost: whatever changed since the beginning is read, 0.7 s of a core for ten thousand incidents beside DynamoDB's time.
"""

from collections.abc import Iterable
from datetime import timedelta
from itertools import chain, islice

from pydantic import BaseModel, ConfigDict, Field

from chalicelib import bootstrap
from chalicelib.api import scopes
from chalicelib.api.endpoints import Call, Routes, Strict
from chalicelib.api.fields import AreaId, Instant, Kind, UnitId
from chalicelib.domain.blindness import blind_times, minutes_by_area
from chalicelib.domain.city import CityPack
from chalicelib.domain.incidents import Incident, Reason
from chalicelib.domain.permissions import Permission, may
from chalicelib.domain.statistics import statistics
from chalicelib.errors import InvalidInput

LONGEST = timedelta(days=31)
MOST_LOOKED_AT = 20_000

_WHENEVER = timedelta(days=3_650)
"""Further ahead than any deadline: what is due by then is all that is going on."""

routes = Routes("statistics")


class StatisticsQuery(Strict):
    """Filters narrow the incidents; blind minutes are narrowed by area alone."""

    from_: Instant = Field(alias="from", description="Opened then or later.")
    until: Instant = Field(description="Opened before; at most 31 days after `from`.")
    kind: tuple[Kind, ...] = ()
    area: AreaId | None = None
    unit: UnitId | None = None


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class SpreadView(_Shown):
    """How long `count` of them took: the one in the middle, and the one that nine of ten don't exceed."""

    count: int
    median_s: float
    p90_s: float


class DismissedView(_Shown):
    """False alarms and the like, by the camera that saw them."""

    camera_id: str
    reason: Reason
    incidents: int


class BlindView(BaseModel):
    """Minutes in which a camera showed nothing that could be trusted."""

    camera_id: str
    area_name: str
    minutes: int


class StatisticsView(_Shown):
    """Numbers by id, the largest first; one incident counts at each unit that was told of it.

    `unanswered` climbed their chain of escalation and were acknowledged by nobody.
    """

    incidents: int
    by_kind: dict[str, int]
    by_area: dict[str, int]
    by_unit: dict[str, int]
    to_acknowledge: SpreadView | None
    to_resolve: SpreadView | None
    unanswered: int
    dismissed: tuple[DismissedView, ...]
    blind: tuple[BlindView, ...] = ()
    blind_minutes_by_area: dict[str, int] = Field(default={}, description="By the area's name.")


@routes.get("/statistics", needs=Permission.STATISTICS_READ)
def read_statistics(call: Call, query: StatisticsQuery) -> StatisticsView:
    """What was opened in a time: how much, how soon it was answered and over, what was none, what was blind.

    Exercises count nowhere. Times are in seconds, from when units could know of it.
    """
    if not query.from_ < query.until <= query.from_ + LONGEST:
        raise InvalidInput(f"`until` must be after `from`, and by {LONGEST.days} days at most")
    pack = bootstrap.city_packs().current()
    visible = [one for one in _incidents(query) if _is_visible(call, pack, one, query.area)]
    counted = statistics((one for one in visible if _fits(one, query)), from_utc=query.from_, until_utc=query.until)
    until = max(query.from_, min(query.until, bootstrap.clock()))
    blind = blind_times(visible, pack, from_utc=query.from_, until_utc=until)
    return StatisticsView.model_validate(counted).model_copy(
        update={
            "blind": tuple(
                BlindView(camera_id=one.camera_id, area_name=one.area, minutes=one.minutes) for one in blind
            ),
            "blind_minutes_by_area": dict(minutes_by_area(blind)),
        }
    )


def _incidents(query: StatisticsQuery) -> Iterable[Incident]:
    """All that changed since, and what goes on unchanged since before, such as a camera that is blind for long."""
    store = bootstrap.incidents()
    changed = tuple(islice(store.changed_since(query.from_), MOST_LOOKED_AT + 1))
    if len(changed) > MOST_LOOKED_AT:
        raise InvalidInput(f"more than {MOST_LOOKED_AT} incidents changed since: ask for a time nearer to now")
    live = store.due(bootstrap.clock() + _WHENEVER)
    return {one.id: one for one in chain(live, changed) if not one.exercise}.values()


def _is_visible(call: Call, pack: CityPack, incident: Incident, area: str | None) -> bool:
    """Whether the asker may count it; of people who were not confirmed, who may read the lists may know how many."""
    scope = scopes.of_incident(pack, incident)
    open_to_all = incident.last_told is not None
    return (
        call.reaches(scope)
        and (open_to_all or may(call.actor, Permission.WATCHLIST_READ, scope))
        and (area is None or area in scope.areas)
    )


def _fits(incident: Incident, query: StatisticsQuery) -> bool:
    of_kind = not query.kind or incident.kind in query.kind
    return of_kind and (query.unit is None or query.unit in incident.routed.units)
