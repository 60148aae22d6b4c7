"""Every night: yesterday by ward and unit, and which cameras were blind, where the people who plan find it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.blindness import blind_times
from chalicelib.domain.blindness import to_csv as blind_csv
from chalicelib.domain.city import CityPack
from chalicelib.domain.daily_report import DailyReport, report_day, to_csv, to_html
from chalicelib.store.ports import Clock, IncidentStore, ReportStore

EARLIER = timedelta(hours=1)
"""A camera's clock may run ahead, so an incident of the day may have been written shortly before the day began."""


@dataclass(frozen=True, slots=True)
class ReportDay:
    """Makes the same report however often it runs; what is still going on is told as it is at the time."""

    incidents: IncidentStore
    pack: Callable[[], CityPack]
    reports: ReportStore
    clock: Clock

    def __call__(self, day: date | None = None) -> DailyReport:
        """Report a day of the city's calendar, yesterday when none is named."""
        pack = self.pack()
        day = day or pack.local_day(self.clock()) - timedelta(days=1)
        begins_utc = datetime.combine(day, time(), ZoneInfo(pack.timezone)).astimezone(UTC)
        ends_utc = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(pack.timezone)).astimezone(UTC)
        incidents = tuple(self.incidents.changed_since(begins_utc - EARLIER))
        report = report_day(incidents, pack, day)
        blind = blind_times(incidents, pack, from_utc=begins_utc, until_utc=min(ends_utc, self.clock()))
        self.reports.put(f"daily/{day:%Y/%m/%d}.csv", to_csv(report), media_type="text/csv; charset=utf-8")
        self.reports.put(f"daily/{day:%Y/%m/%d}.html", to_html(report), media_type="text/html; charset=utf-8")
        self.reports.put(f"daily/{day:%Y/%m/%d}-blind.csv", blind_csv(blind), media_type="text/csv; charset=utf-8")
        return report
