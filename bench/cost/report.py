"""A metered run as one JSON object for programs and as tables for people."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.cost.bill import MONTH_S, Habits, Line, bill, by_stage, total_usd, use_of_frames, use_of_month
from bench.cost.meter import ANALYSE
from bench.cost.prices import Prices
from bench.cost.runs import Metered, memory_gb

MILLION = 1e6


def to_dict(metered: Metered, prices: Prices, habits: Sequence[Habits], *, cameras: int, alarms: int) -> dict[str, Any]:
    """Everything by name; `habits` differ in their cadence."""
    fixed = bill(use_of_month(metered, alarms=alarms), prices)
    return {
        "bench": "cost",
        "prices": {"as_of": prices.as_of.isoformat(), "region": prices.region},
        "metered": {
            "frames": metered.frames,
            "incidents": metered.incidents,
            "frame_bytes": round(metered.frame_bytes),
            "billed_ms_per_frame": round(_billed_ms(metered), 1),
        },
        "cadences": [_cadence(metered, prices, one, cameras=cameras) for one in habits],
        "fixed_usd_per_city_month": round(total_usd(fixed), 2),
        "cameras": cameras,
    }


def print_report(console: Console, told: dict[str, Any], lines: Sequence[Line], prices: Prices) -> None:
    """Print the bill of a million frames, then what a camera and the city cost at each cadence."""
    console.print(_bill_table(lines, prices))
    console.print(_cadence_table(told))
    run, fixed_usd = told["metered"], told["fixed_usd_per_city_month"]
    console.print(
        f"Metered on {run['frames']} frames ({run['billed_ms_per_frame']:g} ms each) and {run['incidents']} incidents."
    )
    console.print(f"List prices of {prices.region}, {prices.as_of}. Sweeps and alarms add ${fixed_usd:.2f} a month.")


def _cadence(metered: Metered, prices: Prices, habits: Habits, *, cameras: int) -> dict[str, Any]:
    monthly_frames = MONTH_S / habits.cadence_s
    per_million = bill(use_of_frames(metered, MILLION, habits), prices)
    month_usd = total_usd(bill(use_of_frames(metered, monthly_frames, habits), prices))
    managed = {name: api.usd(monthly_frames * cameras) for name, api in prices.managed.items()}
    return {
        "cadence_s": habits.cadence_s,
        "usd_per_million_frames": round(total_usd(per_million), 2),
        "by_stage": {stage: round(usd, 3) for stage, usd in by_stage(per_million).items()},
        "usd_per_camera_month": round(month_usd, 2),
        "usd_per_city_month": round(month_usd * cameras),
        "managed_usd_per_city_month": {name: round(usd) for name, usd in managed.items()},
        "managed_times_dearer": {name: round(usd / (month_usd * cameras), 1) for name, usd in managed.items()},
    }


def _billed_ms(metered: Metered) -> float:
    return metered.frame[ANALYSE, "lambda_gb_s"] / memory_gb()["analyse_frames"] * 1000


def _bill_table(lines: Sequence[Line], prices: Prices) -> Table:
    table = Table(title="A million frames, one every 5 s from each camera", title_justify="left", header_style="bold")
    for column in ("stage", "item", "amount", "of", "USD"):
        table.add_column(column, justify="right" if column in ("amount", "USD") else "left")
    for line in lines:
        table.add_row(line.stage, line.item, f"{line.amount:,.0f}", prices.items[line.item].per, f"{line.usd:.3f}")
    table.add_section()
    table.add_row("all", "", "", "", f"{sum(line.usd for line in lines):.2f}")
    return table


def _cadence_table(told: dict[str, Any]) -> Table:
    title = f"A month of 30 days; the city has {told['cameras']} cameras"
    table = Table(title=title, title_justify="left", header_style="bold")
    managed = list(told["cadences"][0]["managed_usd_per_city_month"])
    columns = (
        "a frame every",
        "USD a million",
        "USD a camera",
        "USD the city",
        *(f"{one} by a managed API" for one in managed),
    )
    for column in columns:
        table.add_column(column, justify="right")
    for one in told["cadences"]:
        apis = [
            f"{one['managed_usd_per_city_month'][name]:,} ({one['managed_times_dearer'][name]:g}×)" for name in managed
        ]
        table.add_row(
            f"{one['cadence_s']:g} s",
            f"{one['usd_per_million_frames']:.2f}",
            f"{one['usd_per_camera_month']:.2f}",
            f"{one['usd_per_city_month']:,}",
            *apis,
        )
    return table
