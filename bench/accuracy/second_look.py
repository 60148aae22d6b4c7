"""What the second look casts doubt on: photographs that a camera takes again and again, and fires on film.

A photograph before a firm camera never moves, as a lamp or a poster doesn't; before one that sways it moves a little.
What was filmed must never be called still.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.accuracy.pictures import Progress, limited, picture_at, pictures_in
from chalicelib.domain.confirmation import Sighting
from chalicelib.domain.doubts import Doubt, doubts
from chalicelib.domain.heat import extent
from chalicelib.domain.kinds import FIRE_SMOKE, FLOOD
from chalicelib.vision.scenes import SceneClassifier, load_scene_classifier
from chalicelib.vision.sessions import load_model
from local.demo_set.shots import shoot

PHOTOGRAPHS = 60

_LOOKS = 3
_APART = timedelta(seconds=5)
_START_UTC = datetime(2026, 3, 1, tzinfo=UTC)
_FRAME_OF = re.compile(r"(.+_mp4)-(\d+)_")
"""The collections name a frame by its film and number."""

Image = NDArray[np.uint8]
Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class _Trial:
    """Looks that might confirm an incident and the doubt that is counted; `take` makes a view of a picture."""

    kind: str
    doubt: Doubt
    looks: Sequence[tuple[Path, ...]]
    take: Callable[[Image, Rng], Image]


def judge_second_look(data: Path, models: Path, limit: int | None, progress: Progress) -> dict[str, Any]:
    """Of three positive looks at one thing after another: how many such there were, and the share in doubt."""
    classifier = load_scene_classifier(load_model(models, "scene_encoder"))
    fires, floods = (pictures_in(data / "scenes" / kind) for kind in (FIRE_SMOKE, FLOOD))
    again = [(path,) * _LOOKS for path in limited(fires, limit or PHOTOGRAPHS)]
    flooded = [(path,) * _LOOKS for path in limited(floods, limit or PHOTOGRAPHS)]
    trials = {
        "filmed_fires_called_still": _Trial(FIRE_SMOKE, Doubt.STILL, list(_films(fires)), _as_it_is),
        "firm_photographs_called_still": _Trial(FIRE_SMOKE, Doubt.STILL, again, _firm),
        "swaying_photographs_called_still": _Trial(FIRE_SMOKE, Doubt.STILL, again, _swaying),
        "swaying_floods_called_unsteady": _Trial(FLOOD, Doubt.UNSTEADY, flooded, _swaying),
    }
    return {name: _share(trial, classifier, progress, name) for name, trial in trials.items()}


def _films(paths: Sequence[Path]) -> Iterator[tuple[Path, ...]]:
    """Every three frames of one film after another."""
    films: dict[str, list[tuple[int, Path]]] = defaultdict(list)
    for path in paths:
        if named := _FRAME_OF.match(path.name):
            films[named[1]].append((int(named[2]), path))
    for frames in films.values():
        film = [path for _, path in sorted(frames)]
        yield from zip(film, film[1:], film[2:], strict=False)


def _share(trial: _Trial, classifier: SceneClassifier, progress: Progress, name: str) -> dict[str, float | int | None]:
    """Looks that aren't all positive confirm nothing and don't count."""
    rng = np.random.default_rng(0)
    seen = [_look(trial, paths, classifier, rng) for paths in progress(trial.looks, name.replace("_", " "))]
    confirmed = [one for one in seen if all(sighting.positive for sighting in one)]
    cast = [trial.doubt in doubts(trial.kind, one) for one in confirmed]
    return {"looks": len(cast), "share": float(np.mean(cast)) if cast else None}


def _look(trial: _Trial, paths: tuple[Path, ...], classifier: SceneClassifier, rng: Rng) -> tuple[Sighting, ...]:
    return tuple(
        _sighting(trial.kind, trial.take(picture_at(path), rng), _START_UTC + number * _APART, classifier)
        for number, path in enumerate(paths)
    )


def _sighting(kind: str, view_bgr: Image, at_utc: datetime, classifier: SceneClassifier) -> Sighting:
    views = classifier.look_at(view_bgr)
    score, heat = classifier.judge(views, (kind,))[kind], classifier.heat(views, (kind,))[kind]
    positive = score >= classifier.thresholds[kind]
    return Sighting(at_utc, 0, positive, score, frame_key="", sha256="", extent=extent(heat), heat=heat)


def _as_it_is(view_bgr: Image, _rng: Rng) -> Image:
    return view_bgr


def _firm(view_bgr: Image, rng: Rng) -> Image:
    """Another light within two hundredths, and the sensor's noise."""
    noise = 1.5 * rng.standard_normal((*view_bgr.shape[:2], 1), dtype=np.float32)
    return np.clip(view_bgr * np.float32(rng.uniform(0.98, 1.02)) + noise, 0, 255).astype(np.uint8)


def _swaying(view_bgr: Image, rng: Rng) -> Image:
    """As the demo's cameras take frames: up to two pixels off, in another light, with noise, as JPEG."""
    return np.asarray(cv2.imdecode(np.frombuffer(shoot(view_bgr, rng), np.uint8), cv2.IMREAD_COLOR), np.uint8)
