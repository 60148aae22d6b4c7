"""Train the scene heads from labelled photographs: `python -m bench.train_scenes --data DIR`.

Some fifteen minutes on one core, nearly all of it drawing and encoding the examples. The result is
`chalicelib/vision/heads/scenes.npz` and its card; equal data, seed and versions give equal heads.
"""

import json
import sys
from pathlib import Path
from typing import Annotated

import cv2
import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.scenes.card import read_card, write_card
from bench.scenes.data import load_photos, scenes_digest
from bench.scenes.decoys import cut_decoys
from bench.scenes.examples import count_examples, cut_from, draw_examples
from bench.scenes.training import train_head
from bench.scenes.validation import encode
from chalicelib.domain.kinds import SCENE_KINDS
from chalicelib.errors import MatphoError
from chalicelib.vision.scene_heads import SHIPPED_HEADS, load_heads, save_heads
from chalicelib.vision.sessions import load_model
from chalicelib.vision.vehicles import VehicleDetector

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
    drawn = draw_examples(photos, decoys, cuts, seed=seed)
    encoded = encode(encoder, track(drawn, "encoding", count_examples(photos, decoys, cuts), console=_console))
    trained = [train_head(encoded, kind, seed=seed) for kind in track(SCENE_KINDS, "fitting", console=_console)]
    save_heads(out, [one.head for one in trained], encoder.spec.source_sha256s[0])
    card = out.with_suffix(".json")
    digest = load_heads(out).digest
    write_card(card, trained, encoded, encoder=encoder, data_digest=scenes_digest(data), heads_digest=digest, seed=seed)
    _report(card)


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
