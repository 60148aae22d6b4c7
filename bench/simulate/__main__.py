"""`python -m bench.simulate`: a city's hour with a script, through the real flows, held against the script.

199,440 frames of 554 cameras in two minutes: observations by the script in place of inference, the stores in memory
that the contract tests hold to AWS. A slice of the same script goes through the whole local cloud and must give the
same incidents.
"""

import json
import sys
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.cost.prices import Prices, read_prices
from bench.cost.runs import memory_gb
from bench.simulate.city import SimulatedCity, with_drills
from bench.simulate.inference import see_for_real
from bench.simulate.pace import measure_frame_s
from bench.simulate.sample import cut, in_memory, in_the_cloud
from bench.simulate.scale import Limit, Size, limits, priced
from bench.simulate.script import Script, write_script
from bench.simulate.verdict import find_breaches
from chalicelib.domain.city import CityPack
from chalicelib.errors import MatphoError
from city.reading import read_pack
from local.replay import CITY
from local.wiring import models_dir

PRICES = Path(__file__).parents[1] / "prices" / "2026-11.toml"
START_UTC = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PROJECTED_CAMERAS = 5000


def main(
    *,
    pack: Annotated[Path, typer.Option(help="a city pack")] = CITY,
    seed: Annotated[int, typer.Option(help="another seed, another hour")] = 1,
    cadence_s: Annotated[float, typer.Option(min=1, max=60, help="between two frames of a camera")] = 10,
    frame_ms: Annotated[
        float | None, typer.Option(min=1, help="what a frame takes of a function", show_default="as measured here")
    ] = None,
    slice_cameras: Annotated[int, typer.Option(min=0, help="cameras that go through the local cloud too")] = 12,
    slice_minutes: Annotated[float, typer.Option(min=1, help="for how long")] = 12,
    inference: Annotated[bool, typer.Option("--inference", help="have the models look at a sample, too")] = False,
) -> None:
    """Run the hour; exits 1 when anything is not as it must be."""
    console = Console()
    try:
        city_pack, prices = read_pack(pack), read_prices(PRICES)
        frame_s = measure_frame_s(city_pack, models_dir()) if frame_ms is None else frame_ms / 1000
    except MatphoError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error
    script = write_script(city_pack, seed=seed, start_utc=START_UTC, cadence_s=cadence_s)
    began_s = monotonic()
    city = _run(city_pack, script, seed)
    breaches = find_breaches(city)
    if slice_cameras:
        breaches += _differences(city_pack, script, cameras=slice_cameras, minutes=slice_minutes)
    if inference:
        breaches += _seen_for_real(city_pack, cadence_s=cadence_s)
    told = _to_dict(city, prices, breaches, frame_s=frame_s, took_s=monotonic() - began_s)
    _print(console, told)
    print(json.dumps(told))
    if breaches:
        raise typer.Exit(1)


def _run(pack: CityPack, script: Script, seed: int) -> SimulatedCity:
    city = SimulatedCity(with_drills(pack, script), script, seed)
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("an hour of the city", total=script.lasts.total_seconds() / 60)
        city.run(lambda: progress.advance(task))
    return city


def _differences(pack: CityPack, script: Script, *, cameras: int, minutes: float) -> tuple[str, ...]:
    small, part = cut(pack, script, cameras=cameras, minutes=minutes)
    with redirect_stdout(sys.stderr):  # what the chain logs stays out of the tables
        found = in_the_cloud(small, part)
    expected = in_memory(small, part)
    keys = sorted(expected.keys() | found.keys())
    if not keys:
        return ("the local cloud: nothing happened in the slice, so nothing was compared",)
    return tuple(
        f"the local cloud: {key[0]} at {', '.join(key[1])} is {found.get(key)}, in memory {expected.get(key)}"
        for key in keys
        if found.get(key) != expected.get(key)
    )


def _seen_for_real(pack: CityPack, *, cadence_s: float) -> tuple[str, ...]:
    with redirect_stdout(sys.stderr):  # what the chain logs stays out of the tables
        return see_for_real(pack, start_utc=START_UTC, cadence_s=cadence_s, on_step=Console(stderr=True).print)


def _to_dict(
    city: SimulatedCity, prices: Prices, breaches: tuple[str, ...], *, frame_s: float, took_s: float
) -> dict[str, Any]:
    cameras, incidents = len(city.pack.cameras), tuple(city.incidents.incidents.values())
    times = PROJECTED_CAMERAS / cameras
    gb = memory_gb()["analyse_frames"]
    usd = priced(city.bill, prices, frame_s=frame_s, memory_gb=gb)
    tracked = sum(one.incident_id is not None for one in city.cameras.trackers.values())
    size = Size(cameras, len(incidents), tracked)
    met = limits(city.bill, size, frame_s=frame_s, times=times)
    return {
        "bench": "simulate",
        "cameras": cameras,
        "frames": city.put,
        "happenings": len(city.script.happenings),
        "incidents": len(incidents),
        "events": sum(len(city.timeline(one)) for one in incidents),
        "alerts": len({alert.id for alert in city.bus.published}),
        "breaches": list(breaches),
        "took_s": round(took_s, 1),
        "frame_ms": round(frame_s * 1000, 1),
        "bill": {name: round(amount) for name, amount in sorted(city.bill.items())},
        "usd_per_hour": {item: round(dollars, 4) for item, dollars in usd.items()},
        "usd_per_million_frames": round(sum(usd.values()) / city.put * 1e6, 2),
        "projected": {
            "cameras": PROJECTED_CAMERAS,
            "usd_per_hour": round(sum(usd.values()) * times, 2),
            "limits": [_limit(one) for one in met],
            "breaks_first": {"limit": met[0].name, "at_cameras": round(PROJECTED_CAMERAS / met[0].share)},
        },
    }


def _limit(one: Limit) -> dict[str, Any]:
    shown = {"limit": one.name, "used": round(one.used, 2), "allowed": one.allowed, "share": round(one.share, 4)}
    return shown | {"source": one.source}


def _print(console: Console, told: dict[str, Any]) -> None:
    console.print(
        f"{told['frames']} frames of {told['cameras']} cameras, {told['happenings']} happenings: {told['incidents']} "
        f"incidents, {told['events']} events, {told['alerts']} alerts, in {told['took_s']} s"
    )
    bill, projected = told["bill"], told["projected"]
    requests = sum(amount for name, amount in bill.items() if not name.startswith(("did_", "dynamodb_")))
    console.print(
        f"{bill['dynamodb_write']:,} write units, {bill['dynamodb_read']:,} read units, {requests:,} requests of S3, "
        f"SQS, Lambda and SNS; {sum(told['usd_per_hour'].values()):.2f} dollars an hour, "
        f"{told['usd_per_million_frames']} a million frames"
    )
    took = f"{told['frame_ms']:g} ms a frame"
    title = f"At {projected['cameras']} cameras, {took}: {projected['usd_per_hour']} dollars an hour; what is met first"
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in ("limit", "used", "allowed", "share", "whose"):
        table.add_column(column)
    for one in projected["limits"]:
        table.add_row(one["limit"], f"{one['used']:g}", f"{one['allowed']:g}", f"{one['share']:.1%}", one["source"])
    console.print(table)
    first = projected["breaks_first"]
    console.print(f"What breaks first, from some {first['at_cameras']:,} cameras on: {first['limit']}.")
    for breach in told["breaches"]:
        console.print(f"[red]not as it must be:[/red] {breach}")
    console.print("All as it must be." if not told["breaches"] else f"{len(told['breaches'])} breaches.")


if __name__ == "__main__":
    typer.run(main)
