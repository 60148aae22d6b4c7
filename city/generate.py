"""Make the areas and cameras of Buôn Ma Thuột anew: `python -m city.generate`.

Names and codes of the areas are real. Those in force since 1 July 2025 come from the vietnam-provinces package; it
knows no older ones, so the 21 wards and communes of 2024 stand in sources/buon-ma-thuot-wards.csv, taken from the lists
of the General Statistics Office of 2021-02-03 and 2025-01-04 and its conversion table of July 2025, as kept in the
repository sunshine-tech/VietnamProvinces under dev/seed-data. Centres and radii are rough, and the cameras are made up:
real street names, invented places, the same ones every time.
"""

import csv
import math
import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product
from pathlib import Path
from typing import Any

from vietnam_provinces import Ward, WardCode

from city.writing import flow

TARGET = Path(__file__).parent / "buon-ma-thuot"
SOURCES = Path(__file__).parent / "sources"
SEED = 20250701
PROVINCE, CITY = "tinh-dak-lak", "thanh-pho-buon-ma-thuot"
RECORD_START, MERGED, REFORMED = date(2024, 1, 1), date(2024, 11, 1), date(2025, 7, 1)

AREAS_HEADER = """\
# Written by `python -m city.generate`; change that, not this.
# The same official code names three different wards within two years (24133), so an id is the name and, for an area
# that came later, the month it came: only that is never given twice.
# valid_from 2024-01-01 means "then or earlier": the record starts there.
# 2024-11-01: Thắng Lợi joined Thành Công and Thống Nhất joined Tân Tiến (Resolution 1193/NQ-UBTVQH15).
# 2025-07-01: six new wards and communes directly under the province, the city is no unit any more (Resolution
#             1660/NQ-UBTVQH15). Names and codes: vietnam-provinces 2025.10.1.
# Older names and codes: General Statistics Office, lists of 2021-02-03 and 2025-01-04, conversion table of July 2025.
"""
CAMERAS_HEADER = """\
# Written by `python -m city.generate`; change that, not this.
# Street names are real; where a camera stands is made up within the rough extent of its ward.
# bmt-0001…0454 stood before the extension, bmt-0455…0554 are new; the last 24 look for listed people.
"""

ROADS = ("Quốc lộ 14", "Quốc lộ 26", "Quốc lộ 27", "Tỉnh lộ 1", "Tỉnh lộ 2", "Tỉnh lộ 8")
GATES = {
    "Bến xe phía Bắc": "24136",
    "Bến xe phía Nam": "24154",
    "Cảng hàng không Buôn Ma Thuột": "24166",
    "Chợ trung tâm": "24127",
    "Quảng trường 10 tháng 3": "24142",
    "Sân vận động": "24145",
    "Ngã sáu trung tâm": "24133",
    "Trung tâm hành chính công": "24136",
}
GATES_EACH = 3
GATE_APART_DEGREES = 0.0003


@dataclass(frozen=True, slots=True)
class OldWard:
    """A ward or commune as it was at the start of 2024, and what became of it."""

    code: str
    name: str
    merged_202411: str
    code_202507: str
    centre: tuple[float, float]
    radius_km: float
    cameras: int
    new_cameras: int

    @property
    def successor(self) -> tuple[str, str]:
        """Code and name since 1 July 2025; the package writes some names with two blanks."""
        return self.code_202507, " ".join(Ward.from_code(WardCode(int(self.code_202507))).name.split())

    @property
    def area_ids(self) -> list[str]:
        merged = [_slug(self.merged_202411[6:]) + "-202411"] if self.merged_202411 else []
        return [_slug(self.name), *merged, _slug(self.successor[1]) + "-202507"]


def read_wards() -> tuple[OldWard, ...]:
    with (SOURCES / "buon-ma-thuot-wards.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_ward(row) for row in csv.DictReader(file))


def render_areas(wards: tuple[OldWard, ...]) -> str:
    """areas.yaml: the province, the city, and every ward and commune since the record starts."""
    return AREAS_HEADER + _lines(_areas(wards))


def render_cameras(wards: tuple[OldWard, ...]) -> str:
    """cameras.yaml: the standing cameras ward by ward, then the new ones, then the gates."""
    return CAMERAS_HEADER + _lines(_cameras(wards))


def main() -> None:
    wards = read_wards()
    (TARGET / "areas.yaml").write_text(render_areas(wards), encoding="utf-8")
    (TARGET / "cameras.yaml").write_text(render_cameras(wards), encoding="utf-8")


def _ward(row: dict[str, str]) -> OldWard:
    return OldWard(
        code=row["code"],
        name=row["name"],
        merged_202411=row["merged_202411"],
        code_202507=row["code_202507"],
        centre=(float(row["latitude"]), float(row["longitude"])),
        radius_km=float(row["radius_km"]),
        cameras=int(row["cameras"]),
        new_cameras=int(row["new_cameras"]),
    )


def _areas(wards: tuple[OldWard, ...]) -> Iterator[dict[str, Any]]:
    yield _area(PROVINCE, "66", "Tỉnh Đắk Lắk", valid_from=RECORD_START)
    yield _area(CITY, "643", "Thành phố Buôn Ma Thuột", RECORD_START, REFORMED, part_of=PROVINCE)
    for ward in wards:
        until = MERGED if ward.merged_202411 else REFORMED
        yield _area(ward.area_ids[0], ward.code, ward.name, RECORD_START, until, part_of=CITY)
    for merged in sorted({ward.merged_202411 for ward in wards} - {""}):
        code, name = merged.split(maxsplit=1)
        yield _area(f"{_slug(name)}-202411", code, name, MERGED, REFORMED, part_of=CITY)
    for code, name in sorted({ward.successor for ward in wards}):
        yield _area(f"{_slug(name)}-202507", code, name, REFORMED, part_of=PROVINCE)


def _area(
    area_id: str, code: str, name: str, valid_from: date, valid_until: date | None = None, *, part_of: str | None = None
) -> dict[str, Any]:
    level = next(level for level in ("phường", "xã", "tỉnh", "thành phố") if name.lower().startswith(level))
    area = {"id": area_id, "code": code, "name": name, "level": level, "valid_from": valid_from}
    return area | {key: value for key, value in (("valid_until", valid_until), ("part_of", part_of)) if value}


def _cameras(wards: tuple[OldWard, ...]) -> Iterator[dict[str, Any]]:
    chance = random.Random(SEED)  # noqa: S311 - made-up places, not secrets
    for number, camera in enumerate((*_street_cameras(wards, chance), *_gate_cameras(wards, chance)), start=1):
        yield {"id": f"bmt-{number:04d}", **camera, "position_is_made_up": True}


def _street_cameras(wards: tuple[OldWard, ...], chance: random.Random) -> Iterator[dict[str, Any]]:
    names = _names(chance)
    standing = [ward for ward in wards for _ in range(ward.cameras)]
    added = [ward for ward in wards for _ in range(ward.new_cameras)]
    for ward in standing + added:
        profile = _profile(ward, chance)
        yield _camera(names[profile].pop(), _within(ward, chance), ward, profile)


def _gate_cameras(wards: tuple[OldWard, ...], chance: random.Random) -> Iterator[dict[str, Any]]:
    by_code = {ward.code: ward for ward in wards}
    for place, code in GATES.items():
        latitude, longitude = _within(by_code[code], chance)
        for gate in range(GATES_EACH):
            beside = (latitude, round(longitude + gate * GATE_APART_DEGREES, 5))
            yield _camera(f"{place} - cổng {gate + 1}", beside, by_code[code], "gate-faces")


def _names(chance: random.Random) -> dict[str, list[str]]:
    """Place names for each profile in random order, each there once."""
    streets = (SOURCES / "buon-ma-thuot-streets.txt").read_text(encoding="utf-8").splitlines()
    crossings = [f"Ngã tư {one} - {other}" for one, other in combinations(streets, 2)]
    poles = [f"{street} - trụ {pole}" for street, pole in product(streets, range(1, 41))]
    stones = [f"{road} - Km {km}" for road, km in product(ROADS, range(1, 41))]
    street = chance.sample(poles, len(poles))
    return {
        "street": street,
        "market": street,
        "junction": chance.sample(crossings, len(crossings)),
        "outskirts": chance.sample(stones, len(stones)),
    }


def _profile(ward: OldWard, chance: random.Random) -> str:
    if ward.name.startswith("Xã"):
        return "outskirts"
    return chance.choices(("street", "junction", "market"), weights=(70, 25, 5))[0]


def _camera(name: str, place: tuple[float, float], ward: OldWard, profile: str) -> dict[str, Any]:
    latitude, longitude = place
    return {"name": name, "latitude": latitude, "longitude": longitude, "areas": ward.area_ids, "profile": profile}


def _within(ward: OldWard, chance: random.Random) -> tuple[float, float]:
    """A place spread evenly over the ward's circle; a degree of latitude is 111 km."""
    away, bearing = ward.radius_km * math.sqrt(chance.random()) / 111, chance.uniform(0, math.tau)
    latitude, longitude = ward.centre
    east = away * math.sin(bearing) / math.cos(math.radians(latitude))
    return round(latitude + away * math.cos(bearing), 5), round(longitude + east, 5)


def _lines(items: Iterator[dict[str, Any]]) -> str:
    return "".join(f"- {flow(item)}\n" for item in items)


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).replace(" ", "-")


if __name__ == "__main__":
    main()
