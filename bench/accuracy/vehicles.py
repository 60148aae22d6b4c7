"""Vehicles against labelled boxes: how well counts rank pictures, how full the view is, and each box by itself."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import pearsonr, spearmanr

from bench.accuracy.pictures import Progress, pass_over, picture_at, pictures_in, source_of
from chalicelib.domain.city import PolygonRel
from chalicelib.domain.observations import Detection
from chalicelib.errors import InvalidInput
from chalicelib.vision.boxes import Float32, iou_xyxy
from chalicelib.vision.scenes import load_scene_classifier
from chalicelib.vision.sessions import load_model
from chalicelib.vision.vehicle_count import FAINT, load_count_head
from chalicelib.vision.vehicles import VEHICLES, VehicleDetector, read_traffic

FOLDER = "vehicles/images"
_WHOLE: PolygonRel = ((0, 0), (1, 0), (1, 1), (0, 1))
_AP_IOU = 0.5
_PLACES = 30

Counts = NDArray[np.int64] | NDArray[np.float64]


def judge_vehicles(data: Path, models: Path, limit: int | None, progress: Progress) -> dict[str, Any]:
    """Counts, occupancy and AP50; labels of far vehicles are incomplete, so none of them can be perfect."""
    look = _Look(models)
    paths = [path for path in pictures_in(data / FOLDER, limit) if _is_labelled(path)]
    if not paths:
        raise InvalidInput(f"no labelled picture in {str(data / FOLDER)!r}")
    rows = [look(path) for path in progress(paths, "vehicles")]
    scores, hit = (np.concatenate([row[key] for row in rows]) for key in ("scores", "hits"))
    labelled, counted, detected = (np.array([row[key] for row in rows]) for key in ("labelled", "counted", "detected"))
    occupied, seen_occupied = (np.array([row[key] for row in rows]) for key in ("occupied", "seen_occupied"))
    return {
        "pictures": len(paths),
        "labelled_mean": float(labelled.mean()),
        **agreement(counted, labelled),
        "detections_alone_spearman": agreement(detected, labelled)["spearman"],
        "occupancy_mean": float(occupied.mean()),
        "occupancy_mean_absolute_error": float(np.abs(seen_occupied - occupied).mean()),
        "occupancy_spearman": agreement(seen_occupied, occupied)["spearman"],
        "ap50": average_precision(scores, hit, positives=int(labelled.sum())),
        "precision_by_recall": precision_by_recall(scores, hit, positives=int(labelled.sum())),
        "by_picture": [
            {"source": source_of(path), "labelled": row["labelled"], "counted": round(row["counted"], 2)}
            for path, row in zip(paths, rows, strict=True)
        ],
    }


class _Look:
    """All that is compared of one picture; both models are loaded once."""

    def __init__(self, models: Path) -> None:
        self._detector = VehicleDetector(load_model(models, "vehicle_detector"))
        self._scenes = load_scene_classifier(load_model(models, "scene_encoder"))
        self._head = load_count_head()

    def __call__(self, path: Path) -> dict[str, Any]:
        image = picture_at(path)
        wh = image.shape[1], image.shape[0]
        labelled = labelled_boxes(label_path(path), wh)
        finds = [find for find in self._detector.find(image, from_score=FAINT) if find.label in VEHICLES]
        sure = self._detector.sure(finds)
        return {
            "labelled": len(labelled),
            "counted": self._head.count(finds, image_wh=wh, view_features=self._scenes.look_at(image).whole),
            "detected": len(sure),
            "occupied": _occupancy([Detection("car", 1.0, tuple(box)) for box in labelled.tolist()], wh),
            "seen_occupied": _occupancy(sure, wh),
            "scores": np.array([find.score for find in finds]),
            "hits": hits(boxes_of(finds), labelled, min_iou=_AP_IOU),
        }


def label_path(image_path: Path) -> Path:
    """The YOLO label file beside the images' folder."""
    return image_path.parent.parent / "labels" / f"{image_path.stem}.txt"


def labelled_boxes(path: Path, wh: tuple[int, int]) -> Float32:
    """The boxes (n,4) in pixels that a YOLO file lists; a picture without a file has none.

    Raises InvalidInput on lines that hold none.
    """
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    try:
        rows = np.array([line.split()[1:5] for line in lines if line.strip()], np.float32).reshape(-1, 4)
    except ValueError as error:
        raise InvalidInput(f"no boxes in {str(path)!r}: {error}") from error
    centres, halves = rows[:, :2], rows[:, 2:] / 2
    return np.asarray(np.concatenate([centres - halves, centres + halves], axis=1) * np.array(wh * 2), np.float32)


def _is_labelled(path: Path) -> bool:
    try:
        labelled_boxes(label_path(path), (1, 1))
    except InvalidInput as error:
        pass_over(path, str(error))
        return False
    return True


def boxes_of(finds: Sequence[Detection]) -> Float32:
    """The boxes (n,4) of what was found."""
    return np.array([find.box_xyxy for find in finds], np.float32).reshape(-1, 4)


def hits(boxes: Float32, labelled: Float32, *, min_iou: float) -> NDArray[np.bool_]:
    """Which boxes, best first, lie on a labelled one that no better box lies on."""
    overlaps = iou_xyxy(boxes, labelled)
    taken = np.zeros(len(boxes), bool)
    for row in range(len(boxes)) if len(labelled) else ():
        column = int(overlaps[row].argmax())
        if overlaps[row, column] >= min_iou:
            taken[row] = True
            overlaps[:, column] = 0
    return taken


def average_precision(scores: NDArray[np.float64], hit: NDArray[np.bool_], *, positives: int) -> float:
    """The area under precision by recall, precision being the best at that recall or more (VOC 2010 and COCO)."""
    found = np.cumsum(hit[np.argsort(-scores, kind="stable")])
    precision = found / np.arange(1, len(found) + 1)
    best = np.maximum.accumulate(precision[::-1])[::-1]
    return float((np.diff(found, prepend=0) * best).sum() / max(1, positives))


def precision_by_recall(
    scores: NDArray[np.float64], hit: NDArray[np.bool_], *, positives: int
) -> list[tuple[float, float]]:
    """Recall and precision at some thirty places of the finds, the surest first."""
    found = np.cumsum(hit[np.argsort(-scores, kind="stable")])
    places = np.unique(np.geomspace(1, max(1, len(found)), _PLACES).astype(int)) if len(found) else ()
    return [(round(found[at - 1] / max(1, positives), 4), round(found[at - 1] / at, 4)) for at in places]


def agreement(counted: Counts, labelled: Counts) -> dict[str, float | None]:
    """Rank and linear correlation (None where one side never varies), mean absolute error and bias."""
    varies = np.ptp(counted) > 0 and np.ptp(labelled) > 0
    return {
        "spearman": float(spearmanr(counted, labelled).statistic) if varies else None,
        "pearson": float(pearsonr(counted, labelled).statistic) if varies else None,
        "mean_absolute_error": float(np.abs(counted - labelled).mean()),
        "counted_minus_labelled": float((counted - labelled).mean()),
    }


def _occupancy(detections: Sequence[Detection], wh: tuple[int, int]) -> float:
    return read_traffic(detections, image_wh=wh, road_zone_rel=_WHOLE).occupancy
