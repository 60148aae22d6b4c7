"""The city as it is published: areas, units, and why something would be routed as it is."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from chalicelib import bootstrap
from chalicelib.api.endpoints import Routes, Strict
from chalicelib.api.fields import AreaId, Day, Instant, Kind, Page, PageQuery, Severity, UnitId
from chalicelib.api.paging import page_by_id
from chalicelib.domain.city import Area, CityPack
from chalicelib.domain.permissions import Permission
from chalicelib.domain.routing import explain
from chalicelib.errors import InvalidInput, NotFound

routes = Routes("city")

Position = Annotated[tuple[float, ...], Field(min_length=2, max_length=2)]
"""[longitude, latitude], as GeoJSON has them."""


class _Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class AreaView(BaseModel):
    """A jurisdiction: `valid_from` counts, `valid_until` doesn't any more."""

    id: str
    code: str
    name: str
    level: str
    part_of: str | None
    valid_from: date
    valid_until: date | None


class AreaOutline(AreaView):
    """A jurisdiction with its boundary: rings of [longitude, latitude] in WGS 84 degrees, even-odd."""

    rings: tuple[tuple[Position, ...], ...]


class AreaQuery(PageQuery):
    on: Day | None = Field(default=None, description="Only those in force on this day, of the city's calendar.")


class AreaPage(Page[AreaView]):
    pass


class UnitView(BaseModel):
    """An organisation that acts, and the areas it is competent for (`*`: the whole city)."""

    id: str
    role: str
    name_vi: str
    name_en: str
    areas: tuple[str, ...]
    drills: bool


class UnitQuery(PageQuery):
    area: AreaId | None = Field(default=None, description="Only those competent there.")


class UnitPage(Page[UnitView]):
    pass


class StepView(_Shown):
    id: str
    name_vi: str
    name_en: str


class KindView(_Shown):
    """What an incident may be about; `severity` is how it begins."""

    kind: str
    name_vi: str
    name_en: str
    severity: str
    held_for_review: bool
    checklist: tuple[StepView, ...]


class KindPage(Page[KindView]):
    pass


class CategoryView(_Shown):
    """A list that people may be on, and its policy: how many confirm a candidate, for how long an entry may run."""

    id: str
    name_vi: str
    name_en: str
    confirmations: int
    default_hours: int
    most_hours: int
    minors_allowed: bool


class CategoryPage(Page[CategoryView]):
    pass


class RoutingQuery(Strict):
    kind: Kind
    area: AreaId
    severity: Severity
    at: Instant | None = Field(default=None, description="Now unless said.")


class RouteTriedView(BaseModel):
    """What one route made of it, and why."""

    route: str
    applies: bool
    because: str
    units: tuple[str, ...]


class UnitReached(BaseModel):
    unit: UnitId
    because: str


class RoutingView(BaseModel):
    """Who would hear of it, and what every route of the city pack made of it."""

    at: Instant
    config_version: str
    units: tuple[UnitReached, ...]
    routes: tuple[RouteTriedView, ...]


@routes.get("/areas", needs=Permission.CITY_READ)
def list_areas(query: AreaQuery) -> AreaPage:
    """Every area, past and present, by id."""
    areas = [one for one in _pack().areas if query.on is None or one.in_force(query.on)]
    part, following = page_by_id(areas, query, key=lambda one: one.id)
    return AreaPage(items=tuple(AreaView.model_validate(one, from_attributes=True) for one in part), next=following)


@routes.get("/areas/{area_id}", needs=Permission.CITY_READ)
def read_area(area_id: AreaId) -> AreaOutline:
    """One area with its boundary."""
    area = _require_area(_pack(), area_id)
    view = AreaView.model_validate(area, from_attributes=True)
    return AreaOutline(**view.model_dump(), rings=area.rings_lonlat)


@routes.get("/units", needs=Permission.CITY_READ)
def list_units(query: UnitQuery) -> UnitPage:
    """Every unit by id; how it is reached is nobody's business here."""
    units = [one for one in _pack().units if query.area is None or one.covers(query.area)]
    part, following = page_by_id(units, query, key=lambda one: one.id)
    return UnitPage(items=tuple(UnitView.model_validate(one, from_attributes=True) for one in part), next=following)


@routes.get("/kinds", needs=Permission.CITY_READ)
def list_kinds(query: PageQuery) -> KindPage:
    """Every kind of incident that the city pack has, by id, with the steps of its procedure."""
    part, following = page_by_id(_pack().kinds, query, key=lambda one: one.kind)
    return KindPage(items=tuple(KindView.model_validate(one) for one in part), next=following)


@routes.get("/categories", needs=Permission.CITY_READ)
def list_categories(query: PageQuery) -> CategoryPage:
    """Every list that the city pack has, by id: what it is called and what it allows, and nobody who is on it."""
    part, following = page_by_id(_pack().categories, query, key=lambda one: one.id)
    return CategoryPage(items=tuple(CategoryView.model_validate(one) for one in part), next=following)


@routes.get("/routing/explain", needs=Permission.CITY_READ)
def explain_routing(query: RoutingQuery) -> RoutingView:
    """Who would hear of an incident, and why, by every route."""
    pack, at = _pack(), query.at or bootstrap.clock()
    if query.kind not in {one.kind for one in pack.kinds}:
        raise InvalidInput(f"there is no kind {query.kind!r}")
    area = _require_area(pack, query.area)
    found = explain(pack, kind=query.kind, area=area, severity=query.severity, at_utc=at)
    reached = zip(found.routed.units, found.routed.reasons, strict=True)
    return RoutingView(
        at=at,
        config_version=pack.version,
        units=tuple(UnitReached(unit=unit, because=reason) for unit, reason in reached),
        routes=tuple(
            RouteTriedView(route=one.route_id, applies=one.applies, because=one.because, units=one.units)
            for one in found.tried
        ),
    )


def _pack() -> CityPack:
    return bootstrap.city_packs().current()


def _require_area(pack: CityPack, area_id: str) -> Area:
    found = next((area for area in pack.areas if area.id == area_id), None)
    if found is None:
        raise NotFound(f"there is no area {area_id!r}")
    return found
