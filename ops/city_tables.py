"""How a city pack's changes, routes and subscriptions look on a screen."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from itertools import groupby
from typing import Any

from pydantic_core import to_jsonable_python
from rich.table import Table

from chalicelib.domain.city import CityPack
from chalicelib.domain.pack_changes import ADDED, REMOVED, PackChange
from chalicelib.domain.routing import Explanation
from chalicelib.store.subscriptions import Planned

NAMED = 8
"""Of many items that came or went so many are named."""
LONGEST = 60


def counts(pack: CityPack) -> str:
    """How many of each section there are."""
    sections = ((one.name, getattr(pack, one.name)) for one in fields(pack))
    return ", ".join(f"{len(items)} {name}" for name, items in sections if isinstance(items, tuple))


def changes_table(changes: Sequence[PackChange]) -> Table:
    """A row for each field that changed, and one for all that came or went in a section."""
    table = _table("What would change", "section", "change", "item", "field", "before", "after")
    for (section, what), group in groupby(changes, key=lambda one: (one.section, one.what)):
        for row in _rows(list(group)):
            table.add_row(section, what, *row)
    return table


def explanation_tables(told: Explanation) -> Iterator[Table]:
    """Every route, then who is called and why."""
    routes = _table("Routes", "route", "applies", "because", "units")
    for one in told.tried:
        routes.add_row(one.route_id, "yes" if one.applies else "no", one.because, ", ".join(one.units))
    yield routes
    units = _table("Who is called", "unit", "because")
    for unit, reason in zip(told.routed.units, told.routed.reasons, strict=True):
        units.add_row(unit, reason)
    yield units


def subscriptions_table(steps: Sequence[Planned]) -> Table:
    table = _table("Subscriptions", "step", "protocol", "address", "units")
    for one in steps:
        units = ", ".join(json.loads(one.policy)["units"]) if one.policy else ""
        table.add_row(one.step, one.contact.protocol, one.contact.endpoint, units)
    return table


def _rows(changes: list[PackChange]) -> Iterator[tuple[str, str, str, str]]:
    if changes[0].what in {ADDED, REMOVED} and len(changes) > 1:
        more = f" … {len(changes)} in all" if len(changes) > NAMED else ""
        yield ", ".join(one.item for one in changes[:NAMED]) + more, "", "", ""
        return
    for one in changes:
        yield one.item, one.field, _short(one.before), _short(one.after)


def _short(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(to_jsonable_python(value), ensure_ascii=False)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
