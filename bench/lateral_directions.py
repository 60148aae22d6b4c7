"""In which directions street pictures differ within NanoDet's pyramid: `python -m bench.lateral_directions --data DIR`.

Half a minute on one core. The result is `layers/models/convert/nanodet_laterals.npy`; the bounds of values
(`python -m bench.value_ranges vehicle_detector`) and then the models must be built anew.
"""

from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from rich.progress import track

from bench.exact_networks import published, revealing
from bench.scenes.data import load_photos
from chalicelib.domain.kinds import CONGESTION
from chalicelib.vision.sessions import Model, load_models_index
from chalicelib.vision.vehicles import letterbox
from layers.models.convert.nanodet import convert_exactly
from layers.models.convert.nanodet_int8 import fold_biases
from layers.models.convert.nanodet_laterals import DIRECTIONS, SUMS

_STREETS = ("normal", CONGESTION)
_JOB = "vehicle_detector"


def main(
    data: Annotated[Path, typer.Option(help="labelled photographs: scenes/ and vehicles/")],
    models: Annotated[Path, typer.Option(help="where the fetched models lie")] = Path(".models"),
    out: Annotated[Path, typer.Option(help="where to write the directions")] = DIRECTIONS,
    kept: Annotated[int, typer.Option(help="how many of the 128", min=1, max=128)] = 72,
    every: Annotated[int, typer.Option(help="take every so many photographs", min=1)] = 3,
) -> None:
    """Run the exact network on streets, with traffic and without, and write down what its pyramid mostly holds."""
    cv2.setNumThreads(1)
    network = published(_JOB, convert_exactly)
    fold_biases(network.graph)
    model = revealing(network, load_models_index(models)[_JOB], SUMS)
    streets = [photo for photo in load_photos(data) if photo.path.parent.name in _STREETS][::every]
    moments = sum(_moments(model, letterbox(street.read(), model.spec.input_wh)[0]) for street in track(streets))
    # The levels weigh alike, though the finest has sixteen times as many cells as the coarsest.
    together = np.sum([of_level / np.trace(of_level) for of_level in np.asarray(moments)], axis=0)
    shares, directions = np.linalg.eigh(together)
    np.save(out, directions[:, ::-1][:, :kept].T.astype(np.float16))
    print(f"{kept} directions hold {shares[::-1][:kept].sum() / shares.sum():.2f} of what {len(streets)} streets show")


def _moments(model: Model, canvas_bgr: NDArray[np.uint8]) -> NDArray[np.float64]:
    """How the channels go together over the cells of each level: (levels, channels, channels)."""
    levels = [level[0].reshape(level.shape[1], -1).astype(np.float64) for level in model.run(model.blob(canvas_bgr))]
    return np.stack([level @ level.T for level in levels])


if __name__ == "__main__":
    typer.run(main)
