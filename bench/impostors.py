"""`python -m bench.impostors --data DIR`: how alike strangers look to the face embedder, stored as a small curve.

Every photograph in `faces/lfw` that the shipped detector and quality gate let through is searched for among all of
other people: 5.4 million comparisons, five minutes. First the average face is learnt, to which templates are relative;
both go to the files that the run time reads. Run it after any change of detector, quality gate or embedder.
"""

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from bench.accuracy.face_templates import FacePhotos, Float32, read_faces
from bench.accuracy.labels import mend_labels
from bench.tails import bootstrap_cosines, fit_tail
from chalicelib.errors import InvalidInput, MatphoError
from chalicelib.vision.face_decoys import draw_decoys
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.face_embedding import TEMPLATE_DIM, FaceEmbedder
from chalicelib.vision.face_space import SHIPPED_SPACE, FaceSpace, unit_rows, write_face_space
from chalicelib.vision.sessions import load_model

FOLDER = "faces/lfw"
CURVE = Path("chalicelib/vision/heads/impostors_sface.json")
TAIL_FMR = 1e-3
"""The law of tails holds from here on: fitted from 1e-2 to 1e-4, the shape hardly changes (-.08 to -.06)."""
SHOWN_FMRS = (1e-3, 1e-4, 1e-5, 3e-6, 1e-6, 1e-7)
FEWEST_PEOPLE = 100
MANY_DECOYS = 4096

_console = Console(stderr=True)


def main(
    data: Annotated[Path, typer.Option(help="a folder with faces/lfw/<person>/*.jpg")],
    models: Annotated[Path, typer.Option(help="where the fetched models lie")] = Path(".models"),
    out: Annotated[Path, typer.Option(help="the curve to write")] = CURVE,
    space: Annotated[Path, typer.Option(help="the face space to write")] = SHIPPED_SPACE,
) -> None:
    """Learn the face space, measure the impostor curve in it, and write both."""
    try:
        learnt, curve = measure(sorted((data / FOLDER).glob("*/*.jpg")), models)
    except MatphoError as error:
        _console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error
    write_face_space(space, learnt)
    out.write_text(json.dumps(curve, indent=2) + "\n", encoding="utf-8")
    print(json.dumps({"bench": "impostors", **curve}))


def measure(photographs: list[Path], models: Path) -> tuple[FaceSpace, dict[str, Any]]:
    """The space, and the curve with its provenance; raises InvalidInput on too few people to say anything."""
    detector, model = FaceDetector(load_model(models, "face_detector")), load_model(models, "face_embedder")
    weights = model.spec.source_sha256s[0]
    nothing, as_they_are = np.zeros(TEMPLATE_DIM, np.float32), np.eye(TEMPLATE_DIM, dtype=np.float32)
    nowhere = FaceSpace(weights, nothing, as_they_are, nothing)
    raw = FaceEmbedder(model, nowhere)
    photos = usable_only(read_faces(track(photographs, "faces", console=_console), detector, raw))
    if len(set(photos.people)) < FEWEST_PEOPLE:
        raise InvalidInput(f"{len(set(photos.people))} people are too few for a curve")
    space = learn_space(weights, photos)
    embedder = FaceEmbedder(model, space)
    curve = curve_of(space.templates(photos.enrolled), space.templates(photos.searched), photos.people)
    return space, {
        "embedder_digest": embedder.digest,
        "embedder_file_digest": embedder.file_digest,
        "detector_file_digest": detector.digest,
        "data": FOLDER,
        "data_digest": _digest(photographs),
        "photographs": len(photographs),
        **curve,
        "decoys": decoys_beside(space, curve["rows"], space.templates(photos.glimpsed)),
    }


def learn_space(weights_digest: str, photos: FacePhotos) -> FaceSpace:
    """Mean, axes and spread of enrolled templates, each person counting once."""
    _, person = np.unique(photos.people, return_inverse=True)
    weights = 1 / np.bincount(person)[person]
    centre = np.average(photos.enrolled, axis=0, weights=weights).astype(np.float32)
    templates = unit_rows(photos.enrolled - centre)
    variances, axes = np.linalg.eigh(np.cov(templates.T, aweights=weights))
    spread = np.sqrt(np.maximum(variances, 0))
    return FaceSpace(weights_digest, centre, _widest_first(axes), _widest_first(spread))


def _widest_first(ascending: NDArray[np.float64]) -> Float32:
    return np.ascontiguousarray(ascending[..., ::-1], np.float32)


def curve_of(enrolled: Float32, searched: Float32, people: NDArray[np.str_]) -> dict[str, Any]:
    """Fit the tail of all comparisons of strangers; how sure it is, and what it costs in true pairs.

    Each pair of people counts once, however many photographs there are of them. Who is suspected to be one person under
    two names counts as one.
    """
    _, labelled = np.unique(people, return_inverse=True)
    cosines = searched @ enrolled.T
    first = fit_tail(*pairs_of(cosines, labelled, same=False), fmr=TAIL_FMR)
    person, suspected = mend_labels(cosines, labelled, first)
    strangers, weights = pairs_of(cosines, person, same=False)
    own, own_weights = pairs_of(cosines, person, same=True)
    tail = fit_tail(strangers, weights, fmr=TAIL_FMR)
    low, high = bootstrap_cosines(cosines, person, fmr=TAIL_FMR, at=SHOWN_FMRS)
    return {
        "templates": len(people),
        "suspected_label_errors": suspected,
        "people": int(person.max()) + 1,
        "pairs": strangers.size,
        "tail": tail._asdict(),
        "same_person_pairs": own.size,
        "rows": [
            {
                "fmr": fmr,
                "cosine": round(tail.cosine_at(fmr), 4),
                "cosine_90_percent": [round(low[place], 4), round(high[place], 4)],
                "counted_fmr": round(float(np.average(strangers >= tail.cosine_at(fmr), weights=weights)), 9),
                "same_person_accepted": round(float(np.average(own >= tail.cosine_at(fmr), weights=own_weights)), 4),
            }
            for place, fmr in enumerate(SHOWN_FMRS)
        ],
    }


def pairs_of(cosines: Float32, person: NDArray[np.intp], *, same: bool) -> tuple[Float32, NDArray[np.float64]]:
    """Cosines of all comparisons of strangers, or of one person's photographs, and how much each counts."""
    once = 1 / np.bincount(person)[person]
    wanted = (person[:, None] == person[None]) == same
    np.fill_diagonal(wanted, val=False)
    return cosines[wanted], np.outer(once, once)[wanted]


def decoys_beside(space: FaceSpace, rows: list[dict[str, Any]], glimpsed: Float32) -> list[dict[str, float]]:
    """How often decoys are reached where strangers are at a known rate: the share tells what a live count is worth."""
    counted = []
    for row in rows:
        decoys = draw_decoys(space, cosine=row["cosine"], count=MANY_DECOYS)
        rate = decoys.hits(glimpsed) / (len(glimpsed) * MANY_DECOYS)
        counted.append({"fmr": row["fmr"], "decoy_rate": round(rate, 9), "share": round(rate / row["fmr"], 3)})
    return counted


def usable_only(photos: FacePhotos) -> FacePhotos:
    """Those that the quality gate lets through."""
    kept = photos.usable
    paths = tuple(path for path, usable in zip(photos.paths, kept, strict=True) if usable)
    enrolled, glimpsed, searched = (each[kept] for each in (photos.enrolled, photos.glimpsed, photos.searched))
    return FacePhotos(paths, enrolled, glimpsed, searched, kept[kept], photos.not_found)


def _digest(photographs: list[Path]) -> str:
    """One SHA-256 over names and contents, so that a curve names the very pictures it was measured on."""
    whole = hashlib.sha256()
    for photograph in photographs:
        whole.update(photograph.name.encode() + hashlib.sha256(photograph.read_bytes()).digest())
    return whole.hexdigest()


if __name__ == "__main__":
    typer.run(main)
