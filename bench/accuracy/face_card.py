"""`python -m bench.accuracy.face_card [RESULTS]`: docs/models/faces.md and its picture, from measured figures.

RESULTS is a file with what `bench.accuracy --parts faces`, `bench.face_covers` or `bench.face_trials` printed;
its figures are kept beside the card, so that without RESULTS the card is written from those. Words are in face_card.md
here; of numbers only those of experiments whose scripts weren't kept.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from string import Template
from typing import Annotated, Any

import matplotlib as mpl
import typer
from matplotlib import pyplot as plt

FOLDER = Path("docs/models")
CURVE = Path("chalicelib/vision/heads/impostors_sface.json")
WORDS = Path(__file__).with_suffix(".md")
Figures = Mapping[str, Any]

_KEPT: Mapping[str, Callable[[Figures], dict[str, Any]]] = {
    "accuracy": lambda printed: dict(printed["faces"]),
    "face_covers": lambda printed: {"covers": printed},
    "face_trials": lambda printed: {"trials": printed},
}
"""What of a bench's figures the card is made of."""

_WIDTH_IN, _HEIGHT_IN, _DPI = 7.2, 4.2, 90


def main(
    results: Annotated[Path | None, typer.Argument(help="what one of the benches printed, in a file")] = None,
    folder: Annotated[Path, typer.Option(help="where card, figures and picture go")] = FOLDER,
) -> None:
    """Write the model card of the faces and its picture."""
    kept = folder / "faces.json"
    folder.mkdir(parents=True, exist_ok=True)
    if results is not None:
        printed = json.loads(results.read_text(encoding="utf-8").splitlines()[-1])
        figures = (json.loads(kept.read_bytes()) if kept.exists() else {}) | _KEPT[printed["bench"]](printed)
        kept.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    curve = json.loads(CURVE.read_bytes())
    _draw_curve(curve, folder / "faces-curve.png")
    (folder / "faces.md").write_text(card_text(json.loads(kept.read_bytes()), curve), encoding="utf-8")
    print(json.dumps({"written": [str(folder / name) for name in ("faces.md", "faces.json", "faces-curve.png")]}))


def card_text(figures: Figures, curve: Figures) -> str:
    """The card in Markdown; raises KeyError where a figure is missing."""
    pairs = figures["one_to_one"]
    return Template(WORDS.read_text(encoding="utf-8")).substitute(
        pairs=f"{pairs['pairs']:,}",
        accuracy=f"{pairs['accuracy']:.4f}",
        folds=", ".join(f"{accuracy:.4f}" for accuracy in pairs["accuracy_by_fold"].values()),
        not_found=figures["faces_not_found"],
        photographs=f"{figures['photographs']:,}",
        refused=figures["refused_by_quality_gate"],
        lists="\n".join(_list_rows(figures["one_to_many"])),
        suspected=figures["one_to_many"]["suspected_label_errors"],
        held_out=_held_out(figures["held_out"]),
        comparisons=f"{curve['pairs']:,}",
        people=f"{curve['people']:,}",
        tail=f"{curve['tail']['cosine']:.3f}",
        curve="\n".join(_curve_rows(curve)),
        trials="\n".join(_trial_rows(figures["trials"])),
        **_cover_words(figures["covers"]),
    )


def _list_rows(lists: Figures) -> Iterator[str]:
    yield "| list | FNIR at FPIR 0.3 % (goal for 1,000: 0.03) | shipped threshold | FNIR there | FPIR over budget |"
    yield "|---|---|---|---|---|"
    for name, row in lists.items():
        if isinstance(row, dict):
            missed, shipped = (_with_interval(row, key) for key in ("fnir", "shipped_fnir"))
            yield f"| {name} | {missed} | {row['shipped_threshold']:.3f} | {shipped} | {row['fpir_over_budget']:.2f} |"


def _with_interval(row: Figures, key: str) -> str:
    low, high = row[f"{key}_90_percent"]
    return f"{row[key]:.3f} [{low:.3f}, {high:.3f}]"


def _held_out(figures: Figures | None) -> str:
    if figures is None:
        return ""
    low, high = figures["fpir_over_budget_10_to_90_percent"]
    return (
        "With average face and curve learnt from half of the people and judged on the other half\n"
        f"({figures['list_size']} listed, {figures['splits']} splits) FPIR over budget is "
        f"**{figures['fpir_over_budget']}** in the mean; single splits scatter\n"
        f"from {low} to {high}, as the budget of a split is two people."
    )


def _curve_rows(curve: Figures) -> Iterator[str]:
    yield "| FMR | cosine | 90 % interval | counted FMR | true pairs accepted | decoys reached, over strangers |"
    yield "|---|---|---|---|---|---|"
    for row, decoy in zip(curve["rows"], curve["decoys"], strict=True):
        low, high = row["cosine_90_percent"]
        cells = (f"{row['fmr']:g}", f"{row['cosine']:.3f}", f"{low:.3f} to {high:.3f}", f"{row['counted_fmr']:.2g}")
        yield f"| {' | '.join(cells)} | {row['same_person_accepted']:.3f} | {decoy['share']:.2f} |"


def _trial_rows(trials: Figures) -> Iterator[str]:
    rates = " | ".join(f"FPIR {100 * fpir:g} %" for fpir in trials["fpirs"])
    yield f"| held out, one photograph each | {rates} |"
    yield f"|---|{'---|' * len(trials['fpirs'])}"
    for name, row in trials["trials"].items():
        fewer = zip(row["fnir"], row["less_than_shipped"], row["standard_error"], strict=True)
        cells = " | ".join(f"{fnir:.3f} ({0 - less:+.3f} ± {error:.3f})" for fnir, less, error in fewer)
        yield f"| {name} | {cells} |"


def _cover_words(covers: Figures) -> dict[str, str]:
    masked, grey = covers["masked_called_covered"], covers["masked_called_covered_in_grey_light"]
    return {
        "cover_people": f"{covers['people']:,}",
        "cover_skin": f"{masked['skin']:.2f}",
        "cover_least": f"{min(share for cloth, share in masked.items() if cloth != 'skin'):.2f}",
        "cover_grey": f"{min(grey.values()):.2f}",
        "cover_glasses": f"{covers['dark_glasses_called_so']:.2f}",
        "cover_bare": f"{covers['bare_called_covered']:.3f}",
        "cover_bare_glasses": f"{covers['bare_called_in_dark_glasses']:.3f}",
    }


def _draw_curve(curve: Figures, path: Path) -> None:
    mpl.use("Agg")
    figure, axes = plt.subplots(figsize=(_WIDTH_IN, _HEIGHT_IN), layout="constrained")
    rows = curve["rows"]
    cosines, rates = [row["cosine"] for row in rows], [row["fmr"] for row in rows]
    low, high = zip(*(row["cosine_90_percent"] for row in rows), strict=True)
    axes.fill_betweenx(rates, low, high, alpha=0.25, label="90 % interval, people drawn anew")
    axes.plot(cosines, rates, label="strangers, fitted")
    axes.plot(cosines, [row["counted_fmr"] or float("nan") for row in rows], "o", label="strangers, counted")
    axes.plot(cosines, [1 - row["same_person_accepted"] for row in rows], "--", label="true pairs missed")
    axes.set(yscale="log", xlabel="cosine", ylabel="share of comparisons")
    axes.legend()
    figure.savefig(path, dpi=_DPI, metadata={"Software": None})
    plt.close(figure)


if __name__ == "__main__":
    typer.run(main)
