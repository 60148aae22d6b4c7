"""`python -m ops.audit`: what is exported verifies offline, and what was tampered with is named."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from chalicelib import bootstrap_law
from chalicelib.domain.audit import anchor_to_line
from chalicelib.flows.keep_audit import AnchorDay, RecordAct
from chalicelib.store.law_fakes import FakeAuditLog, FakeAuditVault
from ops.audit import app
from tests.unit.test_audit import act

DAY = date(2026, 3, 1)


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> FakeAuditLog:
    """Six acts of three people."""
    log = FakeAuditLog()
    for number in range(6):
        RecordAct(log)(act(number, ["an", "bình", "chi"][number % 3]))
    monkeypatch.setattr(bootstrap_law, "audit_log", lambda: log)
    return log


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> FakeAuditVault:
    vault = FakeAuditVault()
    monkeypatch.setattr(bootstrap_law, "audit_vault", lambda: vault)
    return vault


@pytest.fixture
def exported(log: FakeAuditLog, vault: FakeAuditVault, tmp_path: Path) -> Path:
    AnchorDay(log, vault)(DAY)
    path = tmp_path / "audit.jsonl"
    done = run("export", DAY.isoformat(), "--out", path)
    assert done.exit_code == 0, done.output
    assert "6 records of 2026-03-01, anchored as" in done.output
    return path


def test_an_export_is_for_its_owner_only_because_it_says_who_did_what(exported: Path) -> None:
    assert exported.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("log", "vault")
def test_a_place_that_cant_be_written_to_is_one_line_and_exit_code_two(tmp_path: Path) -> None:
    done = run("export", DAY.isoformat(), "--out", tmp_path / "missing" / "audit.jsonl")
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)


def test_what_is_exported_verifies(exported: Path) -> None:
    done = run("verify", exported)
    assert done.exit_code == 0, done.output
    assert "every link holds: 6 records" in done.output


@pytest.mark.parametrize(
    "tamper",
    [
        pytest.param(lambda lines: [*lines[:2], lines[2].replace("case 7", "case 8"), *lines[3:]], id="a changed word"),
        pytest.param(lambda lines: [*lines[:2], *lines[3:]], id="a record left out"),
        pytest.param(lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], id="two in another order"),
        pytest.param(lambda lines: lines[:-1], id="the last cut off"),
        pytest.param(lambda lines: [*lines, lines[-1]], id="the last told twice"),
        pytest.param(lambda lines: [*lines[:3], "", *lines[3:]], id="an empty line"),
        pytest.param(lambda lines: lines[:1], id="no record at all"),
    ],
)
def test_tampering_is_named_and_is_exit_code_1(exported: Path, tamper: Callable[[list[str]], list[str]]) -> None:
    lines = exported.read_text(encoding="utf-8").splitlines()
    exported.write_text("\n".join([*tamper(lines), ""]), encoding="utf-8")
    done = run("verify", exported)
    assert done.exit_code == 1
    assert "broken: chain 2026-03-01/" in done.output or "broken: chain , record 0" in done.output


def test_an_anchor_from_elsewhere_finds_a_file_forged_as_a_whole(
    exported: Path, log: FakeAuditLog, vault: FakeAuditVault, tmp_path: Path
) -> None:
    """Whoever forges the records can forge the anchor beside them, but not the one in the bucket."""
    kept = tmp_path / "anchor.json"
    kept.write_text(anchor_to_line(vault.days.pop(DAY)[0]), encoding="utf-8")
    log.chains.pop(next(iter(log.chains)))
    AnchorDay(log, vault)(DAY)
    run("export", DAY.isoformat(), "--out", exported)
    assert run("verify", exported).exit_code == 0
    assert run("verify", exported, "--anchor", kept).exit_code == 1


def test_a_day_that_is_not_over_is_exported_and_said_to_be_open_at_its_end(
    log: FakeAuditLog, vault: FakeAuditVault, tmp_path: Path
) -> None:
    path = tmp_path / "today.jsonl"
    run("export", DAY.isoformat(), "--out", path)
    done = run("verify", path)
    assert done.exit_code == 0
    assert "cut off" in done.output


@pytest.mark.parametrize(
    "text", ["", "something else\n", "matpho audit 1 tomorrow -\n", "matpho audit 1 2026-03-01 {}\n"]
)
def test_what_is_no_export_is_one_line_and_exit_code_2(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(text, encoding="utf-8")
    done = run("verify", path)
    assert done.exit_code == 2
    assert len(done.output.strip().splitlines()) == 1


def test_a_file_that_is_not_there_and_a_day_that_is_none_are_told(tmp_path: Path) -> None:
    assert run("verify", tmp_path / "none.jsonl").exit_code == 2
    assert run("export", "yesterday").exit_code == 2


def test_an_anchor_of_another_day_is_refused(exported: Path, tmp_path: Path) -> None:
    other = tmp_path / "anchor.json"
    other.write_text('{"day":"2026-03-02","heads":[],"previous":""}', encoding="utf-8")
    done = run("verify", exported, "--anchor", other)
    assert done.exit_code == 2
    assert "2026-03-02" in done.output
