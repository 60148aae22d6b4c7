"""A camera stands in the area that was in force on the city's calendar day, not on London's."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib.domain.city import Camera, CityPack
from chalicelib.domain.jurisdiction import area_at
from city.reading import read_pack

CITY = Path(__file__).parents[2] / "city"


@pytest.fixture(scope="module")
def testville() -> CityPack:
    return read_pack(CITY / "testville")


@pytest.mark.parametrize(
    ("camera", "at_utc", "area"),
    [
        pytest.param("tv-1", datetime(2024, 6, 1, tzinfo=UTC), "old-town", id="long before the change"),
        pytest.param("tv-1", datetime(2025, 2, 28, 16, 59, 59, tzinfo=UTC), "old-town", id="last second of the day"),
        pytest.param(
            "tv-1", datetime(2025, 2, 28, 17, 0, tzinfo=UTC), "new-town", id="midnight in the city, not in UTC"
        ),
        pytest.param("tv-1", datetime(2026, 1, 1, tzinfo=UTC), "new-town", id="long after"),
        pytest.param("tv-5", datetime(2024, 6, 1, tzinfo=UTC), "harbour", id="an area that never changed"),
        pytest.param("tv-5", datetime(2019, 6, 1, tzinfo=UTC), "new-town", id="before the record: the default"),
    ],
)
def test_the_area_is_the_one_in_force_on_the_local_day(
    testville: CityPack, camera: str, at_utc: datetime, area: str
) -> None:
    assert area_at(testville, testville.camera(camera), at_utc).id == area


@pytest.mark.parametrize(
    "camera",
    [
        pytest.param(None, id="a camera the pack doesn't know"),
        pytest.param(Camera("tmp-1", "Parade", 12.7, 108.0, (), "temporary"), id="one without an area of its own"),
    ],
)
def test_a_temporary_camera_stands_in_the_default_area(testville: CityPack, camera: Camera | None) -> None:
    assert area_at(testville, camera, datetime(2026, 1, 1, tzinfo=UTC)).id == "new-town"


@pytest.mark.parametrize(
    ("lonlat", "area"),
    [
        pytest.param((108.055, 12.69), "harbour", id="the ground beats the camera"),
        pytest.param((108.04, 12.68), "new-town", id="on the camera's own ground"),
        pytest.param((108.047, 12.68), "new-town", id="the border belongs to the area listed first"),
        pytest.param((108.2, 12.68), "new-town", id="where nothing is drawn the camera's area holds"),
    ],
)
def test_a_ground_position_decides_where_boundaries_are_drawn(
    testville: CityPack, lonlat: tuple[float, float], area: str
) -> None:
    at_utc = datetime(2026, 1, 1, tzinfo=UTC)
    assert area_at(testville, testville.camera("tv-1"), at_utc, ground_lonlat=lonlat).id == area


def test_ground_belongs_to_the_area_of_its_time(testville: CityPack) -> None:
    """A reform is a data change: what happened before it stays with the ward of then."""
    days = (datetime(2025, 2, 1, tzinfo=UTC), datetime(2025, 4, 1, tzinfo=UTC))
    found = [area_at(testville, testville.camera("tv-5"), day, ground_lonlat=(108.04, 12.68)).id for day in days]
    assert found == ["old-town", "new-town"]


def test_a_camera_without_an_area_of_its_own_was_placed_by_the_boundaries(testville: CityPack) -> None:
    lighthouse = testville.camera("tv-6")
    assert lighthouse is not None
    assert lighthouse.areas == ("harbour",)
