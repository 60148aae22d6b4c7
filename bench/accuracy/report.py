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
    table = Table("kind", "AUC", "recall at 1 % FPR", "recall as shipped", "FPR as shipped", title="scenes")
    columns = ("auc", "recall_at_1pct_fpr", "recall_at_shipped_threshold", "fpr_at_shipped_threshold")
    for kind, row in figures["kinds"].items():
        table.add_row(kind, *(_number(row.get(column)) for column in columns))
    console.print(table)
    console.print(_other_classes(figures["kinds"]))
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


def _show_flat(title: str) -> Callable[[dict[str, Any], Console], None]:
    def print_table(figures: dict[str, Any], console: Console) -> None:
        table = Table("figure", "value", title=title)
        for name, value in figures.items():
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
    "faces": _show_flat("faces: Labelled Faces in the Wild"),
    "vehicles": _show_flat("vehicles: counts against labels"),
}
