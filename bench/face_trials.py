"""What might find more of a list, tried on people held out: `python -m bench.face_trials --data DIR`; ten minutes.

Average face and cohort come from half of the people, the other half is listed with one photograph each and searched by
another, as in bench/accuracy/held_out.py. FNIR is what is missed at FPIR 0.3, 1 and 3 %, thresholds found on these very
lists. A trial wins only where it misses less by more than the scatter of the splits; halves overlap, so that the real
uncertainty is larger than the error that is told. The JSON is the last line.
"""

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from bench.accuracy.face_templates import FacePhotos, Float32, read_faces
from bench.accuracy.faces import FOLDER, SHIPPED_CURVE
from bench.accuracy.held_out import FEWEST_PEOPLE, halves
from bench.accuracy.identification import Searches, search_lists
from bench.accuracy.labels import mend_labels
from bench.accuracy.pictures import pictures_in
from bench.impostors import usable_only
from chalicelib.domain.thresholds import parse_impostor_curve
from chalicelib.errors import InvalidInput, MatphoError
from chalicelib.vision.face_detection import FaceDetector
from chalicelib.vision.face_embedding import FaceEmbedder
from chalicelib.vision.face_space import unit_rows
from chalicelib.vision.sessions import load_model

FPIRS = (0.003, 0.01, 0.03)
SHIPPED = "as shipped"

Places = NDArray[np.intp]
Trial = Callable[[Float32, Float32, Float32], Float32]
"""Scores `(n, n)` of searched against enrolled rows, both `(n, dim)`, given a cohort `(m, dim)` of other people."""

_console = Console(stderr=True)


def main(
    data: Annotated[Path, typer.Option(help="a folder with faces/lfw/<person>/*.jpg")],
    models: Annotated[Path, typer.Option(help="where the fetched models lie")] = Path(".models"),
) -> None:
    """Tell what each trial misses, and by how much less than what ships."""
    try:
        detector = FaceDetector(load_model(models, "face_detector"))
        embedder = FaceEmbedder(load_model(models, "face_embedder"))
        paths = pictures_in(data / FOLDER, pattern="*/*")
        photos = usable_only(read_faces(track(paths, "faces", console=_console), detector, embedder))
        figures = judge_trials(photos, TRIALS)
    except MatphoError as error:
        _console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error
    print(json.dumps({"bench": "face_trials", **figures}))


def cosines(searched: Float32, enrolled: Float32, _cohort: Float32) -> Float32:
    return searched @ enrolled.T


def s_norm(searched: Float32, enrolled: Float32, cohort: Float32, *, nearest: int) -> Float32:
    """Each score in standard deviations of what either side has with the cohort's nearest, their mean."""
    whole = searched @ enrolled.T
    of_enrolled, of_searched = (_nearest(rows @ cohort.T, nearest) for rows in (enrolled, searched))
    by_enrolled = (whole - of_enrolled.mean(axis=1)) / of_enrolled.std(axis=1)
    by_searched = (whole - of_searched.mean(axis=1)[:, None]) / of_searched.std(axis=1)[:, None]
    return np.asarray((by_enrolled + by_searched) / 2, np.float32)


def less_nearest(searched: Float32, enrolled: Float32, cohort: Float32, *, nearest: int, share: float) -> Float32:
    """Without a share of how much either side resembles the cohort's nearest."""
    of_enrolled, of_searched = (_nearest(rows @ cohort.T, nearest).mean(axis=1) for rows in (enrolled, searched))
    return np.asarray(searched @ enrolled.T - share * (of_enrolled + of_searched[:, None]) / 2, np.float32)


def closer(searched: Float32, enrolled: Float32, _cohort: Float32, *, share: float) -> Float32:
    """Searched by templates drawn to the closer look, which is what a photograph's own enrolled row is."""
    drawn = unit_rows((1 - share) * searched + share * enrolled)
    return drawn @ enrolled.T


TRIALS: Mapping[str, Trial] = {
    SHIPPED: cosines,
    "s-norm, whole cohort": partial(s_norm, nearest=10_000),
    "s-norm, nearest 200": partial(s_norm, nearest=200),
    "s-norm, nearest 50": partial(s_norm, nearest=50),
    "less half of the nearest 100": partial(less_nearest, nearest=100, share=0.5),
    "less the nearest 20": partial(less_nearest, nearest=20, share=1.0),
    "closer look by half more": partial(closer, share=0.5),
    "closer look alone": partial(closer, share=1.0),
}


def judge_trials(photos: FacePhotos, trials: Mapping[str, Trial]) -> dict[str, Any]:
    """FNIR at each FPIR in the mean of the splits; how much less that is than as shipped, with its standard error."""
    _, labelled = np.unique(photos.people, return_inverse=True)
    curve = parse_impostor_curve(SHIPPED_CURVE.read_bytes())
    person, _ = mend_labels(photos.searched @ photos.enrolled.T, labelled, curve)
    if person.max() + 1 < FEWEST_PEOPLE:
        raise InvalidInput(f"{person.max() + 1} people are too few to hold half of them out")
    sides = list(halves(person))
    missed = {
        name: np.array([_missed(_searches(photos, person, side, trial)) for side in sides])
        for name, trial in track(trials.items(), "trials", console=_console)
    }
    return {
        "splits": len(sides),
        "fpirs": FPIRS,
        "trials": {
            name: {
                "fnir": of.mean(axis=0).round(4).tolist(),
                "less_than_shipped": (missed[SHIPPED] - of).mean(axis=0).round(4).tolist(),
                "standard_error": ((missed[SHIPPED] - of).std(axis=0) / len(sides) ** 0.5).round(4).tolist(),
            }
            for name, of in missed.items()
        },
    }


def _searches(photos: FacePhotos, person: Places, learnt: NDArray[np.bool_], trial: Trial) -> Searches:
    """List and search one half; average face and cohort, a photograph each, are the other half's."""
    centre = photos.enrolled[learnt].mean(axis=0)
    enrolled, searched = unit_rows(photos.enrolled - centre), unit_rows(photos.searched - centre)
    _, firsts = np.unique(person[learnt], return_index=True)
    _, judged = np.unique(person[~learnt], return_inverse=True)
    scores = trial(searched[~learnt], enrolled[~learnt], enrolled[learnt][firsts])
    return search_lists(scores, judged, list_size=int(judged.max()) + 1)


def _missed(searches: Searches) -> list[float]:
    falling = np.sort(searches.best_of_others)[::-1]
    return [float((searches.own <= falling[int(len(falling) * fpir)]).mean()) for fpir in FPIRS]


def _nearest(scores: Float32, count: int) -> Float32:
    kept = min(count, scores.shape[1])
    return np.asarray(-np.partition(-scores, kept - 1, axis=1)[:, :kept], np.float32)


if __name__ == "__main__":
    typer.run(main)
