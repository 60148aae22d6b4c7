"""Labelled Faces in the Wild: are two photographs of the same person, with the threshold chosen on other folds."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.accuracy.pictures import Progress, limited, picture_at
from chalicelib.vision.face_detection import Face, FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.sessions import load_model

FOLDER = "faces/lfw"
_NOT_FOUND = -1.0
"""The cosine of a pair in which a face wasn't found: below every threshold, so it counts as not the same."""

Template = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two photographs, whether they show one person, and the official fold."""

    path_a: str
    path_b: str
    same: bool
    fold: int


def judge_faces(data: Path, models: Path, limit: int | None, progress: Progress) -> dict[str, Any]:
    """Verification accuracy with the threshold of the other folds; a face not found makes its pair `not the same`."""
    folder = data / FOLDER
    pairs = limited(read_pairs(folder / "pairs.csv"), limit)
    templates = _templates(folder, pairs, models, progress)
    cosines = np.array([_cosine(templates[pair.path_a], templates[pair.path_b]) for pair in pairs])
    same = np.array([pair.same for pair in pairs])
    by_fold = fold_accuracies(cosines, same, np.array([pair.fold for pair in pairs]))
    return {
        "pairs": len(pairs),
        "pictures": len(templates),
        "faces_not_found": sum(template is None for template in templates.values()),
        "pairs_without_both_faces": int((cosines == _NOT_FOUND).sum()),
        "accuracy": float(np.mean(list(by_fold.values()))),
        "accuracy_by_fold": by_fold,
        "accuracy_at_published_0.363": float(((cosines >= 0.363) == same).mean()),
    }


def read_pairs(listing: Path) -> list[Pair]:
    """Read `file_a,file_b,same,lfw_fold` rows."""
    with listing.open(newline="", encoding="utf-8") as lines:
        return [
            Pair(row["file_a"], row["file_b"], row["same"] == "1", int(row["lfw_fold"]))
            for row in csv.DictReader(lines)
        ]


def fold_accuracies(
    cosines: NDArray[np.float64], same: NDArray[np.bool_], folds: NDArray[np.int64]
) -> dict[str, float]:
    """Accuracy on each fold at the threshold that is best on all others; on itself where it is the only one."""
    accuracies = {}
    for fold in np.unique(folds):
        judged = folds == fold
        learnt = ~judged if (~judged).any() else judged
        threshold = best_threshold(cosines[learnt], same[learnt])
        accuracies[str(fold)] = float(((cosines[judged] >= threshold) == same[judged]).mean())
    return accuracies


def best_threshold(cosines: NDArray[np.float64], same: NDArray[np.bool_]) -> float:
    """The middle of the gap below which the fewest pairs are judged wrongly."""
    ranked = np.unique(cosines)
    candidates = np.r_[ranked[0], (ranked[1:] + ranked[:-1]) / 2]
    accuracies = ((cosines[None] >= candidates[:, None]) == same[None]).mean(axis=1)
    return float(candidates[accuracies.argmax()])


def _templates(folder: Path, pairs: list[Pair], models: Path, progress: Progress) -> dict[str, Template | None]:
    detector = FaceDetector(load_model(models, "face_detector"))
    embedder = FaceEmbedder(load_model(models, "face_embedder"))
    names = sorted({name for pair in pairs for name in (pair.path_a, pair.path_b)})
    return {name: _template(picture_at(folder / name), detector, embedder) for name in progress(names, "faces")}


def _template(image_bgr: NDArray[np.uint8], detector: FaceDetector, embedder: FaceEmbedder) -> Template | None:
    """Embed the face nearest the middle, which is whom a crop of this set is named after; None without any face."""
    height, width = image_bgr.shape[:2]
    faces = detector.detect(image_bgr)
    if not faces:
        return None
    nearest = min(faces, key=lambda face: _distance_px(face, width / 2, height / 2))
    return np.asarray(embedder.embed(image_bgr, (nearest,))[0], np.float32)


def _distance_px(face: Face, x: float, y: float) -> float:
    left, top, right, bottom = face.box_xyxy
    return float(np.hypot((left + right) / 2 - x, (top + bottom) / 2 - y))


def _cosine(a: Template | None, b: Template | None) -> float:
    return _NOT_FOUND if a is None or b is None else float(a @ b)
