"""`make demo`: real photographs through the whole chain, and whether it found what they show.

On a machine without photographs of its own the events are simulated on real street photographs, marked so, and judged
by the very models that judge real ones. Where labelled photographs lie beside the project they are shown as well.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from chalicelib.domain.city import CityPack
from chalicelib.domain.kinds import WATCHLIST_CANDIDATE
from chalicelib.domain.lifecycle import Status
from chalicelib.errors import MatphoError
from city.reading import read_pack
from layers.models.errors import ModelError
from local import replay
from local.city import Outcome
from local.demo_set.build import Part, build_demo_set
from local.demo_set.manifest import read_demo_manifest
from local.demo_set.photographs import require_photographs
from local.demo_set.shots import read_photograph
from local.enrol import enrol
from local.pictures import read_folder
from local.report import print_outcome
from local.wiring import models_dir
from ops.console import table_console

ROOT = Path(__file__).parent.parent
WORK = ROOT / ".demo"
LABELLED = ROOT.parent / "shared" / "data" / "dev"
PORTRAIT = "astronaut.png"
SPACING_S = 5.0


def main(
    *, frames: Annotated[Path | None, typer.Option(help="your own: DIR/<camera>/*.jpg, or one flat folder")] = None
) -> None:
    """Run pictures through the whole chain and print every incident and its alerts."""
    if frames is not None:
        replay.main(frames.expanduser())
        return
    try:
        failures = run_demo(table_console(), labelled=LABELLED if LABELLED.is_dir() else None)
    except (MatphoError, ModelError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error
    for failure in failures:
        print(f"demo: {failure}", file=sys.stderr)
    if failures:
        raise typer.Exit(1)


def run_demo(console: Console, *, labelled: Path | None) -> list[str]:
    """Fetch, build, replay and print; returns what did not come out as it must, in a line each."""
    manifest, pack = read_demo_manifest(), read_pack(replay.CITY)
    photographs, frames = WORK / "photographs", WORK / "frames"
    require_photographs(manifest.packages.values(), photographs, on_step=console.print)
    console.print("preparing the frames")
    parts = build_demo_set(frames, manifest, photographs=photographs, labelled=labelled)
    start_utc = datetime.now(UTC).replace(microsecond=0)
    watchlist = enrol({"demo-0001": read_photograph(photographs / PORTRAIT)}, models_dir(), at_utc=start_utc)
    console.print(_parts_table(parts, pack))
    for package in manifest.packages.values():
        console.print(f"Photographs: {package.shows} ({package.author}, {package.licence}, {package.source.title})")
    with redirect_stdout(sys.stderr):  # what the chain logs stays out of the tables
        outcome = replay.replay(
            read_folder(frames), pack, spacing_s=SPACING_S, start_utc=start_utc, watchlist=watchlist
        )
    print_outcome(outcome, console)
    failures = list(find_failures(parts, outcome))
    if not failures:
        console.print(_summary(parts, outcome))
    return failures


def find_failures(parts: Sequence[Part], outcome: Outcome) -> Iterator[str]:
    """Say which promise did not hold: every kind found, nothing on quiet streets, candidates held back."""
    if lost := outcome.frames.received - outcome.frames.processed:
        yield f"{lost} of {outcome.frames.received} frames were not processed"
    found = {(camera_id, incident.kind) for incident, _ in outcome.incidents for camera_id in incident.camera_ids}
    for kind in sorted({part.expects for part in parts if part.expects}):
        if not any((part.camera_id, kind) in found for part in parts if part.expects == kind):
            yield f"no incident of {kind!r} on a camera that shows it"
        elif kind != WATCHLIST_CANDIDATE and kind not in _alerted_kinds(outcome):
            yield f"nobody was alerted of {kind!r}"
    quiet = {part.camera_id for part in parts if part.expects is None}
    for camera_id, kind in sorted(found):
        if camera_id in quiet:
            yield f"an ordinary street on {camera_id!r} became an incident of {kind!r}"
    yield from _candidate_failures(outcome)


def _candidate_failures(outcome: Outcome) -> Iterator[str]:
    if WATCHLIST_CANDIDATE in {alert["data"]["kind"] for alert in outcome.alerts}:
        yield "a watchlist candidate was published before anybody confirmed it"
    for incident, _ in outcome.incidents:
        if incident.kind == WATCHLIST_CANDIDATE and incident.status is not Status.AWAITING_CONFIRMATION:
            yield f"a watchlist candidate is {incident.status.value!r}, not held for confirmation"


def _alerted_kinds(outcome: Outcome) -> set[str]:
    return {alert["data"]["kind"] for alert in outcome.alerts if outcome.received_by[alert["id"]]}


def _parts_table(parts: Sequence[Part], pack: CityPack) -> Table:
    table = Table(title="What the cameras show", title_justify="left", header_style="bold")
    for column in ("camera", "place", "shows", "to be found"):
        table.add_column(column, overflow="fold")
    for part in parts:
        camera = pack.camera(part.camera_id)
        table.add_row(part.camera_id, camera.name if camera else "", part.shows, part.expects or "nothing")
    return table


def _summary(parts: Sequence[Part], outcome: Outcome) -> str:
    kinds = Counter(incident.kind for incident, _ in outcome.incidents)
    counted = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    quiet = sum(part.expects is None for part in parts)
    return f"All as it must be: {counted}; nothing on {quiet} ordinary streets; candidates held for confirmation."


if __name__ == "__main__":
    typer.run(main)
