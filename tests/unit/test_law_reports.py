"""The impact assessment and the breach report: from what is there, in both languages, naming nobody in vain."""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner, Result

from chalicelib import bootstrap, bootstrap_evidence, bootstrap_law
from chalicelib.domain.audit import Act
from chalicelib.domain.deeds import Deed
from chalicelib.domain.incidents import Handling, Incident, Reason, Review
from chalicelib.domain.kinds import WATCHLIST_CANDIDATE
from chalicelib.domain.lifecycle import Status
from chalicelib.domain.outcomes import Outcome, Verdict, tally, told_of_erased, verdict_of, verdict_of_erased
from chalicelib.domain.retention import RETENTION, DataClass
from chalicelib.flows.keep_audit import RecordAct
from chalicelib.store.fakes import FakeCameraStore, FakeIncidentStore
from chalicelib.store.law_fakes import FakeAuditVault
from ops import breach, impact, impact_words
from tests.store.samples import opening
from tests.unit.law_desk import Desk
from tests.unit.law_samples import NOON, approved, at, granted

NAMES = "stage frames_bucket config_bucket cameras_table incidents_table rejections_table alerts_topic_arn models_dir"


def incident(incident_id: str, **changes: object) -> Incident:
    made = replace(opening().incident, id=incident_id, first_seen_utc=at(1), changed_at_utc=at(1))
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A day with an entry, an authorisation, a flood that was none, and a candidate that is erased by now."""
    desk = Desk()
    incidents = FakeIncidentStore(FakeCameraStore())
    false = Handling(dismissed_because=Reason.FALSE_ALARM)
    for one in (incident("f1", status=Status.DISMISSED, handling=false), incident("f2", status=Status.RESOLVED)):
        incidents.incidents[one.id] = one
    desk.entries.commit(Deed("approved", "bình", at(0), replace(approved(), version=1)))
    desk.authorisations.commit(Deed("approved", "bình", at(0), replace(granted(emergency=True), version=1)))
    candidate = replace(incident("c1"), kind=WATCHLIST_CANDIDATE, label="wanted", camera_ids=("tv-4",), handling=false)
    erased = told_of_erased(candidate)
    RecordAct(desk.log)(Act("an", "case 7", "original_viewed", "incident/c1", at(2), {}))
    RecordAct(desk.log)(
        Act("matpho/keep_the_law", "retention: candidates", "incident_erased", "incident/c1", at(3), erased)
    )
    monkeypatch.setattr(bootstrap, "clock", lambda: at(24))
    monkeypatch.setattr(bootstrap, "settings", lambda: SimpleNamespace(**dict.fromkeys(NAMES.split(), "somewhere")))
    law = SimpleNamespace(audit_table="audit", law_table="law", biometrics_bucket="faces", audit_bucket="locked")
    monkeypatch.setattr(bootstrap_law, "law_settings", lambda: law)
    evidence = SimpleNamespace(evidence_bucket="redacted", sealed_bucket="sealed")
    monkeypatch.setattr(bootstrap_evidence, "evidence_settings", lambda: evidence)
    monkeypatch.setattr(bootstrap, "city_packs", lambda: SimpleNamespace(current=lambda: desk.pack))
    monkeypatch.setattr(bootstrap, "incidents", lambda: incidents)
    for name, part in (("entries", desk.entries), ("authorisations", desk.authorisations), ("holds", desk.holds)):
        monkeypatch.setattr(bootstrap_law, name, partial(_the, part))
    monkeypatch.setattr(bootstrap_law, "audit_log", lambda: desk.log)
    monkeypatch.setattr(bootstrap_law, "audit_vault", FakeAuditVault)
    return desk


def _the(part: object) -> object:
    return part


def run(main: object, *words: str) -> Result:
    app = typer.Typer()
    app.command()(main)  # type: ignore[type-var]  # a command's function
    return CliRunner().invoke(app, [*words])


def test_the_assessment_says_what_where_how_long_by_whom_how_well_and_how_much(desk: Desk) -> None:
    done = run(impact.main, "--json", "--days", "2")
    assert done.exit_code == 0, done.output
    facts = json.loads(done.output)
    assert facts["places"]["portraits, templates"] == "faces"
    assert facts["places"]["sealed originals"] == "sealed"
    assert facts["retention_days"]["frames"] == 3
    assert facts["retention_days"].keys() == {one.value for one in DataClass}
    assert facts["roles"]["watchlist.approve"] == ["city_officer"]
    assert facts["counts"]["entries that were listed"] == 1
    assert facts["counts"]["of these in an emergency"] == 1
    by_kind = {one["group"]: one for one in facts["outcomes"]}
    assert (by_kind["flood"]["confirmed"], by_kind["flood"]["false"]) == (1, 1)
    assert by_kind[WATCHLIST_CANDIDATE]["false"] == 1, "erased candidates count, from the audit"
    for group, name in (("camera", "tv-4"), ("area", "new-town"), ("list", "wanted")):
        (outcome,) = facts[f"candidates_by_{group}"]
        assert (outcome["group"], outcome["false"]) == (name, 1)


def test_the_assessment_is_a_page_in_both_languages_that_names_nobody(desk: Desk) -> None:
    page = run(impact.main, "--days", "2").output
    assert "# Đánh giá tác động: các số liệu: " in page
    assert "# Impact assessment: the facts: Testville" in page
    assert "HS-2026-114" not in page
    assert "e1" not in page.split()
    for words in impact_words.PROCESSED.values():
        assert words.vi in page
        assert words.en in page


def test_every_class_of_data_is_in_the_assessment() -> None:
    assert impact_words.PROCESSED.keys() == set(DataClass)


def test_what_the_vietnamese_page_names_it_names_in_vietnamese(desk: Desk) -> None:
    vietnamese, english = run(impact.main, "--days", "2").output.split("\n---\n")
    for named in (impact_words.SINCE, impact_words.PLACES, impact_words.COUNTS):
        assert [word for word in named if f"| {word} |" in vietnamese] == []
    assert "| incidents | 2 |" in english
    assert {term.counted_from for term in RETENTION.values()} == impact_words.SINCE.keys()


def test_a_breach_names_whom_it_touched_who_acted_and_until_when_it_is_reported(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "breach.md"
    times = ["--since", "2026-03-01T11:00:00", "--until", "2026-03-01T18:00:00", "--known", "2026-03-02"]
    done = run(breach.main, "A laptop was stolen.", *times, "--out", str(out))
    assert done.exit_code == 0, done.output
    report = out.read_text(encoding="utf-8")
    for line in (
        "# Báo cáo vi phạm dữ liệu",
        "# Report of a data breach",
        "A laptop was stolen.",
        "* HS-2026-114 (wanted, e1)",
        "* an: original_viewed × 1",
        "* c1 tv-4 (erased 2026-03-01)",
        "2026-03-05T00:00:00+00:00",
        "* The audit: holds on every day",
    ):
        assert line in report
    assert out.stat().st_mode & 0o077 == 0, "it holds the numbers of people's files"


def test_a_breach_outside_an_entrys_time_does_not_touch_it(desk: Desk, tmp_path: Path) -> None:
    out = tmp_path / "breach.md"
    times = ["--since", "2026-02-01", "--until", "2026-02-02", "--known", "2026-03-02"]
    assert run(breach.main, "x", *times, "--out", str(out)).exit_code == 0
    assert "HS-2026-114" not in out.read_text(encoding="utf-8")


def test_a_breach_that_ends_before_it_begins_is_one_line_and_exit_code_2(desk: Desk, tmp_path: Path) -> None:
    times = ["--since", "2026-03-02", "--until", "2026-03-01", "--known", "2026-03-02"]
    done = run(breach.main, "x", *times, "--out", str(tmp_path / "b.md"))
    assert done.exit_code == 2
    assert len(done.output.strip().splitlines()) == 1


REVIEWED = Handling(reviews=(Review("an", NOON, confirmed=False),))


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"status": Status.RESOLVED}, Verdict.CONFIRMED),
        ({"status": Status.DISMISSED, "handling": Handling(dismissed_because=Reason.FALSE_ALARM)}, Verdict.FALSE),
        ({"status": Status.DISMISSED, "handling": REVIEWED}, Verdict.FALSE),
        ({"status": Status.DISMISSED, "handling": Handling(dismissed_because=Reason.LAPSED)}, Verdict.LAPSED),
        ({"status": Status.DISMISSED, "handling": Handling(dismissed_because=Reason.DUPLICATE)}, Verdict.OTHER),
        ({"status": Status.OPEN}, Verdict.OTHER),
    ],
    ids=["resolved", "a false alarm", "rejected", "that nobody reviewed", "a duplicate", "going on"],
)
def test_what_people_made_of_an_incident(changes: dict[str, object], verdict: Verdict) -> None:
    assert verdict_of(incident("i", **changes)) is verdict


@pytest.mark.parametrize(
    ("because", "verdict"),
    [("lapsed", Verdict.LAPSED), ("false_alarm", Verdict.FALSE), ("other", Verdict.FALSE), ("", Verdict.OTHER)],
)
def test_what_people_had_made_of_an_erased_candidate(because: str, verdict: Verdict) -> None:
    assert verdict_of_erased(because) is verdict


def test_the_false_share_is_of_those_that_people_decided_on() -> None:
    verdicts = [Verdict.CONFIRMED] * 3 + [Verdict.FALSE] + [Verdict.LAPSED] * 5 + [Verdict.OTHER]
    (outcome,) = tally(("flood", one) for one in verdicts)
    assert outcome == Outcome("flood", 10, 3, 1, 5, 1)
    assert outcome.false_share == 0.25
    assert tally([("flood", Verdict.LAPSED)])[0].false_share is None
