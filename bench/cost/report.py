"""A metered run as one JSON object for programs and as tables for people."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.cost.bill import (
    DAY_S,
    MONTH_S,
    Deployment,
    Habits,
    Line,
    bill,
    by_stage,
    total_usd,
    use_all_in,
    use_of_month,
)
from bench.cost.meter import ANALYSE, EVIDENCE
from bench.cost.prices import Prices
from bench.cost.runs import Frame, Metered, memory_gb
from bench.cost.ways import BATCHES, BUNDLES, Way

MILLION = 1e6
SHOWN_USD = 0.0005
"""Lines below it are in the sum only."""


def to_dict(metered: Metered, prices: Prices, habits: Sequence[Habits], city: Deployment) -> dict[str, Any]:
    """Everything by name; `habits` differ in their cadence, the first is that of the bills."""
    fixed, first = bill(use_of_month(metered, city), prices), habits[0]
    return {
        "bench": "cost",
        "prices": {"as_of": prices.as_of.isoformat(), "region": prices.region},
        "metered": {
            "frames": metered.runs,
            "incidents": metered.incidents,
            "frame_bytes": round(metered.frames[BATCHES].stored_bytes),
            "billed_ms_per_frame": {way.name: round(_billed_ms(frame), 1) for way, frame in metered.frames.items()},
            "billed_s_of_evidence_per_incident": round(_evidence_s(metered), 2),
            "evidence_bytes_per_incident": round(metered.kept_bytes),
        },
        "frames_per_incident": round(DAY_S / first.cadence_s / max(first.incidents_per_camera_day, 1e-9)),
        "usd_per_million_frames": {way.name: _a_million(metered, prices, first, city, way) for way in metered.frames},
        "cadences": [_cadence(metered, prices, one, city) for one in habits],
        "fixed_usd_per_city_month": {stage: round(usd, 2) for stage, usd in by_stage(fixed).items()},
        "cameras": city.cameras,
        "consoles": city.consoles,
    }


def print_report(console: Console, told: dict[str, Any], lines: Mapping[Way, Sequence[Line]], prices: Prices) -> None:
    """Print the bills of a million frames by how they come, then what a camera and the city cost at each cadence."""
    console.print(_bill_table(lines, prices))
    console.print(_cadence_table(told))
    run = told["metered"]
    took = ", ".join(f"{ms:g} ms {name}" for name, ms in run["billed_ms_per_frame"].items())
    fixed = ", ".join(f"{stage} {usd:.2f}" for stage, usd in told["fixed_usd_per_city_month"].items())
    console.print(f"Metered on {run['frames']} frames ({took}) and {run['incidents']} incidents.")
    console.print(
        f"One frame in {told['frames_per_incident']:,} leads to an incident, whose pictures take "
        f"{run['billed_s_of_evidence_per_incident']} s and {run['evidence_bytes_per_incident'] / 1e6:.1f} MB."
    )
    console.print(f"A month costs in dollars, however many frames come: {fixed} ({told['consoles']:g} are open).")
    console.print(f"List prices of {prices.region}, {prices.as_of}.")


def _a_million(metered: Metered, prices: Prices, habits: Habits, city: Deployment, way: Way) -> dict[str, Any]:
    lines = bill(use_all_in(metered, MILLION, habits, city, way=way), prices)
    stages = {stage: round(usd, 3) for stage, usd in by_stage(lines).items()}
    return {"all": round(total_usd(lines), 2), "by_stage": stages}


def _cadence(metered: Metered, prices: Prices, habits: Habits, city: Deployment) -> dict[str, Any]:
    frames = MONTH_S / habits.cadence_s * city.cameras
    month_usd = {
        way: total_usd(bill(use_all_in(metered, frames, habits, city, way=way), prices)) for way in (BATCHES, BUNDLES)
    }
    managed = {name: api.usd(frames) for name, api in prices.managed.items()}
    return {
        "cadence_s": habits.cadence_s,
        "usd_per_camera_month": {way.name: round(usd / city.cameras, 2) for way, usd in month_usd.items()},
        "usd_per_city_month": {way.name: round(usd) for way, usd in month_usd.items()},
        "managed_usd_per_city_month": {name: round(usd) for name, usd in managed.items()},
        "managed_times_dearer": {name: round(usd / month_usd[BATCHES], 1) for name, usd in managed.items()},
    }


def _billed_ms(frame: Frame) -> float:
    return frame.uses[ANALYSE, "lambda_gb_s"] / memory_gb()["analyse_frames"] * 1000


def _evidence_s(metered: Metered) -> float:
    return metered.incident[EVIDENCE, "lambda_gb_s"] / memory_gb()["keep_evidence"]


def _bill_table(lines: Mapping[Way, Sequence[Line]], prices: Prices) -> Table:
    table = Table(title="A million frames, one every 5 s from each camera, USD", title_justify="left")
    for column in ("stage", "item", "of", *(way.name for way in lines)):
        table.add_column(column, justify="left" if column in ("stage", "item", "of") else "right")
    usd = {way: {(one.stage, one.item): one.usd for one in bill_lines} for way, bill_lines in lines.items()}
    shown_keys = dict.fromkeys(key for one in usd.values() for key, dollars in one.items() if dollars >= SHOWN_USD)
    for stage, item in shown_keys:
        shown = (f"{usd[way].get((stage, item), 0.0):.3f}" for way in lines)
        table.add_row(stage, item, prices.items[item].per, *shown)
    table.add_section()
    table.add_row("all", "", "", *(f"{total_usd(tuple(one)):.2f}" for one in lines.values()))
    return table


def _cadence_table(told: dict[str, Any]) -> Table:
    title = f"A month of 30 days in dollars; the city has {told['cameras']} cameras"
    table = Table(title=title, title_justify="left", header_style="bold")
    managed = list(told["cadences"][0]["managed_usd_per_city_month"])
    ways = list(told["cadences"][0]["usd_per_city_month"])
    apis = (f"{one} by a managed API" for one in managed)
    for column in ("a frame every", *(f"a camera {way}" for way in ways), *(f"the city {way}" for way in ways), *apis):
        table.add_column(column, justify="right")
    for one in told["cadences"]:
        dearer, api_usd = one["managed_times_dearer"], one["managed_usd_per_city_month"]
        table.add_row(
            f"{one['cadence_s']:g} s",
            *(f"{usd:.2f}" for usd in one["usd_per_camera_month"].values()),
            *(f"{usd:,}" for usd in one["usd_per_city_month"].values()),
            *(f"{api_usd[name]:,} ({dearer[name]:g}×)" for name in managed),
        )
    return table
