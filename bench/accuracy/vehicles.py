"""Vehicle counts against labelled boxes: how well they rank pictures, and how far off they are."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import pearsonr, spearmanr

from bench.accuracy.pictures import Progress, limited, picture_at
from chalicelib.vision.sessions import load_model
from chalicelib.vision.vehicles import VehicleDetector

FOLDER = "vehicles/images"

Counts = NDArray[np.int64]

_VEHICLES = {"bicycle", "car", "motorcycle", "bus", "truck"}


def judge_vehicles(data: Path, models: Path, limit: int | None, progress: Progress) -> dict[str, Any]:
    """Correlation and mean error of the counts; labels of far vehicles are incomplete, so neither can be perfect."""
    detector = VehicleDetector(load_model(models, "vehicle_detector"))
    paths = limited(sorted((data / FOLDER).glob("*.jpg")), limit)
    labelled = np.array([labelled_count(label_path(path)) for path in paths])
    counted = np.array([_count(detector, path) for path in progress(paths, "vehicles")])
    return {"pictures": len(paths), "labelled_mean": float(labelled.mean()), **agreement(counted, labelled)}


def label_path(image_path: Path) -> Path:
    """The YOLO label file beside the images' folder."""
    return image_path.parent.parent / "labels" / f"{image_path.stem}.txt"


def labelled_count(path: Path) -> int:
    """How many boxes a YOLO file lists; a picture without a file has none."""
    return sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip()) if path.exists() else 0


def agreement(counted: Counts, labelled: Counts) -> dict[str, float | None]:
    """Rank and linear correlation (None where one side never varies), mean absolute error and bias."""
    varies = np.ptp(counted) > 0 and np.ptp(labelled) > 0
    return {
        "spearman": float(spearmanr(counted, labelled).statistic) if varies else None,
        "pearson": float(pearsonr(counted, labelled).statistic) if varies else None,
        "mean_absolute_error": float(np.abs(counted - labelled).mean()),
        "counted_minus_labelled": float((counted - labelled).mean()),
    }


def _count(detector: VehicleDetector, path: Path) -> int:
    return sum(detection.label in _VEHICLES for detection in detector.detect(picture_at(path)))
