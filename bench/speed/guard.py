"""`python -m bench.speed.guard`: whether anything got slow, in some ten seconds and by ratios alone.

Each work is held against a reference that is timed in turn with it in the same run, so a slow or busy machine slows
both. The limits lie well above what was measured (docs/speed.md), to catch what got dear, not what varies; what fails
is measured again before it counts.
"""

import os
from collections.abc import ItemsView, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from unittest.mock import patch

from bench.speed.race import ONE_THREAD

os.environ.update(ONE_THREAD)  # read once, when numpy is imported

import cv2
import typer
from rich.console import Console
from rich.table import Table

from bench.speed.clock import Work, interleaved_ms
from bench.speed.peers.matpho_search import NOW_UTC, snapshot_of
from bench.speed.peers.threshold import threshold_for
from bench.speed.pictures import FULL_HD, HD, Pictures, jpeg, read_pictures
from bench.speed.quiet import quiet_frame
from bench.speed.search import random_units, seen_again
from bench.speed.stages import STREET, load_analyser, observing
from chalicelib.domain.city import CityPack
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.observe import Analyser
from chalicelib.vision.sessions import Float32, Model, load_model
from city.reading import read_pack
from local.replay import CITY

ROUNDS = 9
TRIES = 3
LISTED = 50_000
_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Check:
    """A work that may take at most `limit` times as long as its reference."""

    name: str
    work: Work
    reference: Work
    limit: float


def main(models: Annotated[Path, typer.Option(help="where the fetched models lie")] = Path(".models")) -> None:
    """Print every ratio beside its limit; fails where one is above."""
    console = Console(stderr=True)
    ratios = {check: ratio(check) for check in _checks(models, read_pictures(on_step=console.print))}
    console.print(_table(ratios.items()))
    if any(measured > check.limit for check, measured in ratios.items()):
        raise typer.Exit(1)


def ratio(check: Check, *, rounds: int = ROUNDS, tries: int = TRIES) -> float:
    """How many times its reference a work takes: the lowest of the tries, of which there are more only above the limit.

    A neighbour that takes the cache away can lengthen a ratio; nothing but quicker code shortens one.
    """
    lowest = float("inf")
    for _ in range(tries):
        ms = interleaved_ms({"work": check.work, "reference": check.reference}, rounds=rounds)
        lowest = min(lowest, ms["work"] / ms["reference"])
        if lowest <= check.limit:
            break
    return lowest


def _checks(models: Path, pictures: Pictures) -> Iterator[Check]:
    pack, opencv = read_pack(CITY), _opencv_looking(models, pictures)
    yield from _street(load_analyser(models), pictures, opencv)
    yield from _faces(models, pictures, opencv)
    yield _search()
    yield Check("a quiet frame : counting to 10,000", quiet_frame(pack), _count, limit=1.5)
    yield _long_list(pack)


def _opencv_looking(models: Path, pictures: Pictures) -> Work:
    """OpenCV's own class on the very file that we find faces with, the frame shrunk as far."""
    frame = pictures.frame(FULL_HD)
    detector: Any = cv2.FaceDetectorYN.create(str(models / "face_detector.onnx"), "", (640, 360), 0.5, 0.3)
    return lambda: detector.detect(cv2.resize(frame, (640, 360)))


def _street(analyser: Analyser, pictures: Pictures, opencv: Work) -> Iterator[Check]:
    """Catches what is done around the networks, such as a second decoding, and networks that got slow themselves."""
    look = observing(analyser, jpeg(pictures.frame(HD)), STREET)
    runs = _runs_in(look)

    def networks() -> None:
        for run in runs:
            run()

    yield Check("a street frame : its networks alone", look, networks, limit=1.6)
    yield Check("its networks : OpenCV finding faces", networks, opencv, limit=5)


def _runs_in(work: Work) -> list[Work]:
    """Each run of a network within a work, to be run again."""
    runs: list[Work] = []
    really_run = Model.run

    def run(model: Model, batch: Float32) -> list[Float32]:
        runs.append(partial(really_run, model, batch))
        return really_run(model, batch)

    with patch.object(Model, "run", run):
        work()
    return runs


def _faces(models: Path, pictures: Pictures, opencv: Work) -> Iterator[Check]:
    frame, one = pictures.frame(FULL_HD), pictures.frame(FULL_HD, faces=1)
    ours = FaceDetector(load_model(models, "face_detector"))
    embedder = FaceEmbedder(load_model(models, "face_embedder"))
    faces = ours.detect(one)
    yield Check("finding faces : OpenCV finding faces", partial(ours.detect, frame), opencv, limit=1.1)
    yield Check("embedding a face : OpenCV finding faces", partial(embedder.embed, one, faces), opencv, limit=1.6)


def _search() -> Check:
    templates = random_units(LISTED, seed=1)
    snapshot, queries = snapshot_of(templates), seen_again(templates[:1])

    def product() -> object:
        return (templates @ queries[0]).argmax()

    return Check(
        f"searching {LISTED:,} templates : numpy's product alone",
        lambda: snapshot.search(queries, at_utc=NOW_UTC, threshold=threshold_for(LISTED)),
        product,
        limit=0.9,
    )


def _long_list(pack: CityPack) -> Check:
    """Catches work by the length of the list at every frame."""
    return Check(
        "a quiet frame with 10,000 listed : with 100",
        quiet_frame(pack, listed=10_000),
        quiet_frame(pack, listed=100),
        limit=2.0,
    )


def _count() -> int:
    return sum(number * number for number in range(_COUNTED))


def _table(ratios: ItemsView[Check, float]) -> Table:
    table = Table(title="Ratios to a reference of the same run", title_justify="left", header_style="bold")
    for head in ("work : reference", "ratio", "limit"):
        table.add_column(head, justify="left" if ":" in head else "right")
    for check, measured in ratios:
        colour = "red" if measured > check.limit else ""
        table.add_row(check.name, f"{measured:.2f}", f"{check.limit:g}", style=colour)
    return table


if __name__ == "__main__":
    typer.run(main)
