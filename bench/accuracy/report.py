"""The results as tables for people."""

from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.table import Table


def show(results: dict[str, Any], console: Console) -> None:
    """Print one table a part."""
    for part, figures in results.items():
        _SHOWN_BY[part](figures, console)


def _show_scenes(figures: dict[str, Any], console: Console) -> None:
    table = Table("kind", "AUC", "recall at 1 % FPR", "at 0.1 %", "recall as shipped", "FPR as shipped", title="scenes")
    columns = (
        "auc",
        "recall_at_1pct_fpr",
        "recall_at_01pct_fpr",
        "recall_at_shipped_threshold",
        "fpr_at_shipped_threshold",
    )
    for kind, row in figures["kinds"].items():
        table.add_row(kind, *(_number(row.get(column)) for column in columns))
    console.print(table)
    console.print(_other_classes(figures["kinds"]))
    console.print(_sources(figures["kinds"]))
    if figures["trained_on_these"]:
        console.print("the heads were trained on these very pictures; with each camera held out in training:")
        for kind, row in figures["cameras_held_out_in_training"].items():
            console.print(
                f"  {kind}: AUC {_number(row['auc'])}, recall at 1 % FPR {_number(row['recall_at_1pct_fpr'])}"
            )


def _other_classes(kinds: dict[str, Any]) -> Table:
    table = Table("class", *kinds, title="share above the shipped threshold where the class is another")
    for label in sorted({label for row in kinds.values() for label in row["share_above_by_other_class"]}):
        table.add_row(label, *(_number(row["share_above_by_other_class"].get(label)) for row in kinds.values()))
    return table


def _show_faces(figures: dict[str, Any], console: Console) -> None:
    console.print(f"faces: Labelled Faces in the Wild, {figures['photographs']} photographs")
    if pairs := figures["one_to_one"]:
        console.print(f"one to one: {_number(pairs['accuracy'])} of {pairs['pairs']} pairs, by fold {_folds(pairs)}")
    columns = ("list", "missed at FPIR 0.3 %", "threshold as shipped", "missed as shipped", "FPIR over its budget")
    table = Table(*columns, title="one to many (in brackets: 90 % intervals, people drawn anew)")
    rows = {name: row for name, row in figures["one_to_many"].items() if isinstance(row, dict)}
    for name, row in rows.items():
        missed, shipped = (f"{row[key]:.3f} {row[f'{key}_90_percent']}" for key in ("fnir", "shipped_fnir"))
        table.add_row(name, missed, _number(row["shipped_threshold"]), shipped, f"{row['fpir_over_budget']:.2f}")
    console.print(table)
    if figures["held_out"]:
        console.print(f"people held out in learning: FPIR over its budget {figures['held_out']['fpir_over_budget']}")


def _show_clips(figures: dict[str, Any], console: Console) -> None:
    table = Table("cadence, s", "clip", "shows", "frames", "incidents", title="clips through the rules")
    for cadence, of_cadence in figures["by_cadence_s"].items():
        for clip in of_cadence["clips"]:
            told = ", ".join(f"{one['kind']} after {one['after_s']:g} s" for one in clip["incidents"])
            table.add_row(cadence, clip["name"], clip["shows"] or "ordinary", str(clip["frames"]), told or "none")
    console.print(table)
    console.print(_clip_sums(figures["by_cadence_s"]))
    _show_flat("the second look: threes of positive looks, and the share in doubt")(figures["second_look"], console)


def _clip_sums(by_cadence: dict[str, Any]) -> Table:
    columns = ("happenings", "missed", "in_time", "slowest_s", "unasked_incidents", "false_incidents_an_hour")
    table = Table("cadence, s", *(name.replace("_", " ") for name in columns), title="clips in sum")
    for cadence, sums in by_cadence.items():
        table.add_row(cadence, *(_number(sums[name]) for name in columns))
    return table


def _folds(pairs: dict[str, Any]) -> str:
    return ", ".join(f"{fold}: {accuracy:.4f}" for fold, accuracy in pairs["accuracy_by_fold"].items())


def _sources(kinds: dict[str, Any]) -> Table:
    table = Table("kind", "collection", "found as shipped", "ordinary streets mistaken", title="by collection")
    for kind, row in kinds.items():
        found, mistaken = row.get("recall_by_source", {}), row.get("fpr_by_source", {})
        for source in sorted(found.keys() | mistaken.keys()):
            table.add_row(kind, source, _number(found.get(source)), _number(mistaken.get(source)))
    return table


def _show_flat(title: str) -> Callable[[dict[str, Any], Console], None]:
    def print_table(figures: dict[str, Any], console: Console) -> None:
        table = Table("figure", "value", title=title)
        for name, value in figures.items():
            if isinstance(value, list):  # for the card's pictures
                continue
            table.add_row(name.replace("_", " "), _number(value))
        console.print(table)

    return print_table


def _number(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_number(item)}" for key, item in value.items())
    return f"{value:.3f}" if isinstance(value, float) else str(value)


_SHOWN_BY: dict[str, Callable[[dict[str, Any], Console], None]] = {
    "scenes": _show_scenes,
    "faces": _show_faces,
    "vehicles": _show_flat("vehicles: counts, occupancy and boxes against labels"),
    "clips": _show_clips,
    "health": _show_flat("camera health: false faults, and made ones seen"),
}
