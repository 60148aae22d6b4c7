"""`python -m ops.impact`: the impact assessment's facts, in Vietnamese and English, as a page that can be published.

What is processed, where, how long, by whom, how well, how much: from the deployment itself, so that the page can't say
anything else than what is. It names nobody. What only people can judge stands there as a question.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import boto3
import typer

from chalicelib import bootstrap, bootstrap_law
from chalicelib.domain.alerts.words import Language, Words
from chalicelib.domain.outcomes import Outcome
from chalicelib.domain.permissions import GRANTED, Permission
from chalicelib.domain.retention import RETENTION, DataClass
from ops.deployment import AsJson, Stack, deployment, told_in_a_line
from ops.law_facts import Facts, gather

PROCESSED: dict[DataClass, Words] = {
    DataClass.FRAMES: Words("Ảnh chụp từ camera", "Frames of cameras"),
    DataClass.EVIDENCE: Words("Ảnh bằng chứng của vụ việc", "Pictures of incidents"),
    DataClass.UNCONFIRMED: Words("Ảnh của nghi vấn chưa được xác nhận", "Pictures of candidates that nobody confirmed"),
    DataClass.HELD: Words("Ảnh được lệnh giữ lại", "Frames under a legal hold"),
    DataClass.INCIDENTS: Words("Vụ việc và diễn biến", "Incidents and their timelines"),
    DataClass.CANDIDATES: Words("Nghi vấn không được xác nhận", "Candidates that nobody confirmed"),
    DataClass.PORTRAITS: Words(
        "Ảnh và mẫu sinh trắc học của người trong danh sách", "Portraits and templates of listed people"
    ),
    DataClass.READINGS: Words("Trạng thái camera, số đo giao thông", "Cameras' states and traffic"),
    DataClass.RECORDED: Words("Kết quả xem lại ảnh cũ (không có khuôn mặt)", "What recorded frames showed (no faces)"),
    DataClass.REPORTS: Words("Báo cáo ngày", "Daily reports"),
    DataClass.LEDGER: Words("Sổ danh sách, không có sinh trắc học", "Ledger of the lists, without biometrics"),
    DataClass.AUDIT: Words("Nhật ký kiểm tra", "Audit"),
    DataClass.ACCESS_LOGS: Words("Nhật ký truy cập kho dữ liệu", "Access logs of the stores"),
}

SENSITIVE = (
    Permission.WATCHLIST_REQUEST,
    Permission.WATCHLIST_APPROVE,
    Permission.AUTHORISATION_REQUEST,
    Permission.AUTHORISATION_APPROVE,
    Permission.CANDIDATE_REVIEW,
    Permission.EVIDENCE_VIEW_ORIGINAL,
    Permission.AUDIT_READ,
)


def main(
    *,
    days: Annotated[int, typer.Option(min=1, max=366, help="how far back it counts")] = 30,
    out: Annotated[Path | None, typer.Option(help="a file in Markdown; default: printed")] = None,
    as_json: AsJson = False,
    stack: Stack = None,
) -> None:
    """Write the facts of the impact assessment of a deployment."""
    with deployment(stack):
        until_utc = bootstrap.clock()
        facts = gather(until_utc - timedelta(days=days), until_utc)
        places = _places()
    text = json.dumps(to_dict(facts, places), ensure_ascii=False, indent=2) if as_json else to_text(facts, places)
    if out is None:
        print(text)
    else:
        with told_in_a_line():
            out.write_text(f"{text}\n", encoding="utf-8")
        print(f"{len(facts.incidents)} incidents, {len(facts.entries)} entries, {len(facts.acts)} acts: {out}")


def to_dict(facts: Facts, places: dict[str, str]) -> dict[str, object]:
    """The same for programs."""
    return {
        "city": facts.pack.id,
        "from": facts.span.from_utc.isoformat(),
        "until": facts.span.until_utc.isoformat(),
        "places": places,
        "retention_days": {one.value: _days_of(one) for one in DataClass},
        "roles": {one.value: sorted(GRANTED[one]) for one in SENSITIVE},
        "counts": _counts(facts),
        "outcomes": [asdict(one) for one in facts.by_kind()],
        **{f"candidates_by_{group}": [asdict(one) for one in facts.candidates_by(group)] for group in _GROUPS},
        "acts": dict(sorted(facts.actions.items())),
    }


def to_text(facts: Facts, places: dict[str, str]) -> str:
    """The page, Vietnamese first."""
    return "\n".join((*_page(facts, places, "vi"), "", "---", "", *_page(facts, places, "en")))


def _page(facts: Facts, places: dict[str, str], language: Language) -> Iterator[str]:
    name = facts.pack.name_vi if language == "vi" else facts.pack.name_en
    yield f"# {_TITLE.say(language)}: {name}"
    yield f"{facts.span.from_utc:%Y-%m-%d} – {facts.span.until_utc:%Y-%m-%d} (UTC). {_NOBODY.say(language)}"
    yield from _section(_WHAT, language, _retention_rows(language))
    yield from _section(_WHERE, language, ((name, place) for name, place in places.items()))
    yield from _section(_WHOM, language, ((one.value, ", ".join(sorted(GRANTED[one]))) for one in SENSITIVE))
    yield from _section(_HOW_WELL, language, _outcome_rows(facts.by_kind()))
    for group, title in _GROUPS.items():
        yield from _section(title, language, _outcome_rows(facts.candidates_by(group)))
    yield from _section(_HOW_MUCH, language, ((name, str(count)) for name, count in _counts(facts).items()))
    yield from _section(_ACTS, language, ((name, str(count)) for name, count in sorted(facts.actions.items())))
    yield from ("", f"## {_QUESTIONS.say(language)}", *(f"* {one.say(language)}" for one in _ASKED))


def _section(title: Words, language: Language, rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    listed = list(rows)
    yield from ("", f"## {title.say(language)}")
    if not listed:
        yield _NONE.say(language)
        return
    yield f"|{' |' * len(listed[0])}"
    yield f"|{'---|' * len(listed[0])}"
    yield from (f"| {' | '.join(row)} |" for row in listed)


def _retention_rows(language: Language) -> Iterator[tuple[str, ...]]:
    for data_class, words in PROCESSED.items():
        days = _days_of(data_class)
        kept = _FOREVER.say(language) if days is None else f"{days:g} {_DAYS.say(language)}"
        yield words.say(language), kept, RETENTION[data_class].counted_from


def _outcome_rows(found: tuple[Outcome, ...]) -> Iterator[tuple[str, ...]]:
    if found:
        yield "", "opened", "confirmed", "false", "lapsed", "other", "false share"
    for one in found:
        share = "–" if one.false_share is None else f"{one.false_share:.1%}"
        yield one.group, *map(str, (one.opened, one.confirmed, one.false, one.lapsed, one.other)), share


def _counts(facts: Facts) -> dict[str, int]:
    return {
        "cameras": len(facts.pack.cameras),
        "cameras designated for faces": facts.face_cameras,
        "entries that were listed": len(facts.entries),
        "authorisations that were in force": len(facts.authorisations),
        "of these in an emergency": sum(one.emergency for one in facts.authorisations),
        "legal holds now": facts.holds,
        "incidents": len(facts.incidents),
        "camera-hours searched": facts.actions["faces_searched"],
    }


def _places() -> dict[str, str]:
    settings, law = bootstrap.settings(), bootstrap_law.law_settings()
    return {
        "frames": settings.frames_bucket,
        "incidents": settings.incidents_table,
        "cameras": settings.cameras_table,
        "portraits, templates": law.biometrics_bucket,
        "lists, authorisations, ledger": law.law_table,
        "audit": f"{law.audit_table}, {law.audit_bucket}",
        "region": boto3.session.Session().region_name or "?",
    }


def _days_of(data_class: DataClass) -> float | None:
    keep = RETENTION[data_class].keep
    return None if keep is None else keep / timedelta(days=1)


_TITLE = Words("Đánh giá tác động: các số liệu", "Impact assessment: the facts")
_NOBODY = Words("Không nêu tên ai.", "It names nobody.")
_WHAT = Words("Dữ liệu gì, giữ bao lâu, tính từ khi nào", "What is processed, how long, counted from")
_WHERE = Words("Lưu ở đâu", "Where it lies")
_WHOM = Words("Ai được làm gì", "Who may do what")
_HOW_WELL = Words("Chính xác đến đâu, theo quyết định của con người", "How well, by what people decided")
_GROUPS = {
    "camera": Words("Nghi vấn theo camera", "Candidates by camera"),
    "area": Words("Nghi vấn theo địa bàn", "Candidates by area"),
    "list": Words("Nghi vấn theo danh sách", "Candidates by list"),
}
_HOW_MUCH = Words("Bao nhiêu", "How much")
_ACTS = Words("Các hành vi trong nhật ký kiểm tra", "Acts in the audit")
_QUESTIONS = Words("Con người phải trả lời", "For people to answer")
_NONE = Words("Không có.", "None.")
_DAYS = Words("ngày", "days")
_FOREVER = Words("không xoá", "not deleted")
_ASKED = (
    Words("Vì sao cần, và vì sao cách ít xâm phạm hơn không đủ?", "Why is it needed, and why does less not do?"),
    Words("Người dân được thông báo ở đâu và bằng cách nào?", "Where and how are people told of it?"),
    Words("Nhóm người nào bị ảnh hưởng nhiều hơn, và làm gì để tránh?", "Who is affected more, and what is done?"),
    Words("Ai đã duyệt bản này, ngày nào?", "Who approved this page, and when?"),
)


if __name__ == "__main__":
    typer.run(main)
