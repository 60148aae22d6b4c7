"""`python -m local.enrol PHOTO… --out FILE`: a watchlist for trying things out, enrolled as a real one would be.

Asked for by one person, approved by another, in force for a day. A deployment's lists are made through its API, where
both are signed in.
"""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from chalicelib.domain.watchlists import EntryValidity
from chalicelib.errors import FrameRejected, InvalidInput, MatphoError
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.face_quality import assess_face, refusal
from chalicelib.vision.images import decode_image
from chalicelib.vision.sessions import load_model
from chalicelib.vision.watchlist import WatchlistSnapshot
from local.pictures import slug
from local.wiring import models_dir

BgrImage = NDArray[np.uint8]


def enrol(portraits_bgr: Mapping[str, BgrImage], models: Path, *, at_utc: datetime) -> bytes:
    """A snapshot with an entry for each portrait; raises InvalidInput unless each shows one good face."""
    detector = FaceDetector(load_model(models, "face_detector"))
    embedder = FaceEmbedder(load_model(models, "face_embedder"))
    enrolled = [
        (_entry(entry_id, at_utc), _template(entry_id, portrait_bgr, detector, embedder))
        for entry_id, portrait_bgr in portraits_bgr.items()
    ]
    return WatchlistSnapshot.build("local", embedder.digest, enrolled).to_bytes()


def main(
    photos: Annotated[list[Path], typer.Argument(metavar="PHOTO...", help="one face each; the name becomes the entry")],
    *,
    out: Annotated[Path, typer.Option(help="where the snapshot goes, for local.replay --watchlist")],
) -> None:
    """Enrol photographs into a watchlist that is in force for a day."""
    try:
        portraits = {slug(photo.stem): _read(photo) for photo in photos}
        out.write_bytes(enrol(portraits, models_dir(), at_utc=datetime.now(UTC)))
    except (MatphoError, OSError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from error
    print(f"{len(portraits)} entries, in force for a day: {out}")


def _read(photo: Path) -> BgrImage:
    try:
        return decode_image(photo.read_bytes())
    except FrameRejected as rejected:
        raise InvalidInput(f"{photo}: {rejected.reason}") from rejected


def _template(
    entry_id: str, portrait_bgr: BgrImage, detector: FaceDetector, embedder: FaceEmbedder
) -> NDArray[np.float32]:
    faces = detector.detect(portrait_bgr)
    if len(faces) != 1:
        raise InvalidInput(f"{entry_id}: a portrait must show one face, this shows {len(faces)}")
    reason = refusal(assess_face(portrait_bgr, faces[0]))
    if reason is not None:
        raise InvalidInput(f"{entry_id}: the face is {reason}")
    return embedder.embed(portrait_bgr, faces)


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
