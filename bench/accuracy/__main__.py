"""`python -m bench.accuracy --data DIR`: the shipped vision code against labelled photographs.

Tables go to stderr, one JSON object is the last line of stdout. A part the folder doesn't have, or has nothing for, is
named and passed over, and so is every file that can't be read.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer
from rich.console import Console
from rich.progress import track

from bench.accuracy import clips, faces, health, scenes, vehicles
from bench.accuracy.pictures import Item, Progress
from bench.accuracy.report import show
from chalicelib.errors import InvalidInput, MatphoError
from ops.console import PLAIN_WIDTH


class _Part(NamedTuple):
    folder: str
    judge: Callable[[Path, Path, int | None, Progress], dict[str, Any]]


_PARTS = {
    "scenes": _Part(scenes.FOLDER, scenes.judge_scenes),
    "faces": _Part(faces.FOLDER, faces.judge_faces),
    "vehicles": _Part(vehicles.FOLDER, vehicles.judge_vehicles),
    "health": _Part(health.FOLDER, health.judge_health),
    "clips": _Part(clips.FOLDER, clips.judge_clips),
}
_console = Console(stderr=True)
if not _console.is_terminal:
    _console = Console(stderr=True, width=PLAIN_WIDTH)


def main(
    data: Annotated[Path, typer.Option(help="a folder with scenes/, faces/lfw/, vehicles/ and video/")],
    parts: Annotated[str, typer.Option(help="which parts to judge, by comma")] = ",".join(_PARTS),
    limit: Annotated[int | None, typer.Option(help="judge at most so many pictures a class, or pairs", min=2)] = None,
    models: Annotated[Path, typer.Option(help="where the fetched models lie")] = Path(".models"),
) -> None:
    """Judge scenes, faces, vehicles and clips."""
    try:
        results = _judge(data, _wanted(parts), models, limit)
    except MatphoError as error:
        _console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error
    show(results, _console)
    print(json.dumps({"bench": "accuracy", **results}))


def _wanted(parts: str) -> list[str]:
    wanted = [part.strip() for part in parts.split(",")]
    unknown = sorted(set(wanted) - _PARTS.keys())
    if unknown:
        raise InvalidInput(f"no such part: {', '.join(unknown)!r}, there are {', '.join(_PARTS)}")
    return wanted


def _judge(data: Path, parts: list[str], models: Path, limit: int | None) -> dict[str, Any]:
    """Every wanted part that the folder has; raises InvalidInput where it has none."""
    present = [part for part in parts if (data / _PARTS[part].folder).is_dir()]
    if not present:
        folders = ", ".join(_PARTS[part].folder for part in parts)
        raise InvalidInput(f"nothing to judge in {str(data)!r}: expected {folders} in it")
    for part in parts:
        if part not in present:
            _console.print(f"{part}: no {_PARTS[part].folder} in the folder, passed over", style="yellow", markup=False)
    judged = {part: figures for part in present if (figures := _figures(part, data, models, limit)) is not None}
    if not judged:
        raise InvalidInput(f"nothing that could be judged in {str(data)!r}")
    return judged


def _figures(part: str, data: Path, models: Path, limit: int | None) -> dict[str, Any] | None:
    """One part's; None, with the reason told, where what the folder has doesn't do for it."""
    try:
        return _PARTS[part].judge(data, models, limit, _progress)
    except InvalidInput as error:
        _console.print(f"{part}: {error}, passed over", style="red", markup=False)
        return None


def _progress(items: Sequence[Item], what: str) -> Iterable[Item]:
    return track(items, what, console=_console, disable=not _console.is_terminal)


if __name__ == "__main__":
    typer.run(main)
