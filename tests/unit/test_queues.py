"""A queue is a row: vehicles near each other by their own length, and as long as it is in the picture."""

import pytest

from chalicelib.domain.city import CameraProfile, RoadZone
from chalicelib.domain.observations import Detection
from chalicelib.domain.queues import queue_share
from chalicelib.vision.zones import read_zones

WH = (1000, 1000)
ALONG = ((0.4, 0.0), (0.6, 0.0), (0.6, 1.0), (0.4, 1.0))
ACROSS = ((0.0, 0.4), (1.0, 0.4), (1.0, 0.6), (0.0, 0.6))


def car(start: float, *, length: float = 100, across: bool = False, tall: float = 0) -> Detection:
    """A car that takes up [start, start + length] of the road's length; `tall` is how much higher its box is."""
    box = (start, 400, start + length, 500) if across else (400, start - tall, 400 + length, start + length)
    return Detection("car", 0.9, box)


@pytest.mark.parametrize(
    ("cars", "share"),
    [
        pytest.param([], 0.0, id="an empty road has none"),
        pytest.param([car(0), car(150)], 0.0, id="two cars are no row"),
        pytest.param([car(0), car(150), car(300)], 0.4, id="three near each other are one, their gaps included"),
        pytest.param([car(300), car(0), car(150)], 0.4, id="in whatever order they were found"),
        pytest.param([car(0), car(150), car(400)], 0.0, id="a gap longer than the car ends the row"),
        pytest.param([car(0), car(100), car(200), car(600), car(700), car(800)], 0.6, id="two rows add up"),
        pytest.param([car(n, length=20) for n in (0, 30, 60)], 0.08, id="far away cars are small and so are gaps"),
        pytest.param([car(0), car(0), car(0)], 0.1, id="side by side they are no longer than one"),
        pytest.param([car(300, tall=200), car(450), car(600)], 0.4, id="a tall bus doesn't stand on what it hides"),
        pytest.param([car(n) for n in range(0, 1000, 100)], 1.0, id="a full road"),
        pytest.param([car(800), car(900), car(1000)], 0.2, id="what is beyond the zone isn't its queue"),
    ],
)
def test_the_share_of_a_roads_length_under_rows(cars: list[Detection], share: float) -> None:
    assert queue_share(cars, ALONG, WH) == pytest.approx(share)


def test_the_length_runs_along_the_longer_side() -> None:
    cars = [car(start, across=True) for start in (0, 150, 300)]
    assert queue_share(cars, ACROSS, WH) == pytest.approx(0.4)
    assert queue_share(cars, ALONG, WH) == pytest.approx(0.1)


def test_a_zone_without_any_length_has_no_queue() -> None:
    assert queue_share([car(0)] * 3, ((0.5, 0.5),) * 3, WH) == 0.0


def test_each_zone_is_read_by_itself() -> None:
    """A row on one approach is none of the other's, and people make none."""
    left, right = (((x, 0.0), (x + 0.5, 0.0), (x + 0.5, 1.0), (x, 1.0)) for x in (0.0, 0.5))
    profile = CameraProfile("p", vehicles=True, road_zones=(RoadZone("north", left), RoadZone("south", right)))
    walkers = tuple(Detection("person", 0.9, (700, y, 800, y + 100)) for y in (0, 100, 200))
    zones = read_zones([*(car(n) for n in (0, 100, 200)), *walkers], image_wh=WH, profile=profile)
    assert zones["north"].queue == pytest.approx(0.3)
    assert zones["north"].occupancy == pytest.approx(0.06, abs=0.01)
    assert (zones["south"].queue, zones["south"].occupancy) == (0, 0)
