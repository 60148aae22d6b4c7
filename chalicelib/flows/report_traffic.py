"""Every night: yesterday's traffic in steps of five minutes, a line a camera and step, for those who plan roads."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.city import CityPack
from chalicelib.domain.traffic import TrafficStep, to_csv
from chalicelib.domain.traffic_ngsi import to_json
from chalicelib.store.ports import CameraStore, Clock, ReportStore


@dataclass(frozen=True, slots=True)
class ReportTraffic:
    """Makes the same two files however often it runs, while the steps are kept: for spreadsheets, and for brokers."""

    cameras: CameraStore
    pack: Callable[[], CityPack]
    reports: ReportStore
    clock: Clock

    def __call__(self, day: date | None = None) -> int:
        """Report a day of the city's calendar, yesterday when none is named; returns the number of steps."""
        pack = self.pack()
        day = day or pack.local_day(self.clock()) - timedelta(days=1)
        steps = tuple(self._steps(pack, day))
        self.reports.put(f"traffic/{day:%Y/%m/%d}.csv", to_csv(steps, pack), media_type="text/csv; charset=utf-8")
        self.reports.put(f"traffic/{day:%Y/%m/%d}.json", to_json(steps, pack), media_type="application/ld+json")
        return len(steps)

    def _steps(self, pack: CityPack, day: date) -> Iterator[TrafficStep]:
        from_utc, until_utc = _midnight(pack, day), _midnight(pack, day + timedelta(days=1))
        watched = [camera.id for camera in pack.cameras if pack.profile(camera).vehicles]
        heard = self.cameras.last_heard(watched)
        for camera_id in watched:
            kept = self.cameras.traffic(camera_id, from_utc=from_utc, until_utc=until_utc)
            steps = {step.start_utc: step for step in kept}
            last = heard[camera_id].traffic if camera_id in heard else None
            # A camera that fell silent still carries its last step: no heartbeat came to write it down.
            if last is not None and from_utc <= last.start_utc < until_utc:
                steps[last.start_utc] = last
            yield from steps.values()


def _midnight(pack: CityPack, day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(pack.timezone)).astimezone(UTC)
