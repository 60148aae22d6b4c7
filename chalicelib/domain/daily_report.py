"""What happened in a day by ward and unit: counted from incidents, written as CSV for spreadsheets and HTML for people.

Candidates that wait for people are in no report: units hear nothing of them (invariant 6).
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from io import StringIO

from chalicelib.domain.city import CityPack
from chalicelib.domain.incidents import Incident

COLUMNS = (
    "phường/ward",
    "đơn vị/unit",
    "loại/kind",
    "số vụ/incidents",
    "đang diễn ra/going on",
    "lâu nhất/longest min",
)


@dataclass(frozen=True, slots=True)
class Row:
    """Incidents of one kind in one area that one unit was told of; those told to several units count at each."""

    area: str
    unit: str
    kind: str
    incidents: int
    going_on: int
    longest_min: int

    @property
    def cells(self) -> tuple[str, ...]:
        return self.area, self.unit, self.kind, str(self.incidents), str(self.going_on), str(self.longest_min)


@dataclass(frozen=True, slots=True)
class DailyReport:
    """A city's day by its own calendar. `total` counts every incident once."""

    city: str
    day: date
    total: int
    rows: tuple[Row, ...]


def report_day(incidents: Iterable[Incident], pack: CityPack, day: date) -> DailyReport:
    """Count the incidents that were first seen on a day, in the city's own time."""
    of_day = [one for one in incidents if _counts(one) and pack.local_day(one.first_seen_utc) == day]
    groups: dict[tuple[str, str, str], list[Incident]] = {}
    for incident in of_day:
        for unit in incident.routed.units:
            groups.setdefault((incident.place.area_name, unit, incident.kind), []).append(incident)
    units = {unit.id: f"{unit.name_vi} / {unit.name_en}" for unit in pack.units}
    rows = (_row(area, units.get(unit, unit), kind, group, pack) for (area, unit, kind), group in groups.items())
    ordered = tuple(sorted(rows, key=lambda row: (row.area, row.unit, row.kind)))
    return DailyReport(f"{pack.name_vi} / {pack.name_en}", day, len(of_day), ordered)


def to_csv(report: DailyReport) -> bytes:
    """UTF-8 with the mark that spreadsheets need to read Vietnamese letters."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(row.cells for row in report.rows)
    return text.getvalue().encode("utf-8-sig")


def to_html(report: DailyReport) -> bytes:
    """One page without scripts, images or anything from elsewhere."""
    title = f"{report.city}: báo cáo ngày / daily report {report.day:%d/%m/%Y}"
    head = "".join(f"<th>{escape(column)}</th>" for column in COLUMNS)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row.cells)}</tr>\n" for row in report.rows)
    return _PAGE.format(title=escape(title), total=report.total, head=head, body=body).encode()


def _counts(incident: Incident) -> bool:
    return incident.last_told is not None


def _row(area: str, unit: str, kind: str, incidents: list[Incident], pack: CityPack) -> Row:
    longest_s = max((one.last_seen_utc - one.first_seen_utc).total_seconds() for one in incidents)
    going_on = sum(one.is_live for one in incidents)
    return Row(area, unit, _kind_names(pack).get(kind, kind), len(incidents), going_on, round(longest_s / 60))


def _kind_names(pack: CityPack) -> Mapping[str, str]:
    return {policy.kind: f"{policy.name_vi} / {policy.name_en}" for policy in pack.kinds}


_PAGE = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{font:16px/1.5 sans-serif;margin:2em}}
td,th{{padding:.3em .8em;text-align:left;border-bottom:1px solid #ccc}}
</style></head>
<body><h1>{title}</h1>
<p>{total} sự cố; sự cố báo cho nhiều đơn vị được tính ở từng đơn vị.<br>
{total} incidents; one that several units were told of counts at each.</p>
<table><thead><tr>{head}</tr></thead><tbody>
{body}</tbody></table></body></html>
"""
