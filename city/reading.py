"""From a folder of YAML to a city pack, or to every error in it by file, line and value.

YAML, shapely and numpy are for whoever writes a pack: this package stays out of the functions, which get the compiled
JSON.
"""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chalicelib.domain.city import Area, Camera, CityPack
from chalicelib.domain.city_check import check_pack
from chalicelib.errors import InvalidInput
from chalicelib.store.pack_keys import unknown_keys
from chalicelib.store.packs import pack_from_json, versioned
from city import boundaries
from city.calibration import image_to_ground
from city.placing import contradictions, place_cameras
from city.sources import Source, load, located

CITY = "city"
SECTIONS = ("areas", "units", "routes", "kinds", "profiles", "cameras")
OPTIONAL_SECTIONS = ("escalations", "windows")

_WRITTEN = {
    Area: {field.name for field in dataclasses.fields(Area)} - {"rings_lonlat"},
    Camera: {field.name for field in dataclasses.fields(Camera)} - {"image_to_ground"} | {"ground"},
}
"""What stands in the files where it isn't what the functions read: boundaries lie in areas.geojson."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A sound pack, and what its author should look at all the same."""

    pack: CityPack
    warnings: tuple[str, ...]


def read_pack(folder: Path) -> CityPack:
    """As compile_pack, without the warnings."""
    return compile_pack(folder).pack


def compile_pack(folder: Path) -> Compiled:
    """Read `city.yaml`, a file for each section and `areas.geojson`; the version becomes `{declared}+{digest}`.

    Raises InvalidInput with a line for every problem: `testville/cameras.yaml:7: cameras[3].areas[0]: 'w-99' is no
    area`.
    """
    sources = {name: load(folder / f"{name}.yaml") for name in (CITY, *SECTIONS)}
    sources |= {name: load(folder / f"{name}.yaml", optional=True) for name in OPTIONAL_SECTIONS}
    map_path = folder / boundaries.FILE
    raw = _merge(sources)
    problems = [*unknown_keys("", raw, CityPack, written=_WRITTEN), *_calibrate(raw)]
    if map_path.exists():
        _leave_areas_to_the_map(raw)
    try:
        pack = pack_from_json(json.dumps(raw, default=str).encode())
    except InvalidInput as error:
        raise located([*problems, *str(error).splitlines()], sources, rest=CITY) from error
    pack, drawn = _place(pack, map_path)
    problems += check_pack(pack)
    if problems or drawn.problems:
        raise InvalidInput("\n".join([*drawn.problems, *str(located(problems, sources, rest=CITY)).splitlines()]))
    warned = located(contradictions(pack.cameras, pack.areas), sources, rest=CITY)
    return Compiled(versioned(pack), (*_strays(folder), *drawn.warnings, *str(warned).splitlines()))


def _strays(folder: Path) -> Iterator[str]:
    """Files that look like parts and are none, such as a part whose name is misspelt."""
    for path in sorted(folder.glob("*.y*ml")):
        if path.name not in {f"{name}.yaml" for name in (CITY, *SECTIONS, *OPTIONAL_SECTIONS)}:
            yield f"{path}: no part of a city pack, passed over"


def _merge(sources: Mapping[str, Source]) -> dict[str, Any]:
    city = sources[CITY]
    if not isinstance(city.data, dict):
        raise InvalidInput(f"{city.path}:1: not a mapping")
    return {**city.data, **{name: source.data for name, source in sources.items() if name != CITY}}


def _calibrate(raw: dict[str, Any]) -> Iterator[str]:
    """Turn the four points of `ground` into `image_to_ground`; what doesn't hold is a problem."""
    for n, camera in enumerate(raw["cameras"] or ()):
        if not isinstance(camera, dict) or "ground" not in camera:
            continue
        points, latitude, longitude = camera.pop("ground"), camera.get("latitude"), camera.get("longitude")
        if not (isinstance(latitude, int | float) and isinstance(longitude, int | float)):
            continue  # told where the camera's place is checked
        try:
            camera["image_to_ground"] = image_to_ground(points, latitude=latitude, longitude=longitude)
        except InvalidInput as error:
            yield f"cameras[{n}].ground: {error}"


def _leave_areas_to_the_map(raw: dict[str, Any]) -> None:
    for camera in raw["cameras"] or ():
        if isinstance(camera, dict):
            camera.setdefault("areas", [])


def _place(pack: CityPack, map_path: Path) -> tuple[CityPack, boundaries.Boundaries]:
    if not map_path.exists():
        return pack, boundaries.Boundaries(pack.areas)
    drawn = boundaries.draw_boundaries(map_path, pack.areas, pack.cameras)
    cameras = place_cameras(pack.cameras, drawn.areas)
    return dataclasses.replace(pack, areas=drawn.areas, cameras=cameras), drawn
