"""`python -m ops.impact`: the impact assessment's facts, in Vietnamese and English, as a page that can be published.

What is processed, where, how long, by whom, how well, how much: from the deployment itself, so that the page can't say
anything else than what is. It names nobody. What only people can judge stands there as a question.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import boto3
import typer

from chalicelib import bootstrap, bootstrap_evidence, bootstrap_law
from chalicelib.domain.alerts.words import Language, Words
from chalicelib.domain.city import CityPack
from chalicelib.domain.outcomes import Outcome
from chalicelib.domain.permissions import GRANTED, Permission
from chalicelib.domain.retention import RETENTION, DataClass
from ops.deployment import AsJson, Stack, deployment, told_in_a_line
from ops.impact_words import (
    ACTS,
    ASKED,
    AT_ONCE,
    COUNTS,
    DAY,
    DAYS,
    FOREVER,
    GROUPS,
    HOW_MUCH,
    HOW_WELL,
    NOBODY,
    NONE,
    OUTCOMES,
    PLACES,
    PROCESSED,
    QUESTIONS,
    SINCE,
    TITLE,
    WHAT,
    WHERE,
    WHOM,
)
from ops.law_facts import Facts, gather

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
        **{f"candidates_by_{group}": [asdict(one) for one in facts.candidates_by(group)] for group in GROUPS},
        "acts": dict(sorted(facts.actions.items())),
    }


def to_text(facts: Facts, places: dict[str, str]) -> str:
    """The page, Vietnamese first."""
    return "\n".join((*_page(facts, places, "vi"), "", "---", "", *_page(facts, places, "en")))


def _page(facts: Facts, places: dict[str, str], language: Language) -> Iterator[str]:
    name = facts.pack.name_vi if language == "vi" else facts.pack.name_en
    counts = ((_named(COUNTS, what, language), str(count)) for what, count in _counts(facts).items())
    lies = ((_named(PLACES, what, language), place) for what, place in places.items())
    yield f"# {TITLE.say(language)}: {name}"
    yield f"{facts.span.from_utc:%Y-%m-%d} – {facts.span.until_utc:%Y-%m-%d} (UTC). {NOBODY.say(language)}"
    yield from _section(WHAT, language, _retention_rows(language))
    yield from _section(WHERE, language, lies)
    yield from _section(WHOM, language, ((one.value, ", ".join(sorted(GRANTED[one]))) for one in SENSITIVE))
    yield from _outcomes(HOW_WELL, language, facts.by_kind(), _kind_names(facts.pack, language))
    for group, title in GROUPS.items():
        yield from _outcomes(title, language, facts.candidates_by(group), {})
    yield from _section(HOW_MUCH, language, counts)
    yield from _section(ACTS, language, ((act, str(count)) for act, count in sorted(facts.actions.items())))
    yield from ("", f"## {QUESTIONS.say(language)}", *(f"* {one.say(language)}" for one in ASKED))


def _section(
    title: Words, language: Language, rows: Iterable[tuple[str, ...]], header: tuple[str, ...] = ()
) -> Iterator[str]:
    listed = list(rows)
    yield from ("", f"## {title.say(language)}")
    if not listed:
        yield NONE.say(language)
        return
    columns = header or ("",) * len(listed[0])
    yield from (f"| {' | '.join(row)} |" for row in (columns, ("---",) * len(columns), *listed))


def _retention_rows(language: Language) -> Iterator[tuple[str, ...]]:
    for data_class, words in PROCESSED.items():
        term = RETENTION[data_class]
        yield words.say(language), _told(term.keep, language), _named(SINCE, term.counted_from, language)


def _told(keep: timedelta | None, language: Language) -> str:
    if keep is None:
        return FOREVER.say(language)
    days = keep / timedelta(days=1)
    return {0.0: AT_ONCE, 1.0: DAY}.get(days, DAYS).say(language).format(days)


def _outcomes(title: Words, language: Language, found: tuple[Outcome, ...], names: Mapping[str, str]) -> Iterator[str]:
    header = tuple(column.say(language) for column in OUTCOMES)
    return _section(title, language, (_outcome_row(one, names.get(one.group, one.group)) for one in found), header)


def _outcome_row(one: Outcome, name: str) -> tuple[str, ...]:
    share = "–" if one.false_share is None else f"{one.false_share:.1%}"
    return name, *map(str, (one.opened, one.confirmed, one.false, one.lapsed, one.other)), share


def _kind_names(pack: CityPack, language: Language) -> dict[str, str]:
    return {one.kind: one.name_vi if language == "vi" else one.name_en for one in pack.kinds}


def _named(vietnamese: Mapping[str, str], name: str, language: Language) -> str:
    return vietnamese[name] if language == "vi" else name


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
    evidence = bootstrap_evidence.evidence_settings()
    return {
        "frames": settings.frames_bucket,
        "incidents": settings.incidents_table,
        "pictures without faces": evidence.evidence_bucket,
        "sealed originals": evidence.sealed_bucket,
        "cameras": settings.cameras_table,
        "portraits, templates": law.biometrics_bucket,
        "lists, authorisations, ledger": law.law_table,
        "audit": f"{law.audit_table}, {law.audit_bucket}",
        "region": boto3.session.Session().region_name or "?",
    }


def _days_of(data_class: DataClass) -> float | None:
    keep = RETENTION[data_class].keep
    return None if keep is None else keep / timedelta(days=1)


if __name__ == "__main__":
    typer.run(main)
