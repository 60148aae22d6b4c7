"""`python -m ops.recorded RUN`: the incidents that recorded frames would have been.

Under the city pack in force, or a proposed one. They are no incidents: nothing is stored and no unit is told. A person
who finds one that matters acts on it.
"""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from chalicelib import bootstrap
from chalicelib.domain.incidents import Incident
from chalicelib.domain.recorded import RecordedBatch
from chalicelib.errors import InvalidInput
from chalicelib.flows.judge_recorded import judge_recorded
from city.reading import read_pack
from ops.console import table_console
from ops.deployment import AsJson, Stack, deployment
from ops.replay import require_run


def main(
    run: Annotated[str, typer.Argument(help="the name that ops.replay was given")],
    *,
    city: Annotated[
        Path | None, typer.Option(help="a proposed city pack's folder instead of the pack in force")
    ] = None,
    stack: Stack = None,
    as_json: AsJson = False,
) -> None:
    """Tell what the frames of a run show."""
    with deployment(stack):
        require_run(run)
        batches = tuple(bootstrap.recorded().read(run))
        if not batches:
            raise InvalidInput(f"nothing was looked at yet in run {run!r}")
        pack = bootstrap.city_packs().current() if city is None else read_pack(city)
        incidents = judge_recorded(batches, pack)
        frames = count_frames(batches)
    if as_json:
        print(json.dumps({"run": run, "frames": frames, "incidents": [_to_dict(one) for one in incidents]}))
    else:
        console = table_console()
        console.print(", ".join(f"{count} {outcome}" for outcome, count in frames.items()))
        console.print(_table(incidents) if incidents else "Nothing would have been opened.")


def count_frames(batches: Sequence[RecordedBatch]) -> dict[str, int]:
    """How many frames were looked at, and how many couldn't be, by reason; a frame that came twice counts once."""
    outcomes = {frame.key: frame.rejected or "looked at" for batch in batches for frame in batch.frames}
    return dict(sorted(Counter(outcomes.values()).items()))


def _to_dict(incident: Incident) -> dict[str, Any]:
    return {
        "kind": incident.kind,
        "subject": incident.subject,
        "camera": incident.camera_ids[0],
        "area": incident.place.area_id,
        "units": list(incident.routed.units),
        "status": incident.status,
        "first_seen": incident.first_seen_utc.isoformat(),
        "last_seen": incident.last_seen_utc.isoformat(),
        "evidence": [one.frame_key for one in incident.evidence],
    }


def _table(incidents: Sequence[Incident]) -> Table:
    table = Table(title="What would have been opened", title_justify="left", header_style="bold")
    for column in ("kind", "camera", "first seen (UTC)", "last seen (UTC)", "units", "first frame"):
        table.add_column(column, overflow="fold")
    for one in incidents:
        seen = (f"{at:%Y-%m-%d %H:%M:%S}" for at in (one.first_seen_utc, one.last_seen_utc))
        first = one.evidence[0].frame_key
        table.add_row(one.kind, one.camera_ids[0], *seen, ", ".join(one.routed.units), first)
    return table


if __name__ == "__main__":
    typer.run(main)
