"""`python -m ops.dryrun --frames DIR --pack NEW`: recorded frames through today's city pack and a proposed one.

What would open, what would be lost, what would go elsewhere, and how many alerts more or fewer each unit would get.
Nothing is stored and nobody is told. Each frame is looked at once, unless the packs show the models different parts of
it; faces aren't looked for. Frames that lie as in the bucket (`DIR/<camera>/yyyy/mm/dd/HHMMSSmmmZ-n.jpg`) keep their
times, others are put a few seconds apart.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from chalicelib import bootstrap
from chalicelib.domain.incidents import Incident
from chalicelib.domain.judgement import Outcome, Pair
from city.reading import read_pack
from local.pictures import read_folder
from local.wiring import models_dir
from ops.console import table_console
from ops.deployment import Stack, deployment
from ops.dryrun_look import DryRun, dry_run, load_analyser
from ops.times import in_utc, time_option


def main(
    *,
    frames: Annotated[Path, typer.Option(help="DIR/<camera>/*.jpg, or one flat folder", metavar="DIR")],
    pack: Annotated[Path, typer.Option(help="the proposed city pack's folder", metavar="NEW")],
    today: Annotated[
        Path | None, typer.Option(help="a city pack's folder to compare with; default: the pack in force")
    ] = None,
    spacing_s: Annotated[float, typer.Option(min=0.001, help="seconds between two frames of a camera")] = 5.0,
    start_utc: Annotated[datetime | None, time_option("when the first frame was taken; default: now")] = None,
    stack: Stack = None,
) -> None:
    """Show what a proposed city pack would change about recorded frames; the last line is JSON."""
    with deployment(stack):
        folder, proposed = read_folder(frames), read_pack(pack)
        current = bootstrap.city_packs().current() if today is None else read_pack(today)
        if folder.skipped:
            print(f"skipped {len(folder.skipped)} files that are no readable pictures", file=sys.stderr)
        start = in_utc(start_utc) if start_utc else datetime.now(UTC).replace(microsecond=0)
        run = dry_run(
            folder.pictures, current, proposed, load_analyser(models_dir()), start_utc=start, spacing_s=spacing_s
        )
    _print(run, table_console())
    print(json.dumps({"today": current.version, "proposed": proposed.version, **to_dict(run)}, ensure_ascii=False))


def to_dict(run: DryRun) -> dict[str, Any]:
    """Everything that differs, for programs."""
    return {
        "frames": dict(run.looked),
        "incidents": {"today": len(run.today.incidents), "proposed": len(run.proposed.incidents)},
        "outcomes": _outcomes(run.pairs),
        "changes": [_change(pair) for pair in run.pairs if pair.outcome is not Outcome.SAME],
        "alerts": {
            unit: {"today": before, "proposed": after, "more": after - before} for unit, before, after in _alerts(run)
        },
    }


def _outcomes(pairs: Iterable[Pair]) -> dict[str, int]:
    counted = Counter(pair.outcome for pair in pairs)
    return {outcome.value: counted[outcome] for outcome in Outcome}


def _change(pair: Pair) -> dict[str, Any]:
    one = pair.incident
    return {
        "outcome": pair.outcome.value,
        "kind": one.kind,
        "cameras": list(one.camera_ids),
        "area": one.place.area_id,
        "first_seen": one.first_seen_utc.isoformat(),
        "today": _side(pair.today),
        "proposed": _side(pair.proposed),
    }


def _side(incident: Incident | None) -> dict[str, Any] | None:
    return {"severity": incident.severity, "units": list(incident.routed.units)} if incident else None


def _alerts(run: DryRun) -> Iterator[tuple[str, int, int]]:
    before, after = run.today.alerts_by_unit(), run.proposed.alerts_by_unit()
    return ((unit, before.get(unit, 0), after.get(unit, 0)) for unit in sorted({*before, *after}))


def _print(run: DryRun, console: Console) -> None:
    console.print(", ".join(f"{count} {outcome}" for outcome, count in sorted(run.looked.items())))
    incidents = _table("What would change", "outcome", "kind", "cameras", "first seen (UTC)", "today", "proposed")
    for pair in run.pairs:
        if pair.outcome is not Outcome.SAME:
            one, sides = pair.incident, map(_told, (pair.today, pair.proposed))
            incidents.add_row(
                pair.outcome, one.kind, ", ".join(one.camera_ids), f"{one.first_seen_utc:%m-%d %H:%M:%S}", *sides
            )
    if incidents.row_count:
        console.print(incidents)
    console.print(", ".join(f"{count} {outcome}" for outcome, count in _outcomes(run.pairs).items()))
    alerts = _table("Alerts for each unit", "unit", "today", "proposed", "more or fewer")
    for unit, before, after in _alerts(run):
        alerts.add_row(unit, str(before), str(after), f"{after - before:+d}" if after != before else "")
    if alerts.row_count:
        console.print(alerts)


def _told(incident: Incident | None) -> str:
    return f"{incident.severity}: {', '.join(incident.routed.units)}" if incident else "nothing"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


if __name__ == "__main__":
    typer.run(main)
