"""`python -m local.enrol PHOTO… --out FILE`: a watchlist for trying things out, enrolled as a real one would be.

Each photograph is an entry of its own, by its file's name; a folder is one entry with several photographs. What real
enrolment refuses is refused here, with the same reasons. The entries are asked for by one person, approved by another,
and in force for a day; a deployment's lists are made through its API, where both are signed in.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from chalicelib.bootstrap_vision import SHIPPED_CURVE
from chalicelib.domain.city import FaceBudget
from chalicelib.domain.thresholds import ImpostorCurve, face_threshold, parse_impostor_curve
from chalicelib.domain.watchlists import EntryValidity
from chalicelib.errors import FrameRejected, InvalidInput, MatphoError
from chalicelib.vision.boxes import Float32
from chalicelib.vision.enrolment import Listed, compare_with_listed, enrol_image
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.images import decode_image
from chalicelib.vision.sessions import load_model
from chalicelib.vision.watchlist import WatchlistSnapshot
from local.pictures import slug
from local.wiring import models_dir

BgrImage = NDArray[np.uint8]


def enrol(portraits_bgr: Mapping[str, BgrImage], models: Path, *, at_utc: datetime) -> bytes:
    """A snapshot with an entry for each portrait; raises InvalidInput unless each will do."""
    return enrol_people({entry_id: [portrait] for entry_id, portrait in portraits_bgr.items()}, models, at_utc=at_utc)


def enrol_people(portraits_bgr: Mapping[str, Sequence[BgrImage]], models: Path, *, at_utc: datetime) -> bytes:
    """The same with several portraits of each."""
    detector = FaceDetector(load_model(models, "face_detector"))
    embedder = FaceEmbedder(load_model(models, "face_embedder"))
    curve = parse_impostor_curve(SHIPPED_CURVE.read_bytes())
    enrolled: dict[str, Float32] = {}
    for entry_id, portraits in portraits_bgr.items():
        for portrait_bgr in portraits:
            template = _template(entry_id, portrait_bgr, detector, embedder)
            _require_fit(entry_id, template, enrolled, curve)
            enrolled[entry_id] = np.concatenate([enrolled.get(entry_id, template[:0]), template])
    listed = [(_entry(entry_id, at_utc), rows) for entry_id, rows in enrolled.items()]
    return WatchlistSnapshot.build("local", embedder.digest, listed).to_bytes()


def main(
    photos: Annotated[
        list[Path], typer.Argument(metavar="PHOTO...", help="one face each, or folders: the name becomes the entry")
    ],
    *,
    out: Annotated[Path, typer.Option(help="where the snapshot goes, for local.replay --watchlist")],
) -> None:
    """Enrol photographs into a watchlist that is in force for a day."""
    try:
        portraits = {slug(photo.stem): [_read(one) for one in _files(photo)] for photo in photos}
        out.write_bytes(enrol_people(portraits, models_dir(), at_utc=datetime.now(UTC)))
    except (MatphoError, OSError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error
    print(f"{len(portraits)} entries, in force for a day: {out}")


def _files(photo: Path) -> list[Path]:
    if not photo.is_dir():
        return [photo]
    files = sorted(one for one in photo.iterdir() if one.is_file())
    if not files:
        raise InvalidInput(f"{photo}: no photograph in this folder")
    return files


def _read(photo: Path) -> BgrImage:
    try:
        return decode_image(photo.read_bytes())
    except FrameRejected as rejected:
        raise InvalidInput(f"{photo}: {rejected.reason}") from rejected


def _template(entry_id: str, portrait_bgr: BgrImage, detector: FaceDetector, embedder: FaceEmbedder) -> Float32:
    try:
        return enrol_image(portrait_bgr, detector=detector, embedder=embedder)
    except FrameRejected as rejected:
        raise InvalidInput(f"{entry_id}: refused, {rejected.reason}") from rejected


def _require_fit(entry_id: str, template: Float32, enrolled: Mapping[str, Float32], curve: ImpostorCurve) -> None:
    none = np.zeros((0, template.shape[1]), np.float32)
    others = np.concatenate([none, *(rows for other, rows in enrolled.items() if other != entry_id)])
    listed = Listed(enrolled.get(entry_id, none), others)
    threshold = face_threshold(curve, list_size=len(enrolled), **asdict(FaceBudget()))
    reason = compare_with_listed(template, listed, stranger_cosine=curve.floor, threshold=threshold)
    if reason is not None:
        raise InvalidInput(f"{entry_id}: refused, {reason}")


def _entry(entry_id: str, at_utc: datetime) -> EntryValidity:
    return EntryValidity(
        entry_id=entry_id,
        category="trial",
        requested_by="trial-officer",
        approved_by="trial-commander",
        valid_from_utc=at_utc - timedelta(hours=1),
        valid_until_utc=at_utc + timedelta(days=1),
    )


if __name__ == "__main__":
    typer.run(main)
