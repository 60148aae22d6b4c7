"""What was built, as an index for whoever deploys it and as a table for people."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from layers.build.assemble import Built
from layers.build.errors import LayerError
from layers.build.plan import Plan
from layers.models.state import sha256

INDEX = "layers.json"
_PLAIN_WIDTH = 132
"""Columns where nobody's terminal says how many it has: a log, a pipe."""


def describe(
    plan: Plan, layers: Sequence[Built], code_bytes: int, smoke: Mapping[str, Mapping[str, Any]], out: Path
) -> dict[str, Any]:
    """Everything in JSON's types; zips relative to the index, totals by architecture, smoke tests where they ran."""
    return {
        "layers": [
            {
                "name": one.name,
                "architectures": list(one.architectures),
                "zip": one.zip.relative_to(out).as_posix(),
                "content_sha256": one.content_sha256,
                "zip_sha256": sha256(one.zip.read_bytes()),
                "zipped_bytes": one.zipped_bytes,
                "unzipped_bytes": one.unzipped_bytes,
            }
            for one in layers
        ],
        "code_bytes": code_bytes,
        "total_bytes": totals([one for one in layers if one.name not in plan.apart], code_bytes),
        "goal_bytes": plan.goal_bytes,
        "budget_bytes": plan.budget_bytes,
        "smoke": smoke,
    }


def totals(layers: Sequence[Built], code_bytes: int) -> dict[str, int]:
    """What a function with all of these layers takes unzipped, by architecture."""
    architectures = {name for one in layers for name in one.architectures}
    return {
        name: code_bytes + sum(one.unzipped_bytes for one in layers if name in one.architectures)
        for name in sorted(architectures)
    }


def require_within_budget(plan: Plan, total_bytes: Mapping[str, int]) -> None:
    """Raise LayerError where an architecture's code and layers take more than the plan allows."""
    for name, total in total_bytes.items():
        if total > plan.budget_bytes:
            raise LayerError(
                f"code and layers take {_mb(total)} MB unzipped on {name}, the budget is {_mb(plan.budget_bytes)} MB"
            )


def write_index(described: Mapping[str, Any], out: Path) -> None:
    (out / INDEX).write_text(json.dumps(described, indent=2), encoding="utf-8")


def print_table(described: Mapping[str, Any]) -> None:
    """Print sizes in MB of 10^6 bytes, and how the function ran."""
    plain = Console()
    console = plain if plain.is_terminal else Console(width=_PLAIN_WIDTH)
    table = Table("layer", "architecture", "unzipped MB", "zipped MB", "zip", title="Layers")
    for one in described["layers"]:
        sizes = (_mb(one["unzipped_bytes"]), _mb(one["zipped_bytes"]))
        table.add_row(one["name"], ", ".join(one["architectures"]), *sizes, one["zip"])
    for name, total in described["total_bytes"].items():
        limits = f"goal {_mb(described['goal_bytes'])}, budget {_mb(described['budget_bytes'])}"
        table.add_row("with the code", name, _mb(total), "", limits)
    console.print(table)
    for name, smoke in described["smoke"].items():
        console.print(
            f"{name}: ran {', '.join(smoke['models'])} from the layers alone,"
            f" {_mb(smoke['peak_bytes'])} MB at the peak, {smoke['import_s']} s to import"
        )
        console.print(f"{name}: judged tokens from the layers alone, {smoke['identity']['import_s']} s to import")


def _mb(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f}"
