"""The time of a replay: it stands still until it is told to go on, so an hour of frames passes in seconds."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(slots=True)
class Clock:
    """Tells `now_utc`, an aware datetime in UTC, which only ever moves forward."""

    now_utc: datetime

    def __call__(self) -> datetime:
        return self.now_utc

    def advance_to(self, at_utc: datetime) -> None:
        self.now_utc = max(self.now_utc, at_utc)


def now() -> datetime:
    """The time that this machine has."""
    return datetime.fromtimestamp(time.time(), UTC)
