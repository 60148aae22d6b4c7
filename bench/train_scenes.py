"""Train the scene heads from labelled photographs: `python -m bench.train_scenes --data DIR`.

Some fifteen minutes on one core, nearly all of it drawing and encoding the examples. The result is
`chalicelib/vision/heads/scenes.npz` and its card; equal data, seed and versions give equal heads.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.scenes.card import read_card, write_card
from bench.scenes.data import load_photos, scenes_digest
from bench.scenes.decoys import cut_decoys
from bench.scenes.examples import Example, count_examples, cut_from, draw_examples
from bench.scenes.training import train_head
from bench.scenes.validation import EncodedSet
from chalicelib.domain.kinds import SCENE_KINDS
from chalicelib.errors import MatphoError
from chalicelib.vision.scene_heads import SHIPPED_HEADS, load_heads, save_heads
from chalicelib.vision.scenes import encode_views
from chalicelib.vision.sessions import Model, load_model
from chalicelib.vision.vehicles import VehicleDetector
from overlays.raster import BgrImage

_console = Console(stderr=True)


def main(
    data: Annotated[Path, typer.Option(help="labelled photographs: scenes/<class>/*.jpg")],
    models: Annotated[Path, typer.Option(help="where the fetched models lie")] = Path(".models"),
    out: Annotated[Path, typer.Option(help="the heads' file; the card is written beside it")] = SHIPPED_HEADS,
    seed: int = 20,
) -> None:
    """Train, validate and write the scene heads."""
    try:
        _train(data, models, out, seed)
    except MatphoError as error:
        _console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error


def _train(data: Path, models: Path, out: Path, seed: int) -> None:
    cv2.setNumThreads(1)
    encoder = load_model(models, "scene_encoder")
    photos = load_photos(data)
    decoys = cut_decoys(photos, VehicleDetector(load_model(models, "vehicle_detector")))
    cuts = cut_from(photos)
    encoded = _encode(encoder, draw_examples(photos, decoys, cuts, seed=seed), count_examples(photos, decoys, cuts))
    trained = [train_head(encoded, kind, seed=seed) for kind in track(SCENE_KINDS, "fitting", console=_console)]
    save_heads(out, [one.head for one in trained], encoder.spec.source_sha256s[0])
    card = out.with_suffix(".json")
    digest = load_heads(out).digest
    write_card(card, trained, encoded, encoder=encoder, data_digest=scenes_digest(data), heads_digest=digest, seed=seed)
    _report(card)


def _encode(encoder: Model, examples: Iterable[tuple[Example, BgrImage]], count: int) -> EncodedSet:
    """Half precision keeps some 9,600 examples in 700 MB."""
    kept: list[Example] = []
    rows: list[NDArray[np.float16]] = []
    for example, image_bgr in track(examples, "encoding", total=count, console=_console):
        kept.append(example)
        rows.append(encode_views(encoder, image_bgr).astype(np.float16))
    return EncodedSet(kept, np.stack(rows))


def _report(card_path: Path) -> None:
    card = read_card(card_path)
    table = Table("kind", "AUC", "recall at 1 % FPR", "threshold", "recall", "FPR", title="cameras held out")
    for kind, row in card["kinds"].items():
        held_out = row["cameras_held_out"]
        figures = (held_out["auc"], held_out["recall_at_1pct_fpr"], row["threshold"])
        at_threshold = (row["recall_at_threshold"], row["false_positives_at_threshold"])
        table.add_row(kind, *(f"{figure:.3f}" for figure in figures + at_threshold))
    _console.print(table)
    json.dump(card, sys.stdout)
    print()


if __name__ == "__main__":
    typer.run(main)
