"""`python -m bench.cost`: dollars per million frames by stage, from a metered run and a dated price list.

Real photographs go through the deployed template's resources and app.py's handlers; every call of AWS is counted where
it is made: what each frame uses, what incidents use with their pictures, what people's screens ask of the API, and what
the clock does. Cold starts and messages by SMS and e-mail are left out. It takes about two minutes.
"""

import json
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.cost.bill import DAY_S, HOUR_S, Deployment, Habits, bill, use_all_in
from bench.cost.pictures import read_scenes
from bench.cost.prices import read_prices
from bench.cost.report import MILLION, print_report, to_dict
from bench.cost.runs import START_UTC, meter_city
from bench.simulate.script import HAPPENINGS
from chalicelib.domain.city import CityPack
from chalicelib.errors import MatphoError
from city.reading import read_pack
from infra.template import joined_parts
from layers.models.errors import ModelError
from local.replay import CITY
from local.template import resources
from local.wiring import models_dir

PRICES = Path(__file__).parents[1] / "prices" / "2026-11.toml"
CADENCES_S = (5.0, 1.0, 10.0)
"""The first is that of the bill of a million."""
METRICS = 9
"""Those of chalicelib/telemetry.py."""


def main(
    *,
    prices: Annotated[Path, typer.Option(help="a price list", show_default="the newest here")] = PRICES,
    frames_each: Annotated[int, typer.Option(min=1, help="frames metered on each camera profile")] = 18,
    aws_wait_ms: Annotated[float, typer.Option(min=0, help="how long an answer of AWS is waited for")] = 10.0,
    incidents_per_camera_day: Annotated[
        float | None, typer.Option(min=0, help="how often something happens", show_default="as in the simulated hour")
    ] = None,
    consoles: Annotated[float, typer.Option(min=0, help="screens that are open at all hours")] = 10,
    kept_days: Annotated[float, typer.Option(min=0, help="how long a frame is kept")] = 3.0,
) -> None:
    """Meter a run and price it."""
    console, pack = Console(), read_pack(CITY)
    try:
        price_list = read_prices(prices)
        with redirect_stdout(sys.stderr):  # what the chain logs stays out of the tables
            scenes = read_scenes(models_dir(), at_utc=START_UTC, on_step=Console(stderr=True).print)
            metered = meter_city(pack, scenes, frames_each=frames_each, wait_s=aws_wait_ms / 1000)
    except (MatphoError, ModelError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error
    often = incidents_per_camera_day
    if often is None:
        often = HAPPENINGS / len(pack.cameras) * DAY_S / HOUR_S
    habits, city = tuple(Habits(one, often, kept_days) for one in CADENCES_S), _deployment(pack, consoles)
    told = to_dict(metered, price_list, habits, city)
    bills = {way: bill(use_all_in(metered, MILLION, habits[0], city, way=way), price_list) for way in metered.frames}
    print_report(console, told, bills, price_list)
    print(json.dumps(told))


def _deployment(pack: CityPack, consoles: float) -> Deployment:
    """A city, with what the template has that is paid by the month."""
    alarms, keys = (resources(joined_parts(), f"AWS::{kind}") for kind in ("CloudWatch::Alarm", "KMS::Key"))
    return Deployment(len(pack.cameras), consoles, len(alarms), METRICS, len(keys))


if __name__ == "__main__":
    typer.run(main)
