"""What things are about, in the terms of permissions: their areas, kind and units."""

from datetime import datetime

from chalicelib.domain.city import Camera, CityPack
from chalicelib.domain.incidents import Incident
from chalicelib.domain.jurisdiction import area_at
from chalicelib.domain.kinds import WATCHLIST_CANDIDATE
from chalicelib.domain.permissions import Scope


def of_camera(pack: CityPack, camera: Camera | None, at_utc: datetime) -> Scope:
    """A camera, where it stands now."""
    return Scope(_with_what_it_is_part_of(pack, area_at(pack, camera, at_utc).id))


def of_incident(pack: CityPack, incident: Incident) -> Scope:
    """An incident, in the area that it had when it opened."""
    areas = _with_what_it_is_part_of(pack, incident.place.area_id)
    return Scope(areas, kind=incident.kind, units=incident.routed.units)


def of_unit(pack: CityPack, unit_id: str) -> Scope:
    """What a unit asked for about people on lists, in all areas it is competent for; a dropped one is the city's."""
    areas = next((unit.areas for unit in pack.units if unit.id == unit_id), ())
    around = (one for area_id in areas for one in _with_what_it_is_part_of(pack, area_id))
    return Scope(tuple(around), kind=WATCHLIST_CANDIDATE)


def _with_what_it_is_part_of(pack: CityPack, area_id: str) -> tuple[str, ...]:
    """An area and those around it; one that the pack has dropped stands alone."""
    parents = {area.id: area.part_of for area in pack.areas}
    chain: list[str] = []
    inside: str | None = area_id
    while inside and inside not in chain:
        chain.append(inside)
        inside = parents.get(inside)
    return tuple(chain)
