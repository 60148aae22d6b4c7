"""The runbook answers every alarm, and what it tells people to type exists."""

import importlib
import re
from pathlib import Path

import pytest
import typer

from infra.template import joined_parts

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
ALARMS = sorted(
    name for name, one in joined_parts()["Resources"].items() if one.get("Type") == "AWS::CloudWatch::Alarm"
)
ENTRIES = {entry.partition("\n")[0]: entry for entry in re.split(r"^### ", RUNBOOK, flags=re.MULTILINE)[1:]}


def test_every_alarm_has_an_entry_and_every_entry_an_alarm() -> None:
    assert sorted(ENTRIES) == ALARMS


@pytest.mark.parametrize("alarm", ALARMS)
def test_an_entry_tells_cause_check_and_remedy(alarm: str) -> None:
    parts = re.findall(r"^\*\*(Cause|Check|Remedy)\.\*\* \S", ENTRIES[alarm], flags=re.MULTILINE)
    assert parts == ["Cause", "Check", "Remedy"]


@pytest.mark.parametrize("other", sorted(set(re.findall(r"\w+Alarm\b", RUNBOOK))))
def test_an_entry_leads_to_alarms_that_exist(other: str) -> None:
    assert other in ALARMS


@pytest.mark.parametrize(("module", "command"), sorted(set(re.findall(r"python -m (ops\.\w+)(?: ([a-z]+))?", RUNBOOK))))
def test_a_command_it_names_exists(module: str, command: str) -> None:
    line = importlib.import_module(module)
    if command:
        app: typer.Typer = line.app
        assert command in {one.name or getattr(one.callback, "__name__", "") for one in app.registered_commands}
    else:
        assert callable(line.main)


@pytest.mark.parametrize(
    "module", sorted(one.stem for one in (ROOT / "ops").glob("*.py") if "__main__" in one.read_text(encoding="utf-8"))
)
def test_every_command_is_in_its_table(module: str) -> None:
    assert f"`python -m ops.{module}" in RUNBOOK.partition("## Frames")[0]


@pytest.mark.parametrize(
    "setting", ["Analysers", "AnalysersReserved", "PublishersReserved", "ApisReserved", "AuthorisersReserved"]
)
def test_a_number_it_tells_to_change_is_in_the_template(setting: str) -> None:
    assert f"`{setting}`" in RUNBOOK
    assert setting in joined_parts()["Mappings"]["Stages"]["prod"]
