"""The time of day, checked against the servers': a box without a battery wakes up in another year.

The chain refuses frames from the future and files late ones under the past, so a clock that is off is corrected, not
only reported. Frames captured before any server was heard keep the time the box believed.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

log = logging.getLogger(__name__)

Now = Callable[[], datetime]


def system_now() -> datetime:
    """What the box believes."""
    return datetime.now(UTC)


class CheckedClock:
    """The box's clock, put right by a server's Date when it is off by more than a tolerance.

    A Date has seconds and comes as late as its answer, so nothing under two seconds means anything.
    """

    def __init__(self, tolerance_s: float, now: Now = system_now) -> None:
        self._tolerance = timedelta(seconds=tolerance_s)
        self._now = now
        self._correction = timedelta()

    def __call__(self) -> datetime:
        return self._now() + self._correction

    @property
    def correction_s(self) -> float:
        """Added to the box's clock; positive where that is slow."""
        return self._correction / timedelta(seconds=1)

    def hear(self, answer: httpx.Response) -> None:
        """Compare with an answer's Date; one without, or with nonsense, says nothing."""
        served_at = served_at_utc(answer)
        if served_at is None or abs(served_at - self()) <= self._tolerance:
            return
        self._correction = served_at - self._now()
        log.warning("the box's clock is off by %.0f s and is corrected", -self.correction_s)


def served_at_utc(answer: httpx.Response) -> datetime | None:
    """The Date of an answer, None where there is none that can be read."""
    try:
        return parsedate_to_datetime(answer.headers.get("Date", "")).astimezone(UTC)
    except ValueError:
        return None


monotonic_s = time.monotonic
"""What waiting is measured with; no clock correction moves it."""
