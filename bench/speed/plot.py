"""A run's figures as one picture: where a frame's time goes, and how we stand beside others."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.speed.contestants import OURS

_OURS_COLOUR, _OTHERS = "#c2410c", "#94a3b8"
_STAGES = ("decode, and make small", "camera health", "scenes", "vehicles", "faces, none there")
_FACES = "4"


def plot(told: Mapping[str, Any], path: Path) -> None:
    """Draw the parts that ran side by side into a PNG; nothing where none of them has a drawing."""
    mpl.use("Agg")
    drawn = [name for name in _DRAWERS if name in told]
    if not drawn:
        return
    figure = Figure(figsize=(5.5 * len(drawn), 4.2), layout="constrained")
    for axes, name in zip(figure.subplots(1, len(drawn), squeeze=False)[0], drawn, strict=True):
        _DRAWERS[name](axes, told[name])
    figure.savefig(path, dpi=110)


def _stages(axes: Axes, told: Mapping[str, Any]) -> None:
    for row, by_stage in enumerate(told.values()):
        left = 0.0
        for number, stage in enumerate(_STAGES):
            axes.barh(row, by_stage[stage], left=left, color=f"C{number}", label=None if row else stage)
            left += by_stage[stage]
        axes.text(left, row, f" {left:.0f}", va="center")
    axes.set_title("One frame by stage, ms", loc="left")
    axes.set_yticks(range(len(told)), list(told))
    axes.legend(fontsize="small", ncols=3, loc="lower left")
    axes.set_ylim(-1.1, len(told) - 0.4)
    axes.margins(x=0.15)


def _faces(axes: Axes, told: Mapping[str, Any]) -> None:
    contestants = told["contestants"][::-1]
    names = [one["name"] for one in contestants]
    colours = [_OURS_COLOUR if name == OURS else _OTHERS for name in names]
    bars = axes.barh(names, [one["ms"][_FACES] for one in contestants], color=colours)
    axes.bar_label(bars, fmt=" {:.0f}")
    axes.set_title(f"Full HD with {_FACES} faces, ms", loc="left")
    axes.margins(x=0.2)


def _search(axes: Axes, told: Mapping[str, Any]) -> None:
    lengths = [one["length"] for one in told["lists"]]
    for name in told["lists"][0]["ms"]["1"]:
        style = {"color": _OURS_COLOUR, "linewidth": 2.5} if name == OURS else {"linestyle": "--"}
        axes.plot(lengths, [one["ms"]["1"][name] for one in told["lists"]], marker="o", label=name, **style)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("templates")
    axes.set_title("Exact search of one face, ms", loc="left")
    axes.legend(fontsize="small")


_DRAWERS = {"stages": _stages, "faces": _faces, "search": _search}
