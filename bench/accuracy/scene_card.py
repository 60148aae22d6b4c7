"""`python -m bench.accuracy.scene_card`: docs/models/scenes.md and its pictures, from the heads' own JSON.

No photograph is needed, so that the card can't say anything else than what training measured on pictures it had not
seen.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import typer
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from bench.scenes.card import read_card
from bench.scenes.data import tells_of
from chalicelib.vision.scene_heads import SHIPPED_HEADS

CARD = SHIPPED_HEADS.with_suffix(".json")
FOLDER = Path("docs/models")
Card = Mapping[str, Any]

_WIDTH_IN, _HEIGHT_IN, _DPI = 7.2, 4.2, 90
_GOALS = {"fire_smoke": 0.96, "flood": 0.96, "congestion": 0.90, "garbage": 0.98}


def main(card: Path = CARD, folder: Path = FOLDER) -> None:
    """Write the model card of the scene heads and its three pictures."""
    content = read_card(card)
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in PICTURES.items():
        _save(draw, content, folder / f"scenes-{name}.png")
    (folder / "scenes.md").write_text(card_text(content), encoding="utf-8")
    print(json.dumps({"written": [str(folder / "scenes.md"), *(f"scenes-{name}.png" for name in PICTURES)]}))


def card_text(card: Card) -> str:
    """The card in Markdown."""
    return "\n".join(
        (*_INTRODUCTION, *_origin(card), *_separation(card), *_pictures(), *_failures(card), *_made(card), *_LIMITS, "")
    )


_INTRODUCTION = (
    "# Scene heads",
    "",
    "Written by `python -m bench.accuracy.scene_card` from `chalicelib/vision/heads/scenes.json`.",
    "",
    "What a view shows as a whole: fire or smoke, flood water, congestion, waste. A frozen encoder",
    "(EfficientNet-Lite0, Apache-2.0, in 8 bits) and one small head a kind;",
    "[ADR 15](../adr/0015-scenes-seen-twice.md), [ADR 20](../adr/0020-scenes-in-8-bits.md),",
    "[ADR 21](../adr/0021-surfaces-beside-things.md), [ADR 22](../adr/0022-fewer-pixels-fewer-channels.md) and",
    "[ADR 23](../adr/0023-squeezed-where-it-matters.md) say why. Every figure is of heads that look at the",
    "squeezed view only where it can matter, as they ship.",
    "For calling people to look at a camera; not for measuring, not for evidence on its own, not for acting unseen.",
    "",
)
_LIMITS = (
    "## Where it fails",
    "",
    "Small or distant fires in dense views, white smoke, shallow water from above, jams from afar. Flood knows two",
    "collections of positives, waste one, so that their figures are optimistic. A score is calibrated for as many",
    "positives as negatives: on a street it ranks, it isn't the chance of an incident. An incident rests on several",
    "frames (K of N), and on people.",
)


def _origin(card: Card) -> list[str]:
    photos = ", ".join(f"{label} {count}" for label, count in card["photos"].items())
    examples = ", ".join(f"{maker} {count}" for maker, count in card["examples"].items())
    digests = (card["heads_sha256"], card["encoder_source_sha256s"][0], card["data_sha256"])
    heads, encoder, data = (digest[:16] for digest in digests)
    return [
        f"* heads `{heads}`, encoder weights `{encoder}`, data `{data}`",
        f"* photographs: {photos}",
        f"* examples made of them: {examples}",
        "",
    ]


def _separation(card: Card) -> list[str]:
    lines = [
        "## On cameras it had not seen",
        "",
        "Five folds, no camera or clip in two of them; negatives are ordinary streets.",
        "",
        "| kind | AUC | recall at 1 % FPR | its goal | at 0.1 % | shipped threshold | recall there | FPR there |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for kind, row in card["kinds"].items():
        held_out = row["cameras_held_out"]
        figures = (held_out["auc"], held_out["recall_at_1pct_fpr"], _GOALS[kind], held_out["recall_at_01pct_fpr"])
        shipped = (row["threshold"], row["recall_at_threshold"], row["false_positives_at_threshold"])
        lines.append(_row(kind, *(f"{figure:.3f}" for figure in figures + shipped)))
    return [*lines, ""]


def _failures(card: Card) -> list[str]:
    """Missed by collection, and mistaken by class, each at the shipped threshold."""
    lines = [
        "## By source",
        "",
        "| kind | collection | missed | found when the whole collection is held out |",
        "|---|---|---|---|",
    ]
    for kind, row in card["kinds"].items():
        for source, missed in row["missed_by_source"].items():
            found = row["source_held_out_recall"].get(source)
            lines.append(_row(kind, source, f"{missed:.3f}", "–" if found is None else f"{found:.3f}"))
    return [*lines, ""]


def _made(card: Card) -> list[str]:
    """What was simulated on streets of cameras held out, and what lights were mistaken for."""
    lines = [
        "## Simulations and hard lights",
        "",
        "On streets of cameras it had not seen, at the shipped threshold. `particle_fire` is drawn by a renderer that",
        "no head learns from; `cut_fire` are flames of photographs that were held out with their street.",
        "",
        "| kind | found | mistaken |",
        "|---|---|---|",
    ]
    for kind, row in card["kinds"].items():
        found, mistaken = (
            ", ".join(f"{name} {share:.3f}" for name, share in row[part].items()) or "–"
            for part in ("simulated_found", "hard_mistaken")
        )
        lines.append(_row(kind, found, mistaken))
    return [*lines, ""]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _pictures() -> list[str]:
    return [line for name in PICTURES for line in (f"![{_CAPTIONS[name]}](scenes-{name}.png)", "")]


def _draw_roc(card: Card, axes: Axes) -> None:
    for kind, row in card["kinds"].items():
        rates, recalls = zip(*row["roc"], strict=True)
        axes.plot([max(rate, 1e-3) for rate in rates], recalls, label=kind, drawstyle="steps-post")
    axes.axvline(0.01, color="grey", linewidth=0.8, linestyle=":")
    axes.set(xscale="log", xlabel="share of ordinary streets mistaken", ylabel="share found", ylim=(0.4, 1.01))
    axes.legend()


def _draw_reliability(card: Card, axes: Axes) -> None:
    axes.plot((0, 1), (0, 1), color="grey", linewidth=0.8, linestyle=":")
    for kind, row in card["kinds"].items():
        said, true, _ = zip(*row["reliability"], strict=True)
        axes.plot(said, true, marker="o", markersize=4, label=kind)
    axes.set(xlabel="score", ylabel="share that shows the kind")
    axes.legend()


def _draw_failures(card: Card, axes: Axes) -> None:
    labels = sorted({label for row in card["kinds"].values() for label in row["false_positives_by_class"]})
    step = 0.8 / len(card["kinds"])
    for number, (kind, row) in enumerate(card["kinds"].items()):
        mistaken = {label: share for label, share in row["false_positives_by_class"].items() if tells_of(label, kind)}
        shares = [mistaken.get(label, 0.0) for label in labels]
        axes.barh([place + number * step for place in range(len(labels))], shares, step, label=kind)
    axes.set_yticks([place + 0.4 - step / 2 for place in range(len(labels))], labels)
    axes.set(xlabel="share above the shipped threshold that shows something else")
    axes.legend()


PICTURES: Mapping[str, Callable[[Card, Axes], None]] = {
    "roc": _draw_roc,
    "reliability": _draw_reliability,
    "failures": _draw_failures,
}
_CAPTIONS = {
    "roc": "Share found against share of ordinary streets mistaken, by kind",
    "reliability": "How often a score is right, by kind",
    "failures": "What is mistaken for each kind, by class",
}


def _save(draw: Callable[[Card, Axes], None], card: Card, path: Path) -> None:
    mpl.use("Agg")
    figure, axes = plt.subplots(figsize=(_WIDTH_IN, _HEIGHT_IN), layout="constrained")
    draw(card, axes)
    figure.savefig(path, dpi=_DPI, metadata={"Software": None})
    plt.close(figure)


if __name__ == "__main__":
    typer.run(main)
