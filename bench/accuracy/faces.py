"""Labelled Faces in the Wild: are two photographs of the same person, and who of a list is it.

Templates are made as enrolment and search make them. Figures of one to one are for comparing with others' papers; a
watchlist lives by one to many.
"""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.accuracy.face_templates import FacePhotos, read_faces
from bench.accuracy.held_out import judge_budget
from bench.accuracy.identification import FPIR, judge_searches, search_lists, templates_on_lists
from bench.accuracy.labels import mend_labels
from bench.accuracy.pictures import Progress, is_readable, limited, pictures_in
from chalicelib.domain.thresholds import ImpostorCurve, face_threshold, parse_impostor_curve
from chalicelib.errors import InvalidInput
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.face_finder import GLANCE_MARGIN
from chalicelib.vision.face_space import SHIPPED_SPACE
from chalicelib.vision.sessions import load_model

FOLDER = "faces/lfw"
SHIPPED_CURVE = SHIPPED_SPACE.parent / "impostors_sface.json"
LIST_SIZES = (100, 1_000)
_NOT_FOUND = -1.0
"""The cosine of a pair in which a face wasn't found: below every threshold, so it counts as not the same."""

Cosines = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two photographs, whether they show one person, and the official fold."""

    path_a: str
    path_b: str
    same: bool
    fold: int


def judge_faces(data: Path, models: Path, limit: int | None, progress: Progress) -> dict[str, Any]:
    """One to one by the official folds, one to many by lists drawn from all photographs of the folder.

    With a limit, only so many pairs and what they show. The curve and the average face may come from these very people;
    `held_out` says what they are worth on others, by people of one half judged with curve and average of the other.
    """
    folder = data / FOLDER
    listed = limited(read_pairs(folder / "pairs.csv"), limit)
    pairs = [pair for pair in listed if all(is_readable(folder / name) for name in (pair.path_a, pair.path_b))]
    shown = {folder / name for pair in pairs for name in (pair.path_a, pair.path_b)}
    photographs = sorted(shown if limit else shown | set(pictures_in(folder, pattern="*/*")))
    detector, model = FaceDetector(load_model(models, "face_detector")), load_model(models, "face_embedder")
    photos = read_faces(progress(photographs, "faces"), detector, FaceEmbedder(model))
    if not photos.paths:
        raise InvalidInput(f"no face in the pictures of {str(folder)!r}")
    curve = parse_impostor_curve(SHIPPED_CURVE.read_bytes())
    return {
        "photographs": len(photographs),
        "faces_not_found": len(photos.not_found),
        "refused_by_quality_gate": int((~photos.usable).sum()),
        "pairs_left_out": len(listed) - len(pairs),
        "one_to_one": _judge_pairs(folder, pairs, photos, curve) if pairs else None,
        "one_to_many": _judge_lists(photos, curve),
        "held_out": judge_budget(photos, curve),
    }


def read_pairs(listing: Path) -> list[Pair]:
    """Read `file_a,file_b,same,lfw_fold` rows, columns in any order; none where there is no list.

    Raises InvalidInput on rows that aren't such.
    """
    if not listing.exists():
        return []
    with listing.open(newline="", encoding="utf-8") as lines:
        try:
            return [
                Pair(row["file_a"], row["file_b"], row["same"] == "1", int(row["lfw_fold"]))
                for row in csv.DictReader(lines)
            ]
        except (KeyError, ValueError, TypeError) as error:
            raise InvalidInput(f"{str(listing)!r} isn't a list of pairs: {error!r}") from error


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


def _judge_pairs(folder: Path, pairs: list[Pair], photos: FacePhotos, curve: ImpostorCurve) -> dict[str, Any]:
    """Each photograph is looked for by the other as enrolled; the mean of both ways counts."""
    place = {path: row for row, path in enumerate(photos.paths)}
    shown = [(place.get(folder / pair.path_a), place.get(folder / pair.path_b)) for pair in pairs]
    cosines = np.array([_NOT_FOUND if a is None or b is None else _likeness(photos, a, b) for a, b in shown])
    same = np.array([pair.same for pair in pairs])
    by_fold = fold_accuracies(cosines, same, np.array([pair.fold for pair in pairs]))
    return {
        "pairs": len(pairs),
        "accuracy": float(np.mean(list(by_fold.values()))),
        "accuracy_by_fold": by_fold,
        "accuracy_at_floor": float(((cosines >= curve.floor) == same).mean()),
    }


def _likeness(photos: FacePhotos, a: int, b: int) -> float:
    return float(photos.searched[a] @ photos.enrolled[b] + photos.searched[b] @ photos.enrolled[a]) / 2


def _judge_lists(photos: FacePhotos, curve: ImpostorCurve) -> dict[str, Any]:
    """By length of the list and photographs an entry, as labelled and with suspected errors of the labels mended.

    A face that wasn't found, was refused or resembled nobody at a glance counts as missed.
    """
    _, labelled = np.unique(photos.people, return_inverse=True)
    looked_at = photos.searched @ photos.enrolled.T
    glimpsed = photos.glimpsed @ photos.enrolled.T
    mended, suspected = mend_labels(looked_at, labelled, curve)
    looked_at[~photos.usable] = _NOT_FOUND
    judged: dict[str, Any] = {"suspected_label_errors": suspected}
    for size in LIST_SIZES:
        for name, person, per_entry in (
            ("", mended, 1),
            (", 3 photographs each", mended, 3),
            (", as labelled", labelled, 1),
        ):
            if size <= person.max(initial=-1) + 1:
                templates = templates_on_lists(person, list_size=size, per_entry=per_entry)
                threshold = face_threshold(curve, list_size=templates, faces_per_day=1, false_alerts_per_day=FPIR)
                cosines = np.where(glimpsed >= threshold - GLANCE_MARGIN, looked_at, np.float32(_NOT_FOUND))
                searches = search_lists(cosines, person, list_size=size, per_entry=per_entry)
                judged[f"{size} people{name}"] = judge_searches(searches, shipped_threshold=threshold)
    return judged
