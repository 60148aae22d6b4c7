"""`matpho-edge`: run the gateway, check its configuration, measure what its gate saves."""

import json
import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from .check import Finding, check_connections, check_secrets
from .config import Bundling, Cadence, read_config
from .errors import EdgeError
from .gateway import run_gateway
from .measure import measure_folder

app = typer.Typer(help="The camera gateway of matpho.", no_args_is_help=True, add_completion=False)

ConfigFile = Annotated[Path, typer.Option("--config", help="edge.yaml")]


@app.command()
def run(*, config: ConfigFile) -> None:
    """Upload what is worth it, until told to stop or until all recordings have ended."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # a line for every request
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    with _one_clear_line():
        run_gateway(read_config(config), stop)


@app.command()
def check(
    *,
    config: ConfigFile,
    connect: Annotated[bool, typer.Option("--connect", help="ask the cameras and the API, too")] = False,
) -> None:
    """Say whether a configuration holds; with --connect, whether everything in it answers."""
    with _one_clear_line():
        settings = read_config(config)
        findings = chain(check_secrets(settings), check_connections(settings) if connect else ())
        if sum(not _print(finding) for finding in findings):  # a sum, as `all` would stop at the first
            raise typer.Exit(1)


@app.command()
def measure(
    folder: Annotated[Path, typer.Argument(help="recordings: .mp4, .avi, .mkv, .mov")],
    *,
    look_every_s: float = Cadence().look_every_s,
    burst_every_s: float = Cadence().burst_every_s,
    bundle: Annotated[int, typer.Option(min=1, help="frames an object")] = 1,
) -> None:
    """Print as JSON how many uploads the gate saves on a folder of recordings."""
    cadence = Cadence(look_every_s=look_every_s, burst_every_s=burst_every_s)
    with _one_clear_line():
        print(json.dumps(measure_folder(folder, cadence, Bundling(frames=bundle))))


def _print(finding: Finding) -> bool:
    print(f"{'ok  ' if finding.fine else 'FAIL'} {finding.what}: {finding.words}")
    return finding.fine


@contextmanager
def _one_clear_line() -> Iterator[None]:
    try:
        yield
    except EdgeError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error
