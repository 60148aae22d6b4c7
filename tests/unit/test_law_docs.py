"""docs/law.md names the test that proves each duty; each of them exists, and so does what people are told to type."""

import ast
import importlib
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAW = (ROOT / "docs" / "law.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", LAW)))
DUTIES = re.findall(r"^\| .+ \|$", LAW.partition("## Duties")[2].partition("\n## ")[0], re.MULTILINE)[1:]


@cache
def functions_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}


@pytest.mark.parametrize(("path", "test"), NAMED)
def test_a_test_that_it_names_exists(path: str, test: str) -> None:
    assert test in functions_in(path)


@pytest.mark.parametrize("row", DUTIES, ids=lambda row: row.split("|")[1].strip())
def test_every_duty_has_a_test(row: str) -> None:
    assert "::test_" in row.split("|")[4]


def test_there_are_duties() -> None:
    assert len(DUTIES) > 20


@pytest.mark.parametrize("module", sorted(set(re.findall(r"python -m (ops\.\w+)", LAW))))
def test_a_command_that_it_names_exists(module: str) -> None:
    assert importlib.import_module(module)


def test_every_invariant_of_the_design_has_a_test_and_a_guard_that_was_taken_out() -> None:
    named = functions_in("tests/invariants/test_invariants.py")
    numbers = {int(one[15:17]) for one in named if one.startswith("test_invariant_")}
    shown = {int(one) for one in re.findall(r"^\| (\d+) \|", LAW, re.MULTILINE)}
    assert numbers == shown == set(range(1, 13))
