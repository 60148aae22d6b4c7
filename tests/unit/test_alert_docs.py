"""What docs/alerts.md promises receivers is there, all of it."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.alerts.model import Alert
from chalicelib.domain.alerts.words import AlertType

PAGE = (Path(__file__).parents[2] / "docs" / "alerts.md").read_text("utf-8")


def named_in(section: str) -> list[str]:
    """What stands in the first column of a section's table."""
    _, _, rest = PAGE.partition(f"## {section}\n")
    rows = re.findall(r"^\| (`.*?) \|", rest.partition("\n## ")[0], flags=re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`(\w+)`", row)]


def test_every_field_of_an_alert_is_explained_and_no_other() -> None:
    assert sorted(named_in("CloudEvents: the fields of `data`")) == sorted(field.name for field in fields(Alert))


def test_every_type_of_alert_is_explained() -> None:
    assert named_in("When") == list(AlertType)


@pytest.mark.parametrize("link", re.findall(r"\]\(([\w./-]+)\)", PAGE))
def test_a_page_it_leads_to_exists(link: str) -> None:
    assert (Path(__file__).parents[2] / "docs" / link).is_file()


def test_its_consumer_knows_repeats_and_late_ones() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - the page's own example
    standing: dict[str, Any] = {}
    come = [{"data": {"incident": one, "sequence": number}} for one, number in [("a", 1), ("a", 1), ("b", 3), ("b", 2)]]
    assert [names["take"](event, standing) for event in come] == [True, False, True, False]
    assert {one: alert["sequence"] for one, alert in standing.items()} == {"a": 1, "b": 3}
