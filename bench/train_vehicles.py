"""Train the count of vehicles on labelled boxes: `python -m bench.train_vehicles --data DIR`.

A minute on one core. The result is `chalicelib/vision/heads/vehicles.npz` and its card, whose figures are of pictures
with their whole group, a camera, clip or collection, left out of training.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.progress import track
from sklearn.linear_model import LogisticRegression, Ridge

from bench.accuracy.pictures import picture_at
from bench.accuracy.vehicles import FOLDER, agreement, boxes_of, hits, label_path, labelled_boxes
from bench.scenes.data import Photo, load_photos
from chalicelib.domain.observations import Detection
from chalicelib.vision.scenes import SceneClassifier, load_scene_classifier
from chalicelib.vision.sessions import load_model
from chalicelib.vision.vehicle_count import FAINT, SHIPPED_COUNT_HEAD, CountHead, find_features, save_count_head
from chalicelib.vision.vehicles import VEHICLES, VehicleDetector

_HIT_IOU = 0.4  # labels of small vehicles are loose
_FIND_INVERSE_L2 = 0.01
_VIEW_L2 = 0.1
_CONSTANT_SCALE = 0.01
"""Keeps the constant, the last of the features, from being held down as the others are."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Example:
    """One labelled picture as the run time sees it; `is_vehicle` says of each find whether people labelled it."""

    group: str
    image_wh: tuple[int, int]
    finds: tuple[Detection, ...]
    is_vehicle: NDArray[np.bool_]
    view: Floats
    labelled: int


def main(
    data: Annotated[Path, typer.Option(help="labelled photographs: vehicles/images and vehicles/labels")],
    models: Annotated[Path, typer.Option(help="where the fetched models lie")] = Path(".models"),
    out: Annotated[Path, typer.Option(help="the head's file; the card is written beside it")] = SHIPPED_COUNT_HEAD,
) -> None:
    """Validate and fit the head, and print its card."""
    detector = VehicleDetector(load_model(models, "vehicle_detector"))
    scenes = load_scene_classifier(load_model(models, "scene_encoder"))
    photos = [photo for photo in load_photos(data) if photo.path.parent == data / FOLDER]
    examples = [_example(photo, detector, scenes) for photo in track(photos, "looking")]
    card = _card(examples)
    save_count_head(out, _fit(examples))
    out.with_suffix(".json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(card))


def _example(photo: Photo, detector: VehicleDetector, scenes: SceneClassifier) -> _Example:
    image = picture_at(photo.path)
    wh = image.shape[1], image.shape[0]
    labelled = labelled_boxes(label_path(photo.path), wh)
    finds = tuple(find for find in detector.find(image, from_score=FAINT) if find.label in VEHICLES)
    is_vehicle = hits(boxes_of(finds), labelled, min_iou=_HIT_IOU)
    return _Example(photo.group, wh, finds, is_vehicle, scenes.look_at(image).whole, len(labelled))


def _fit(examples: list[_Example]) -> CountHead:
    features = np.concatenate([find_features(one.finds, one.image_wh) for one in examples])
    scale = np.r_[features.std(axis=0)[:-1], _CONSTANT_SCALE].astype(np.float32)
    find = LogisticRegression(C=_FIND_INVERSE_L2, fit_intercept=False, max_iter=1000)
    find.fit(features / scale, np.concatenate([one.is_vehicle for one in examples]))
    view = Ridge(alpha=_VIEW_L2).fit(
        np.stack([one.view for one in examples]), np.log1p([one.labelled for one in examples])
    )
    return CountHead((find.coef_[0] / scale).astype(np.float32), view.coef_.astype(np.float32), float(view.intercept_))


def _card(examples: list[_Example]) -> dict[str, Any]:
    labelled = np.array([one.labelled for one in examples])
    groups = np.array([one.group for one in examples])
    counted, found = np.zeros(len(examples)), np.zeros(len(examples))
    for group in np.unique(groups):
        head = _fit([one for one in examples if one.group != group])
        for row in np.flatnonzero(groups == group):
            one = examples[row]
            counted[row] = head.count(one.finds, image_wh=one.image_wh, view_features=one.view)
            found[row] = head.count(one.finds, image_wh=one.image_wh)
    return {
        "pictures": len(examples),
        "groups": len(np.unique(groups)),
        "labelled_vehicles": int(labelled.sum()),
        "groups_held_out": agreement(counted, labelled),
        "groups_held_out_without_the_view": agreement(found, labelled),
    }


if __name__ == "__main__":
    typer.run(main)
