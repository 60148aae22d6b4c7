"""`python -m bench.scenes.normals --data DIR`: what judging a camera by its own normal gains, kind by kind.

Heads that never saw a camera score its quiet pictures and the incidents simulated on them, with and without its normal,
which is learnt from its other quiet pictures. Some fifteen minutes on one core: the whole training set is drawn anew.
"""

import json
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from bench.scenes.data import load_photos
from bench.scenes.decoys import cut_decoys
from bench.scenes.examples import CAMERA, count_examples, cut_from, draw_examples
from bench.scenes.fitting import RECIPES, Bools, Floats, calibrate, pooled, squeezed_rule
from bench.scenes.metrics import FALSE_POSITIVE_GOAL, share_above, threshold_at
from bench.scenes.validation import EncodedSet, encode, group_folds, made_by, out_of_fold, quiet_rows
from chalicelib.domain.kinds import FIRE_SMOKE, FLOOD, GARBAGE
from chalicelib.domain.scene_reference import Usual, excess
from chalicelib.errors import MatphoError
from chalicelib.vision.sessions import load_model
from chalicelib.vision.vehicles import VehicleDetector

SEEDS = (20, 21, 22)
"""Three draws of which cameras are held out together."""
LEAST_QUIET = 8
_SIMULATED = {FIRE_SMOKE: "fire", FLOOD: "flood", GARBAGE: "garbage"}

_console = Console(stderr=True)


def main(
    data: Annotated[Path, typer.Option(help="labelled photographs: scenes/<class>/*.jpg")],
    models: Annotated[Path, typer.Option(help="where the fetched models lie")] = Path(".models"),
) -> None:
    """Print what is found and mistaken with and without the cameras' normals, the mean of three draws."""
    cv2.setNumThreads(1)
    try:
        encoded = _encode(data, models)
    except MatphoError as error:
        _console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error
    gains = {kind: [gain(encoded, kind, seed=seed) for seed in SEEDS] for kind in _SIMULATED}
    means = {
        kind: {name: float(np.mean([one[name] for one in draws])) for name in draws[0]} for kind, draws in gains.items()
    }
    print(json.dumps({"bench": "normals", "kinds": means}))


def gain(encoded: EncodedSet, kind: str, *, seed: int) -> dict[str, float]:
    """One kind's figures on one draw: at 1 % false alarms of its own, and where 1 % of all quiet streets would be."""
    recipe, examples = RECIPES[kind], encoded.examples
    of_views, truth = out_of_fold(encoded, kind, recipe, group_folds(examples, seed=seed)), encoded.truth(kind)
    real, quiet = made_by(examples, CAMERA) & (truth >= 0), quiet_rows(examples)
    logits = pooled(of_views, recipe, squeezed_rule(of_views, quiet, recipe))
    slope, offset = calibrate(logits[real], truth[real] == 1)
    plain = np.asarray(slope * logits + offset, np.float32)
    at_logit = threshold_at(plain[quiet], FALSE_POSITIVE_GOAL)
    cameras, simulated = _groups(encoded, quiet), made_by(examples, _SIMULATED[kind])
    judged = judge(plain, quiet, cameras)
    known = np.any(cameras, axis=0)
    figures = {
        "cameras": float(len(cameras)),
        "incidents": float((simulated & known).sum()),
        "quiet": float((quiet & known).sum()),
    }
    for name, scores in (("plain", plain), ("judged", judged)):
        found, mistaken = scores[simulated & known], scores[quiet & known]
        figures[f"{name}_found_at_1pct"] = share_above(found, threshold_at(mistaken, FALSE_POSITIVE_GOAL))
        figures[f"{name}_found_at_threshold"] = share_above(found, at_logit)
        figures[f"{name}_mistaken_at_threshold"] = share_above(mistaken, at_logit)
    return figures


def judge(logits: Floats, quiet: Bools, cameras: list[Bools]) -> Floats:
    """Each row of a camera less its excess; a quiet picture is judged by the camera's other quiet ones."""
    typical, judged = float(np.median(logits[quiet])), logits.copy()
    for rows in cameras:
        mine = np.flatnonzero(rows & quiet)
        for row in np.flatnonzero(rows):
            others = logits[mine[mine != row]]
            judged[row] -= excess(Usual(float(others.mean()), len(others)), typical)
    return judged


def _groups(encoded: EncodedSet, quiet: Bools) -> list[Bools]:
    """The rows of each camera that has quiet pictures enough."""
    groups: NDArray[np.str_] = np.array([example.photo.group for example in encoded.examples])
    rows = (groups == group for group in np.unique(groups[quiet]))
    return [of_camera for of_camera in rows if (of_camera & quiet).sum() >= LEAST_QUIET]


def _encode(data: Path, models: Path) -> EncodedSet:
    encoder, photos = load_model(models, "scene_encoder"), load_photos(data)
    decoys = cut_decoys(photos, VehicleDetector(load_model(models, "vehicle_detector")))
    cuts = cut_from(photos)
    drawn = draw_examples(photos, decoys, cuts, seed=SEEDS[0])
    return encode(encoder, track(drawn, "encoding", count_examples(photos, decoys, cuts), console=_console))


if __name__ == "__main__":
    typer.run(main)
