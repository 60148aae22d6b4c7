"""Wires what sees. Only the functions that analyse frames import this: it brings onnxruntime, OpenCV and the models."""

from dataclasses import asdict
from functools import cache
from pathlib import Path

from chalicelib import bootstrap
from chalicelib.domain.thresholds import ImpostorCurve, face_threshold, parse_impostor_curve
from chalicelib.flows.analyse_frame import AnalyseFrame, Analyser
from chalicelib.flows.read_recorded import ReadRecorded
from chalicelib.flows.take_frames import TakeFrames
from chalicelib.store import clients
from chalicelib.store.cached_objects import CachedObject
from chalicelib.vision import observe
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.face_finder import FaceFinder
from chalicelib.vision.scenes import load_scene_classifier
from chalicelib.vision.sessions import Model, load_model
from chalicelib.vision.vehicles import VehicleDetector
from chalicelib.vision.watchlist import WatchlistSnapshot

SHIPPED_CURVE = Path(__file__).parent / "vision" / "heads" / "impostors_sface.json"
WATCHLIST_KEY = "watchlists/current.npz"


@cache
def analyser() -> Analyser:
    return observe.Analyser(
        load_scene_classifier(_model("scene_encoder")),
        VehicleDetector(_model("vehicle_detector")),
        FaceFinder(FaceDetector(_model("face_detector")), FaceEmbedder(_model("face_embedder"))),
    )


@cache
def watchlist() -> CachedObject[WatchlistSnapshot]:
    bucket = bootstrap.settings().config_bucket
    return CachedObject(clients.s3_client(), bucket, WATCHLIST_KEY, WatchlistSnapshot.from_bytes, clock=bootstrap.clock)


@cache
def impostor_curve() -> ImpostorCurve:
    return parse_impostor_curve(SHIPPED_CURVE.read_bytes())


def face_search() -> observe.FaceSearch | None:
    """Whom to search for now, and from which likeness on; None without a list, so that no face is looked at.

    Raises Misconfigured where the list and the impostor curve come from different embedders.
    """
    snapshot = watchlist().current()
    if snapshot is None:
        return None
    curve, budget = impostor_curve(), bootstrap.city_packs().current().face_budget
    snapshot.require_embedder(curve.embedder_digest)
    threshold = face_threshold(curve, list_size=len(snapshot.templates), **asdict(budget))
    return observe.FaceSearch(snapshot, threshold, snapshot.searchable_ids(bootstrap.clock()))


def analyse_frame() -> AnalyseFrame:
    return AnalyseFrame(
        bootstrap.frames(),
        bootstrap.cameras(),
        bootstrap.follow_sightings(),
        analyser(),
        bootstrap.city_packs().current,
        face_search,
        bootstrap.clock,
    )


def take_frames() -> TakeFrames:
    return TakeFrames(analyse_frame(), bootstrap.frames(), bootstrap.rejections(), bootstrap.ledger(), bootstrap.clock)


def read_recorded() -> ReadRecorded:
    return ReadRecorded(
        bootstrap.frames(), analyser(), bootstrap.city_packs().current, face_search, bootstrap.recorded()
    )


def _model(job: str) -> Model:
    return load_model(bootstrap.settings().models_dir, job)
