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
