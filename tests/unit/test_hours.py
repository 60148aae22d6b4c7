"""Hours of the week hold on the city's clock; over midnight they belong to the day they began."""

from datetime import datetime, time

import pytest

from chalicelib.domain.city import DAYS, Hours
from chalicelib.domain.hours import covers

MONDAY, TUESDAY, SATURDAY, SUNDAY = 2, 3, 7, 8
"""Days of March 2026."""

WORK = Hours(time(7, 30), time(17), DAYS[:5])
NIGHT = Hours(time(22), time(5), ("fri", "sat"))
ROUND = Hours(time(6), time(6), ("sun",))


@pytest.mark.parametrize(
    ("hours", "day", "at", "held"),
    [
        pytest.param(WORK, MONDAY, time(7, 30), True, id="the first minute counts"),
        pytest.param(WORK, MONDAY, time(16, 59, 59), True, id="the last second counts"),
        pytest.param(WORK, MONDAY, time(17), False, id="the end doesn't"),
        pytest.param(WORK, SATURDAY, time(9), False, id="another day"),
        pytest.param(NIGHT, SATURDAY, time(23), True, id="before midnight of its day"),
        pytest.param(NIGHT, SUNDAY, time(4, 59), True, id="after midnight it is still Saturday's night"),
        pytest.param(NIGHT, SUNDAY, time(5), False, id="until the morning"),
        pytest.param(NIGHT, SUNDAY, time(23), False, id="Sunday has no night of its own"),
        pytest.param(NIGHT, SATURDAY, time(3), True, id="Friday's night runs into Saturday"),
        pytest.param(NIGHT, SATURDAY, time(12), False, id="noon is in no night"),
        pytest.param(ROUND, SUNDAY, time(6), True, id="equal ends are a whole day from there"),
        pytest.param(ROUND, 9, time(5, 59), True, id="into the next morning"),
        pytest.param(ROUND, SUNDAY, time(5, 59), False, id="and not before"),
    ],
)
def test_hours_hold(hours: Hours, day: int, at: time, held: bool) -> None:  # noqa: FBT001
    assert covers(hours, datetime.combine(datetime(2026, 3, day), at)) is held  # noqa: DTZ001  # a wall clock
