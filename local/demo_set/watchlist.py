"""A watchlist of one, enrolled as a real one would be: asked for by one person, approved by another, for a day."""

from datetime import datetime, timedelta
from pathlib import Path

from bench.overlays.raster import BgrImage
from chalicelib.domain.watchlists import EntryValidity
from chalicelib.errors import InvalidInput
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.sessions import load_model
from chalicelib.vision.watchlist import WatchlistSnapshot


def enrol(portrait_bgr: BgrImage, models_dir: Path, *, at_utc: datetime) -> bytes:
    """A snapshot with the one face of a portrait; raises InvalidInput unless there is exactly one."""
    faces = FaceDetector(load_model(models_dir, "face_detector")).detect(portrait_bgr)
    if len(faces) != 1:
        raise InvalidInput(f"a portrait must show one face, this shows {len(faces)}")
    embedder = FaceEmbedder(load_model(models_dir, "face_embedder"))
    entry = EntryValidity(
        entry_id="demo-0001",
        category="demonstration",
        requested_by="demo-officer",
        approved_by="demo-commander",
        valid_from_utc=at_utc - timedelta(hours=1),
        valid_until_utc=at_utc + timedelta(days=1),
    )
    templates = embedder.embed(portrait_bgr, faces)
    return WatchlistSnapshot.build("demo", embedder.digest, [(entry, templates)]).to_bytes()
