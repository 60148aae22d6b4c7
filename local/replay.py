"""`python -m local.replay DIR`: somebody's own pictures through the whole chain, and what came of them.

A sub-folder is a camera, a flat folder is one camera. Cameras that the city doesn't know are added for the while, with
every scene detector on and faces off.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from chalicelib.domain.city import Camera, CityPack
from chalicelib.domain.frames import frame_key
from chalicelib.errors import InvalidInput, MatphoError, Misconfigured
from city.reading import read_pack
from layers.models.state import MANIFEST, outdated, read_manifest
from local.city import City, Outcome, running_city
from local.pictures import Folder, Picture, read_folder
from local.report import outcome_to_dict, print_outcome
from local.wiring import models_dir
from ops.console import table_console
from ops.times import in_utc, time_option

CITY = Path(__file__).parent.parent / "city" / "buon-ma-thuot"
TEMPORARY, TEMPORARY_FACES = "temporary", "temporary-faces"
APART_DEGREES = 0.02
"""Some two kilometres: nobody said that the cameras of a folder are neighbours, so they must share no incident."""


def replay(
    folder: Folder,
    pack: CityPack,
    *,
    spacing_s: float,
    start_utc: datetime,
    faces: bool = False,
    watchlist: bytes | None = None,
) -> Outcome:
    """Put a folder's pictures through the chain: a camera's `spacing_s` apart, all cameras from `start_utc` on."""
    known = with_temporary_cameras(pack, {one.camera_id for one in folder.pictures}, faces=faces)
    with running_city(known, start_utc=start_utc, watchlist=watchlist) as city:
        for captured_at_utc in _feed(city, folder, spacing_s=spacing_s, start_utc=start_utc):
            city.settle(captured_at_utc)
        return city.outcome()


def with_temporary_cameras(pack: CityPack, camera_ids: set[str], *, faces: bool) -> CityPack:
    """The city with a camera for every id it doesn't know, in its default area and north of its middle."""
    profile = TEMPORARY_FACES if faces else TEMPORARY
    if profile not in {one.id for one in pack.profiles}:
        raise InvalidInput(f"the city pack {pack.id!r} has no camera profile {profile!r}")
    latitude = fmean(one.latitude for one in pack.cameras) if pack.cameras else 0.0
    longitude = fmean(one.longitude for one in pack.cameras) if pack.cameras else 0.0
    added = tuple(
        Camera(
            one, one, latitude + n * APART_DEGREES, longitude, (pack.default_area,), profile, position_is_made_up=True
        )
        for n, one in enumerate(sorted(camera_ids))
        if pack.camera(one) is None
    )
    return replace(pack, cameras=(*pack.cameras, *added))


def main(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="DIR/<camera>/*.jpg, or one flat folder")],
    *,
    city: Annotated[Path, typer.Option(help="the city pack's folder", show_default="Buôn Ma Thuột's")] = CITY,
    faces: Annotated[bool, typer.Option("--faces", help="look for watchlist candidates on unknown cameras")] = False,
    spacing_s: Annotated[float, typer.Option(min=0.001, help="seconds between two frames of a camera")] = 5.0,
    start_utc: Annotated[datetime | None, time_option("when the first frame was taken; default: now")] = None,
    watchlist: Annotated[Path | None, typer.Option(help="a snapshot of the watchlist")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """Replay pictures through the chain and print each incident and its alerts."""
    try:
        found = read_folder(folder)
        _say_skipped(found)
        _require_models()
        snapshot = _read_snapshot(watchlist)
        # Whatever the chain logs must not get between a program and the one JSON object it reads.
        with redirect_stdout(sys.stderr):
            outcome = replay(
                found,
                read_pack(city),
                spacing_s=spacing_s,
                start_utc=in_utc(start_utc or datetime.now(UTC).replace(microsecond=0)),
                faces=faces,
                watchlist=snapshot,
            )
    except (MatphoError, OSError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error
    if as_json:
        print(json.dumps(outcome_to_dict(outcome), ensure_ascii=False))
    else:
        print_outcome(outcome, table_console())
    if outcome.frames.dead_lettered:
        print(f"{outcome.frames.dead_lettered} frames failed over and over; the log above says why", file=sys.stderr)
        raise typer.Exit(1)


def _feed(city: City, folder: Folder, *, spacing_s: float, start_utc: datetime) -> Iterator[datetime]:
    """Put the frames of one instant after the other, so that the chain's clock is theirs; gives each instant."""
    frames = sorted(folder.pictures, key=lambda one: (one.number, one.camera_id))
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("frames", total=len(frames))
        for number, pictures in groupby(frames, key=lambda one: one.number):
            captured_at_utc = start_utc + timedelta(seconds=number * spacing_s)
            for picture in pictures:
                city.put(_key(picture, captured_at_utc), picture.path.read_bytes())
                progress.advance(task)
            yield captured_at_utc


def _key(picture: Picture, captured_at_utc: datetime) -> str:
    return frame_key(picture.camera_id, captured_at_utc, picture.number, picture.extension)


def _say_skipped(folder: Folder) -> None:
    if folder.skipped:
        names = ", ".join(path.name for path in folder.skipped[:5])
        more = " …" if len(folder.skipped) > 5 else ""
        print(f"skipped {len(folder.skipped)} files that are no readable pictures: {names}{more}", file=sys.stderr)


def _require_models() -> None:
    """Stop before the chain retries every frame for want of a model, or with those of another version."""
    folder = models_dir()
    if lacking := outdated(read_manifest(MANIFEST), folder):
        raise Misconfigured(f"no {', '.join(lacking)} of this version in {str(folder)!r}: run make models")


def _read_snapshot(path: Path | None) -> bytes | None:
    if path is None:
        return None
    if not path.is_file():
        raise InvalidInput(f"no such watchlist: {str(path)!r}")
    return path.read_bytes()


if __name__ == "__main__":
    typer.run(main)
