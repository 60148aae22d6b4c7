"""Wires what sees. Only the functions that analyse frames import this: it brings onnxruntime, OpenCV and the models."""

from dataclasses import asdict
from functools import cache, partial
from pathlib import Path

from chalicelib import bootstrap, bootstrap_evidence, bootstrap_law
from chalicelib.domain.thresholds import ImpostorCurve, face_threshold, parse_impostor_curve
from chalicelib.flows.analyse_frame import AnalyseFrame, Analyser
from chalicelib.flows.count_faces import CountFaces
from chalicelib.flows.enrol_portraits import Enroller, EnrolPortraits, Gate, PublishSnapshot
from chalicelib.flows.keep_evidence import KeepEvidence
from chalicelib.flows.read_recorded import ReadRecorded
from chalicelib.flows.search_faces import SearchFaces, SearchWherePossible
from chalicelib.flows.take_frames import TakeFrames
from chalicelib.store import clients
from chalicelib.store.biometrics import SNAPSHOT_KEY
from chalicelib.store.cached_objects import CachedObject
from chalicelib.telemetry import count_faces, count_refused_threshold, count_unsearched
from chalicelib.vision import observe
from chalicelib.vision.boxes import Float32
from chalicelib.vision.enrolment import Listed, compare_with_listed, enrol_photo
from chalicelib.vision.face_crops import FaceCropper
from chalicelib.vision.face_decoys import draw_decoys
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.face_finder import FaceFinder
from chalicelib.vision.face_space import read_face_space
from chalicelib.vision.redaction import Redactor
from chalicelib.vision.scenes import load_scene_classifier
from chalicelib.vision.sessions import Model, load_model
from chalicelib.vision.vehicles import VehicleDetector
from chalicelib.vision.watchlist import WatchlistSnapshot

SHIPPED_CURVE = Path(__file__).parent / "vision" / "heads" / "impostors_sface.json"


@cache
def analyser() -> Analyser:
    return observe.Analyser(
        load_scene_classifier(_model("scene_encoder")),
        VehicleDetector(_model("vehicle_detector")),
        _face_finder,
    )


@cache
def watchlist() -> CachedObject[WatchlistSnapshot]:
    bucket = bootstrap_law.law_settings().biometrics_bucket
    return CachedObject(clients.s3_client(), bucket, SNAPSHOT_KEY, WatchlistSnapshot.from_bytes, clock=bootstrap.clock)


@cache
def impostor_curve() -> ImpostorCurve:
    return parse_impostor_curve(SHIPPED_CURVE.read_bytes())


@cache
def search_faces() -> SearchFaces:
    return SearchFaces(
        bootstrap_law.mandate().current,
        watchlist().current,
        impostor_curve,
        lambda: bootstrap.city_packs().current().face_budget,
        bootstrap_law.audit_log(),
        bootstrap.clock,
        lambda: bootstrap.city_packs().current().face_threshold,
        count_refused_threshold,
    )


def analyse_frame() -> AnalyseFrame:
    return AnalyseFrame(
        bootstrap.frames(),
        bootstrap.cameras(),
        bootstrap.follow_sightings(),
        analyser(),
        bootstrap.city_packs().current,
        SearchWherePossible(search_faces(), count_unsearched),
        bootstrap.clock,
    )


@cache
def enroller() -> Enroller:
    detector, embedder = FaceDetector(_model("face_detector")), FaceEmbedder(_model("face_embedder"))
    return partial(enrol_photo, detector=detector, embedder=embedder)


def against_listed(template: Float32, listed: Listed) -> str | None:
    """Hold a template against the others at the likeness that a search would find them by."""
    curve, budget = impostor_curve(), bootstrap.city_packs().current().face_budget
    threshold = face_threshold(curve, list_size=len(listed.others), **asdict(budget))
    return compare_with_listed(template, listed, stranger_cosine=curve.floor, threshold=threshold)


def enrol_portraits() -> EnrolPortraits:
    return EnrolPortraits(
        bootstrap_law.entries(),
        bootstrap_law.do_to_entry(),
        bootstrap_law.biometrics(),
        Gate(enroller, against_listed, watchlist().current, embedder_digest),
        lambda photo: face_cropper().crop_portrait(photo),
        bootstrap.clock,
    )


def publish_snapshot() -> PublishSnapshot:
    return PublishSnapshot(
        bootstrap_law.entries(), bootstrap_law.biometrics(), watchlist().current, embedder_digest, bootstrap.clock
    )


def keep_watchlist() -> dict[str, int]:
    """What is due every minute: ended entries are erased, new photographs enrolled, snapshot and mandate made anew."""
    erased, enrolled = bootstrap_law.erase_ended()(), enrol_portraits()()
    published, mended = publish_snapshot()(), bootstrap_law.mend_mandate()()
    return {"erased": erased, "enrolled": enrolled, "published": int(published), "mended": int(mended)}


@cache
def redactor() -> Redactor:
    return Redactor(_model("face_detector"), VehicleDetector(_model("vehicle_detector")))


@cache
def face_cropper() -> FaceCropper:
    return FaceCropper(FaceDetector(_model("face_detector")))


def keep_evidence() -> KeepEvidence:
    return KeepEvidence(
        bootstrap.incidents(),
        bootstrap.frames(),
        bootstrap_evidence.film(),
        bootstrap_evidence.evidence_vault(),
        redactor,
        face_cropper,
        bootstrap.clock,
    )


def embedder_digest() -> str:
    """The embedder in use, known without loading it: the impostor curve was measured with it."""
    return impostor_curve().embedder_digest


def take_frames() -> TakeFrames:
    analyse = CountFaces(analyse_frame(), count_faces)
    return TakeFrames(analyse, bootstrap.frames(), bootstrap.rejections(), bootstrap.ledger(), bootstrap.clock)


def read_recorded() -> ReadRecorded:
    return ReadRecorded(bootstrap.frames(), analyser(), bootstrap.city_packs().current, bootstrap.recorded())


@cache
def _face_finder() -> FaceFinder:
    decoys = draw_decoys(read_face_space(), cosine=impostor_curve().floor)
    return FaceFinder(FaceDetector(_model("face_detector")), FaceEmbedder(_model("face_embedder")), decoys)


def _model(job: str) -> Model:
    return load_model(bootstrap.settings().models_dir, job)
