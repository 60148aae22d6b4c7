"""`python -m ops.breach`: the report of a breach, in Vietnamese and English: who is affected, who did what, until when.

From the ledger and the audit, so that it can be written when the data themselves are gone. It names listed people by
the number of their file, and therefore is itself to be kept under lock.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from chalicelib import bootstrap_law
from chalicelib.domain.alerts.words import Language, Words
from chalicelib.domain.audit import first_break, record_to_line
from chalicelib.domain.kinds import WATCHLIST_CANDIDATE
from chalicelib.errors import InvalidInput
from ops.deployment import Stack, deployment, write_for_owner
from ops.law_facts import Facts, gather
from ops.times import in_utc, time_option

MOST_DAYS = 92


def main(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="what happened, in your own words")],
    *,
    since: Annotated[datetime, time_option("when it began, in UTC unless it says otherwise")],
    until: Annotated[datetime, time_option("when it ended")],
    known: Annotated[datetime, time_option("when somebody noticed")],
    deadline_hours: Annotated[int, typer.Option(min=1, help="from noticing to reporting, by the law in force")] = 72,
    out: Annotated[Path, typer.Option(help="a file in Markdown, readable for its owner only")] = Path("breach.md"),
    stack: Stack = None,
) -> None:
    """Write the report of a breach: whom it touched, who acted meanwhile, and when it must be reported."""
    with deployment(stack):
        begin, end = in_utc(since), in_utc(until)
        if not begin < end <= begin + timedelta(days=MOST_DAYS):
            raise InvalidInput(f"a breach lasts from {begin.isoformat()} until later, and at most {MOST_DAYS} days")
        facts = gather(begin, end)
        broken = tuple(_broken_days(facts))
        report_by = in_utc(known) + timedelta(hours=deadline_hours)
        pages = (page for language in ("vi", "en") for page in _page(what, facts, broken, report_by, language))
        write_for_owner(out, "\n".join((*pages, "")))
    touched = f"{len(facts.entries)} listed people, {len(_candidates(facts))} candidates"
    print(f"{touched}; report by {report_by.isoformat()}: {out}")


def _page(what: str, facts: Facts, broken: tuple[str, ...], report_by: datetime, language: Language) -> Iterator[str]:
    span, pack = facts.span, facts.pack
    yield f"# {_TITLE.say(language)}"
    yield from ("", f"**{_LOCKED.say(language)}**", "", what, "")
    yield f"* {_WHEN.say(language)}: {span.from_utc.isoformat()} – {span.until_utc.isoformat()}"
    yield f"* {_REPORT_BY.say(language)}: {report_by.isoformat()}"
    yield f"* {_CAMERAS.say(language)}: {len(pack.cameras)}, {_WITH_FACES.say(language)}: {facts.face_cameras}"
    yield f"* {_AUDIT.say(language)}: {', '.join(broken) or _HOLDS.say(language)}"
    yield from ("", f"## {_LISTED.say(language)}")
    yield from (f"* {one.nominal} ({one.category}, {one.id})" for one in facts.entries)
    yield from ("", f"## {_CANDIDATES.say(language)}", *(f"* {one}" for one in _candidates(facts)))
    yield from ("", f"## {_ACTED.say(language)}", *(f"* {one}" for one in _acted(facts)))
    yield from ("", f"## {_QUESTIONS.say(language)}", *(f"* {one.say(language)}" for one in _ASKED), "")


def _candidates(facts: Facts) -> list[str]:
    """Those that are there and those that were erased meanwhile, by number and camera."""
    live = [f"{one.id} {one.camera_ids[0]}" for one in facts.incidents if one.kind == WATCHLIST_CANDIDATE]
    erased = [
        f"{act.subject.removeprefix('incident/')} {act.details['camera']} (erased {act.at_utc:%Y-%m-%d})"
        for act in facts.acts
        if act.action == "incident_erased" and act.details["kind"] == WATCHLIST_CANDIDATE
    ]
    return live + erased


def _acted(facts: Facts) -> Iterator[str]:
    """Every actor with what they did and how often."""
    counted = Counter((act.actor, act.action) for act in facts.acts)
    for (actor, action), count in sorted(counted.items()):
        yield f"{actor}: {action} × {count}"


def _broken_days(facts: Facts) -> Iterator[str]:
    """The days whose audit doesn't hold; one that isn't anchored yet is held by its links alone."""
    for day in _days(facts):
        lines = map(record_to_line, bootstrap_law.audit_log().read(day))
        found = first_break(lines, bootstrap_law.audit_vault().anchor(day))
        if found is not None:
            yield f"{day}: {found.chain} {found.reason}"


def _days(facts: Facts) -> Iterator[date]:
    day = facts.span.from_utc.date()
    while day <= facts.span.until_utc.date():
        yield day
        day += timedelta(days=1)


_TITLE = Words("Báo cáo vi phạm dữ liệu", "Report of a data breach")
_LOCKED = Words("Tài liệu hạn chế: có số hồ sơ của cá nhân.", "Restricted: it holds the file numbers of people.")
_WHEN = Words("Thời gian", "When")
_REPORT_BY = Words("Phải báo cáo trước", "To be reported by")
_CAMERAS = Words("Số camera", "Cameras")
_WITH_FACES = Words("trong đó có tìm khuôn mặt", "of these designated for faces")
_AUDIT = Words("Nhật ký kiểm tra", "The audit")
_HOLDS = Words("nguyên vẹn trong mọi ngày", "holds on every day")
_LISTED = Words(
    "Người trong danh sách có sinh trắc học được lưu lúc đó", "Listed people whose biometrics were kept then"
)
_CANDIDATES = Words("Nghi vấn lúc đó", "Candidates at that time")
_ACTED = Words("Ai đã làm gì lúc đó", "Who did what at that time")
_QUESTIONS = Words("Con người phải trả lời", "For people to answer")
_ASKED = (
    Words("Dữ liệu nào đã bị xem, sao chép, sửa hoặc mất?", "What was seen, copied, changed or lost?"),
    Words("Hậu quả có thể có đối với từng nhóm người?", "What may follow for each group of people?"),
    Words("Đã làm gì: thu hồi khoá, xoá khoá sinh trắc học, đổi mật khẩu?", "What was done: keys revoked or deleted?"),
    Words("Ai đã được thông báo, khi nào?", "Who was told, and when?"),
)


if __name__ == "__main__":
    typer.run(main)
