"""Every night: yesterday by ward and unit, as CSV and HTML where the people who plan find it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

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
        report = report_day(self.incidents.changed_since(begins_utc - EARLIER), pack, day)
        self.reports.put(f"daily/{day:%Y/%m/%d}.csv", to_csv(report), media_type="text/csv; charset=utf-8")
        self.reports.put(f"daily/{day:%Y/%m/%d}.html", to_html(report), media_type="text/html; charset=utf-8")
        return report
