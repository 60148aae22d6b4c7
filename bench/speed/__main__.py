"""`python -m bench.speed`: how long everything takes, beside others on the same pictures, one thread each.

Times are processor time and medians; contestants take turns, so the ratios hold on a busy machine too. Tables go to
stderr, one JSON object is the last line of stdout, and the picture lies beside it in the folder given.
"""

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from bench.speed.race import ONE_THREAD

os.environ.update(ONE_THREAD)  # read once, when numpy is imported

import typer
from rich.console import Console

from bench.speed.contestants import require_published
from bench.speed.faces import race_faces
from bench.speed.pictures import Pictures, read_pictures
from bench.speed.plot import plot
from bench.speed.processes import time_processes
from bench.speed.quiet import time_quiet
from bench.speed.report import show
from bench.speed.search import race_search
from bench.speed.stages import load_analyser, time_growth, time_stages
from chalicelib.errors import InvalidInput, MatphoError
from city.reading import read_pack
from layers.models.errors import ModelError
from local.replay import CITY

PARTS = ("stages", "growth", "quiet", "faces", "search", "processes")
_console = Console(stderr=True)


def main(
    *,
    data: Annotated[Path, typer.Option(help="labelled photographs; with faces/lfw in it, people are recognised")],
    models: Annotated[Path, typer.Option(help="where the fetched models lie")] = Path(".models"),
    out: Annotated[Path, typer.Option(help="where speed.json and speed.png go")] = Path("dist/bench"),
    parts: Annotated[str, typer.Option(help="which parts to run, by comma")] = ",".join(PARTS),
    rounds: Annotated[int, typer.Option(help="of every race", min=1)] = 7,
) -> None:
    """Time every part and print it."""
    try:
        told = _run(parts.split(","), data, models, out, rounds)
    except (MatphoError, ModelError) as error:
        _console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error
    show(told, _console)
    out.mkdir(parents=True, exist_ok=True)
    plot(told, out / "speed.png")
    (out / "speed.json").write_text(json.dumps(told, indent=1), encoding="utf-8")
    print(json.dumps(told))


def _run(parts: list[str], data: Path, models: Path, out: Path, rounds: int) -> dict[str, Any]:
    if unknown := sorted(set(parts) - set(PARTS)):
        raise InvalidInput(f"no such part: {unknown[0]!r}, there are {', '.join(PARTS)}")
    published = out / "published"
    require_published(published)
    pictures = read_pictures(on_step=_console.print)
    with tempfile.TemporaryDirectory(prefix="matpho-speed-") as folder:
        runs = _runs(_Setting(data, models, published, pictures, Path(folder)), rounds)
        told: dict[str, Any] = {"bench": "speed", "rounds": rounds}
        for part in parts:
            with _console.status(part):
                told[part] = runs[part]()
    return told


@dataclass(frozen=True, slots=True)
class _Setting:
    """What the parts share; `folder` is theirs to write into."""

    data: Path
    models: Path
    published: Path
    pictures: Pictures
    folder: Path


def _runs(here: _Setting, rounds: int) -> dict[str, Callable[[], Any]]:
    """What each part does when it is asked for; the slow ones take half the rounds."""
    few = max(1, rounds // 2)
    return {
        "stages": lambda: time_stages(load_analyser(here.models), here.pictures, rounds=rounds),
        "growth": lambda: time_growth(load_analyser(here.models), here.pictures, rounds=few),
        "quiet": lambda: time_quiet(read_pack(CITY), rounds=rounds),
        "faces": lambda: race_faces(
            here.models, here.published, here.pictures, here.folder, lfw=here.data / "faces" / "lfw", rounds=few
        ),
        "search": lambda: race_search(here.folder, rounds=rounds),
        "processes": lambda: time_processes(here.models, here.pictures, here.folder, starts=few),
    }


if __name__ == "__main__":
    typer.run(main)
