"""The heads' card: where they come from and how well they did, for people and for the accuracy bench."""

import json
from collections import Counter
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.scenes.training import TrainedHead
from bench.scenes.validation import EncodedSet
from chalicelib.vision.sessions import Model

_PACKAGES = ("numpy", "scikit-learn", "opencv-python-headless", "onnxruntime")


def write_card(
    path: Path,
    trained: list[TrainedHead],
    encoded: EncodedSet,
    *,
    encoder: Model,
    data_digest: str,
    heads_digest: str,
    seed: int,
) -> None:
    """Write everything needed to judge the heads and to train them again; figures are out-of-fold."""
    card: dict[str, Any] = {
        "heads_sha256": heads_digest,
        "data_sha256": data_digest,
        "encoder_source_sha256s": encoder.spec.source_sha256s,
        "seed": seed,
        "packages": {package: version(package) for package in _PACKAGES},
        "examples": dict(sorted(Counter(example.made_by for example in encoded.examples).items())),
        "photos": dict(sorted(Counter(e.photo.label for e in encoded.examples if e.is_real).items())),
        "kinds": {one.head.kind: _of_kind(one) for one in trained},
    }
    path.write_text(json.dumps(_rounded(card), indent=1) + "\n", encoding="utf-8")


def read_card(path: Path) -> dict[str, Any]:
    card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return card


def _of_kind(trained: TrainedHead) -> dict[str, Any]:
    head = {"threshold": trained.head.threshold, "typical_logit": trained.head.typical_logit}
    return {**head, "recipe": asdict(trained.recipe), **asdict(trained.validation), **asdict(trained.curves)}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value
