"""A day's report counts what happened on that day, in the city's time, and tells no unit of a candidate."""

import csv
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.daily_report import report_day, to_csv, to_html
from chalicelib.domain.incidents import Incident
from chalicelib.flows.report_day import ReportDay
from chalicelib.store.fakes import FakeReportStore
from tests.unit.chain import Chain

DAY = date(2026, 3, 1)
DAY_PATH = "daily/2026/03/01"


@pytest.fixture(scope="module")
def chain() -> Chain:
    """A flood on one camera that ended, and a fire on another that goes on."""
    chain = Chain()
    chain.deliver(*(chain.put(10 * number, "flood", camera_id="tv-1") for number in range(13)))
    chain.deliver(chain.put(2000, "", camera_id="tv-1"))
    chain.deliver(*(chain.put(10 * number, "fire_smoke", camera_id="tv-2") for number in range(5)))
    return chain


def test_every_unit_that_was_told_has_a_row_and_the_total_counts_once(chain: Chain) -> None:
    report = report_day(chain.incidents, chain.pack, DAY)
    assert report.total == 2
    expected = Counter((one.place.area_name, one.kind) for one in chain.incidents for _ in one.routed.units)
    names = {f"{policy.name_vi} / {policy.name_en}": policy.kind for policy in chain.pack.kinds}
    assert Counter((row.area, names[row.kind]) for row in report.rows) == expected


def test_a_row_tells_how_long_it_took_and_whether_it_goes_on(chain: Chain) -> None:
    rows = {row.kind.partition(" / ")[2]: row for row in report_day(chain.incidents, chain.pack, DAY).rows}
    names = {policy.kind: policy.name_en for policy in chain.pack.kinds}
    flood, fire = rows[names["flood"]], rows[names["fire_smoke"]]
    assert (flood.incidents, flood.going_on, flood.longest_min) == (1, 0, 2)
    assert (fire.incidents, fire.going_on) == (1, 1)


@pytest.mark.parametrize(
    ("local_time", "counted"),
    [
        pytest.param("2026-02-28T23:59:59", 0, id="the evening before"),
        pytest.param("2026-03-01T00:00:00", 1, id="midnight in the city"),
        pytest.param("2026-03-01T23:59:59", 1, id="the last second"),
        pytest.param("2026-03-02T00:00:00", 0, id="the next midnight"),
    ],
)
def test_the_day_is_that_of_the_city(chain: Chain, local_time: str, counted: int) -> None:
    seen = datetime.fromisoformat(local_time).replace(tzinfo=ZoneInfo(chain.pack.timezone))
    assert report_day([replace(chain.incidents[0], first_seen_utc=seen)], chain.pack, DAY).total == counted


def test_a_candidate_that_waits_for_people_is_in_no_report(chain: Chain) -> None:
    """Invariant 6: not even as a number."""
    held: Incident = replace(chain.incidents[0], last_told=None)
    report = report_day([held], chain.pack, DAY)
    assert (report.total, report.rows) == (0, ())


def test_csv_is_read_back_with_its_letters(chain: Chain) -> None:
    report = report_day(chain.incidents, chain.pack, DAY)
    data = to_csv(report)
    assert data.startswith(b"\xef\xbb\xbf"), "spreadsheets take it for UTF-8 by this mark alone"
    rows = list(csv.reader(StringIO(data.decode("utf-8-sig"))))
    assert [tuple(row) for row in rows[1:]] == [row.cells for row in report.rows]


def test_html_shows_names_as_text(chain: Chain) -> None:
    odd = replace(chain.incidents[0], place=replace(chain.incidents[0].place, area_name="<b>Phường & 1"))
    page = to_html(report_day([odd], chain.pack, DAY)).decode()
    assert "&lt;b&gt;Phường &amp; 1" in page
    assert "<b>" not in page


def test_the_nightly_report_is_of_yesterday_and_written_twice_over(chain: Chain) -> None:
    """One made again after midnight replaces the one before."""
    reports = FakeReportStore()
    tomorrow = datetime(2026, 3, 2, 0, 15, tzinfo=ZoneInfo(chain.pack.timezone))
    make = ReportDay(chain.store, lambda: chain.pack, reports, lambda: tomorrow)
    assert make() == make(DAY) == report_day(chain.incidents, chain.pack, DAY)
    assert sorted(reports.reports) == [f"{DAY_PATH}-blind.csv", f"{DAY_PATH}.csv", f"{DAY_PATH}.html"]


def test_a_day_without_incidents_is_reported_as_such(chain: Chain) -> None:
    reports = FakeReportStore()
    report = ReportDay(chain.store, lambda: chain.pack, reports, chain.clock)(date(2026, 2, 1))
    assert report.total == 0
    assert b"<tbody>" in reports.reports["daily/2026/02/01.html"][0]
