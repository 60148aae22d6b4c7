"""The pictures of the vehicles' card: how precise finds are, whether counts can be relied on, and where they fail."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

Figures = Mapping[str, Any]

_WIDTH_IN, _HEIGHT_IN, _DPI = 7.2, 4.2, 90


def draw_pictures(vehicles: Figures, folder: Path) -> list[Path]:
    """Write all of them from the figures of `bench.accuracy --parts vehicles`; returns where."""
    mpl.use("Agg")
    written = []
    for name, draw in PICTURES.items():
        figure, axes = plt.subplots(figsize=(_WIDTH_IN, _HEIGHT_IN), layout="constrained")
        draw(vehicles, axes)
        written.append(folder / f"vehicles-{name}.png")
        figure.savefig(written[-1], dpi=_DPI, metadata={"Software": None})
        plt.close(figure)
    return written


def _precision(vehicles: Figures, axes: Axes) -> None:
    recall, precision = zip(*vehicles["precision_by_recall"], strict=True)
    axes.plot(recall, precision)
    axes.set(xlabel="share of labelled vehicles found (recall)", ylabel="share of finds that are labelled (precision)")
    axes.set(xlim=(0, 1), ylim=(0, 1))


def _reliability(vehicles: Figures, axes: Axes) -> None:
    by_source = _by_source(vehicles)
    for source, rows in by_source.items():
        axes.scatter([row["labelled"] for row in rows], [row["counted"] for row in rows], s=12, alpha=0.6, label=source)
    most = max(row["labelled"] for rows in by_source.values() for row in rows)
    axes.plot([0, most], [0, most], color="grey", linewidth=0.8)
    axes.set(xlabel="vehicles labelled", ylabel="vehicles counted")
    axes.legend()


def _failures(vehicles: Figures, axes: Axes) -> None:
    """By collection: too few counted, and too many, in vehicles a picture."""
    by_source = _by_source(vehicles)
    for place, rows in enumerate(by_source.values()):
        errors = np.array([row["counted"] - row["labelled"] for row in rows])
        axes.barh(place, np.maximum(errors, 0).mean(), color="tab:orange")
        axes.barh(place, np.minimum(errors, 0).mean(), color="tab:blue")
    axes.axvline(0, color="grey", linewidth=0.8)
    axes.set_yticks(range(len(by_source)), [f"{source} ({len(rows)})" for source, rows in by_source.items()])
    axes.set(xlabel="vehicles a picture counted too few (left) and too many (right)")


def _by_source(vehicles: Figures) -> dict[str, list[Figures]]:
    rows = vehicles["by_picture"]
    return {
        source: [row for row in rows if row["source"] == source] for source in sorted({row["source"] for row in rows})
    }


PICTURES: Mapping[str, Callable[[Figures, Axes], None]] = {
    "precision": _precision,
    "reliability": _reliability,
    "failures": _failures,
}
