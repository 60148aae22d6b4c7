"""Whether looking at tiles finds more far vehicles: `python -m bench.vehicle_tiles --data DIR`; some two minutes.

Tiles overlap, and what is cut by an inner border is left to the whole view where that is looked at as well. The run
time looks at the whole view alone, because the figures say so (docs/traffic.md). The JSON is the last line.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from bench.accuracy.pictures import limited, picture_at
from bench.accuracy.vehicles import FOLDER, agreement, average_precision, boxes_of, hits, label_path, labelled_boxes
from chalicelib.domain.observations import Detection
from chalicelib.vision.boxes import area_xyxy, iou_xyxy, nms_xyxy
from chalicelib.vision.sessions import load_model
from chalicelib.vision.vehicle_count import FAINT
from chalicelib.vision.vehicles import VEHICLES, VehicleDetector

SMALL = 0.002
"""A vehicle of less than this share of the picture is far away."""
_OVERLAP = 0.15
_IOU, _NMS_IOU = 0.5, 0.4

Image = NDArray[np.uint8]

_console = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class Way:
    """How a picture is looked at: in so many tiles side by side, and as a whole."""

    name: str
    tiles: int
    whole: bool


WAYS = (Way("whole", 0, True), Way("2x1", 2, False), Way("2x1 and whole", 2, True), Way("3x1 and whole", 3, True))


def main(
    data: Annotated[Path, typer.Option(help="labelled photographs: vehicles/images and vehicles/labels")],
    models: Annotated[Path, typer.Option(help="where the fetched models lie")] = Path(".models"),
    limit: Annotated[int | None, typer.Option(help="look at so many pictures only", min=2)] = None,
) -> None:
    """Compare every way on the same pictures."""
    detector = VehicleDetector(load_model(models, "vehicle_detector"))
    paths = limited(sorted((data / FOLDER).glob("*.jpg")), limit)
    rows = [[_row(path, way, detector) for way in WAYS] for path in track(paths, "looking", console=_console)]
    ways = {way.name: _figures([row[n] for row in rows]) for n, way in enumerate(WAYS)}
    print(json.dumps({"bench": "vehicle_tiles", "pictures": len(paths), "ways": ways}))


def look(image: Image, way: Way, detector: VehicleDetector) -> tuple[Detection, ...]:
    """All vehicles from the faintest on, best score first, each once."""
    finds = [*_in_tiles(image, way, detector), *(detector.find(image, from_score=FAINT) if way.whole else ())]
    vehicles = [find for find in finds if find.label in VEHICLES]
    kept = nms_xyxy(boxes_of(vehicles), np.array([one.score for one in vehicles], np.float32), max_iou=_NMS_IOU)
    return tuple(vehicles[place] for place in kept)


def _in_tiles(image: Image, way: Way, detector: VehicleDetector) -> Iterator[Detection]:
    width = image.shape[1]
    tile_px = int(width / (way.tiles - (way.tiles - 1) * _OVERLAP)) if way.tiles else 0
    for number in range(way.tiles):
        start = round(number * (width - tile_px) / (way.tiles - 1))
        tile = np.ascontiguousarray(image[:, start : start + tile_px])
        for find in detector.find(tile, from_score=FAINT):
            left, top, right, bottom = find.box_xyxy
            is_cut = (number > 0 and left < 2) or (number < way.tiles - 1 and right > tile_px - 2)
            if not (way.whole and is_cut):
                yield replace(find, box_xyxy=(left + start, top, right + start, bottom))


def _row(path: Path, way: Way, detector: VehicleDetector) -> dict[str, Any]:
    image = picture_at(path)
    wh = image.shape[1], image.shape[0]
    labelled = labelled_boxes(label_path(path), wh)
    began_s = perf_counter()
    finds = look(image, way, detector)
    took_ms = 1000 * (perf_counter() - began_s)
    sure = detector.sure(finds)
    overlaps = iou_xyxy(boxes_of(sure), labelled)
    return {
        "ms": took_ms,
        "sure": len(sure),
        "found": overlaps.max(axis=0, initial=0) >= _IOU,
        "small": area_xyxy(labelled) < SMALL * wh[0] * wh[1],
        "scores": np.array([find.score for find in finds]),
        "hits": hits(boxes_of(finds), labelled, min_iou=_IOU),
    }


def _figures(rows: list[dict[str, Any]]) -> dict[str, Any]:
    scores, hit, found, small = (
        np.concatenate([row[key] for row in rows]) for key in ("scores", "hits", "found", "small")
    )
    labelled, sure = np.array([len(row["small"]) for row in rows]), np.array([row["sure"] for row in rows])
    return {
        "ap50": average_precision(scores, hit, positives=int(labelled.sum())),
        "recall": float(found.mean()),
        "small": int(small.sum()),
        "recall_of_small": float(found[small].mean()) if small.any() else None,
        "count_spearman": agreement(sure, labelled)["spearman"],
        "ms_median": float(np.median([row["ms"] for row in rows])),
    }


if __name__ == "__main__":
    typer.run(main)
