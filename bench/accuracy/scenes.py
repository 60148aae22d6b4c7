"""Scene kinds against quiet streets: how well they separate, and what the shipped thresholds would have done."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from bench.accuracy.pictures import Progress, picture_at, pictures_in, source_of
from bench.scenes.card import read_card
from bench.scenes.data import QUIET_CLASSES, scenes_digest
from bench.scenes.metrics import Scores, reliability_bins, separation, share_above
from chalicelib.domain.kinds import SCENE_KINDS
from chalicelib.errors import InvalidInput
from chalicelib.vision.scene_heads import SHIPPED_HEADS
from chalicelib.vision.scenes import SceneClassifier, load_scene_classifier
from chalicelib.vision.sessions import load_model

FOLDER = "scenes"

ScoresByClass = Mapping[str, Mapping[str, Scores]]
"""For each class folder, for each kind, one score a picture."""

PathsByClass = Mapping[str, Sequence[Path]]


def judge_scenes(data: Path, models: Path, limit: int | None, progress: Progress) -> dict[str, Any]:
    """Figures by kind; `trained_on_these` warns that the heads know the very pictures."""
    classifier = load_scene_classifier(load_model(models, "scene_encoder"))
    found = {folder.name: pictures_in(folder, limit) for folder in sorted((data / FOLDER).iterdir())}
    pictures = {label: paths for label, paths in found.items() if paths}
    if not pictures:
        raise InvalidInput(f"no {FOLDER}/<class>/ with a picture in {str(data)!r}")
    scores = {label: _score_all(classifier, paths, progress) for label, paths in pictures.items()}
    card = read_card(SHIPPED_HEADS.with_suffix(".json"))
    return {
        "heads_sha256": classifier.heads.digest,
        "pictures": {label: len(paths) for label, paths in pictures.items()},
        "trained_on_these": _is_of(data, card["data_sha256"]),
        "cameras_held_out_in_training": {kind: card["kinds"][kind]["cameras_held_out"] for kind in SCENE_KINDS},
        "kinds": {kind: _judge_kind(kind, scores, pictures, classifier.thresholds[kind]) for kind in SCENE_KINDS},
    }


def _is_of(data: Path, digest: str) -> bool:
    try:
        return scenes_digest(data) == digest
    except InvalidInput:  # no JPEG at all: heads were trained on nothing else
        return False


def _score_all(classifier: SceneClassifier, paths: list[Path], progress: Progress) -> Mapping[str, Scores]:
    rows = [classifier.score(picture_at(path), SCENE_KINDS) for path in progress(paths, "scenes")]
    return {kind: np.array([row[kind] for row in rows], np.float32) for kind in SCENE_KINDS}


def _judge_kind(kind: str, scores: ScoresByClass, pictures: PathsByClass, threshold: float) -> dict[str, Any]:
    """Separation from the quiet classes where both sides exist, then every other class's share above the threshold."""
    quiet = [label for label in QUIET_CLASSES if label in scores]
    figures: dict[str, Any] = {"shipped_threshold": threshold}
    if kind in scores and quiet:
        positives, negatives = scores[kind][kind], np.concatenate([scores[label][kind] for label in quiet])
        figures |= asdict(separation(positives, negatives))
        figures["recall_at_shipped_threshold"] = share_above(positives, threshold)
        figures["fpr_at_shipped_threshold"] = share_above(negatives, threshold)
        figures["recall_by_source"] = _by_source(pictures[kind], positives, threshold)
        figures["fpr_by_source"] = _by_source(
            [path for label in quiet for path in pictures[label]], negatives, threshold
        )
        figures["reliability"] = _reliability(positives, negatives)
    others = {label: share_above(of_class[kind], threshold) for label, of_class in scores.items() if label != kind}
    return {**figures, "share_above_by_other_class": others}


def _by_source(paths: Sequence[Path], scores: Scores, threshold: float) -> dict[str, float]:
    """The share above the threshold of each collection, which a file's name begins with: `<source>__<name>.jpg`."""
    sources = np.array([source_of(path) for path in paths])
    return {str(source): share_above(scores[sources == source], threshold) for source in np.unique(sources)}


def _reliability(positives: Scores, negatives: Scores) -> list[tuple[float, float, int]]:
    truth = np.r_[np.ones(len(positives), bool), np.zeros(len(negatives), bool)]
    return reliability_bins(np.r_[positives, negatives], truth)
