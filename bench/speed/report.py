"""A run's figures as tables for people."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table


def show(told: Mapping[str, Any], console: Console) -> None:
    """Print a table for each part that ran, and what was left out with the reason."""
    for part, print_part in _PRINTERS.items():
        if part in told:
            print_part(told[part], console)
            for name, reason in told[part].get("missing", {}).items():
                console.print(f"{name}: left out, {reason}", style="yellow", markup=False)


def _stages(told: Mapping[str, Any], console: Console) -> None:
    sizes = [size for size in told if "x" in size]
    rows = [(stage, *(f"{told[size][stage]:.1f}" for size in sizes)) for stage in told[sizes[0]]]
    console.print(_table("One frame by stage, ms", ("stage", *sizes), rows))


def _growth(told: Mapping[str, Any], console: Console) -> None:
    _grown("A street frame by its size", "frame", told["frame_wh"], console)
    _grown("The face path by the number of good faces", "faces", told["faces"], console)


def _quiet(told: Mapping[str, Any], console: Console) -> None:
    _grown("Around the models, a quiet frame by cameras in the city", "cameras", told["cameras"], console)
    _grown("The same on a designated camera by entries listed", "listed", told["listed"], console)
    console.print(f"{told['writes']} writes in twenty seconds of quiet frames")


def _faces(told: Mapping[str, Any], console: Console) -> None:
    counts = list(told["contestants"][0]["ms"])
    rows = [
        (
            one["name"],
            one["version"],
            *(f"{one['ms'][count]:.0f} ({one['times_ours'][count]:.2g}×)" for count in counts),
            "" if one["recognised"] is None else f"{one['recognised']:.3f}",
        )
        for one in told["contestants"]
    ]
    width, height = told["frame_wh"]
    heads = ("", "version", *(f"faces: {count}" for count in counts), "share")
    console.print(
        _table(f"The face path at {width}x{height}, ms (times ours), and the share of people recognised", heads, rows)
    )


def _search(told: Mapping[str, Any], console: Console) -> None:
    names = list(told["lists"][0]["ms"]["1"])
    rows = [
        (
            f"{one['length']:,}",
            faces,
            *(f"{one['ms'][faces][name]:.3g} ({one['times_ours'][faces][name]:.2g}×)" for name in names),
            "yes" if one["same"] else "NO",
        )
        for one in told["lists"]
        for faces in one["ms"]
    ]
    console.print(_table("Exact search, ms (times ours)", ("templates", "faces", *names, "same"), rows))


def _processes(told: Mapping[str, Any], console: Console) -> None:
    without, with_list = told["fresh"], told["with_list"]
    rows = [(key.replace("_", " "), f"{without[key]:.0f}", f"{with_list[key]:.0f}") for key in without]
    console.print(_table("A fresh process", ("", "without a list", f"{told['listed']:,} listed"), rows))
    rates = ", ".join(f"{rate:g} with {count}" for count, rate in told["frames_a_second"].items())
    console.print(f"Frames a second by processes: {rates}")


def _grown(title: str, what: str, told: Mapping[str, float], console: Console) -> None:
    console.print(_table(f"{title}, ms", (what, *told), [("", *(f"{ms:.3g}" for ms in told.values()))]))


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    for number, head in enumerate(heads):
        table.add_column(head, justify="right" if number else "left")
    for row in rows:
        table.add_row(*row)
    return table


_PRINTERS = {
    "stages": _stages,
    "growth": _growth,
    "quiet": _quiet,
    "faces": _faces,
    "search": _search,
    "processes": _processes,
}
