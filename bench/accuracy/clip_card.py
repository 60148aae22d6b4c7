"""The card of whole clips and of the second look: `python -m bench.accuracy.clip_card [RESULTS]`.

RESULTS is what `python -m bench.accuracy --parts clips` printed; it is kept beside the card as its source.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

CARD = Path("docs/models/clips.md")

_TRIALS: Mapping[str, str] = {
    "filmed_fires_called_still": "fires on film, three frames after another, called still",
    "firm_photographs_called_still": "photographs of fires before a firm camera, called still",
    "swaying_photographs_called_still": "the same before one that sways by two pixels",
    "swaying_floods_called_unsteady": "photographs of floods before one that sways, called unsteady",
}


def main(
    results: Annotated[Path | None, typer.Argument(help="new results; without them the card is written anew")] = None,
    card: Annotated[Path, typer.Option(help="where the card goes; its figures lie beside it")] = CARD,
) -> None:
    """Write the card from its figures."""
    kept = card.with_suffix(".json")
    if results is not None:
        figures = json.loads(results.read_text(encoding="utf-8").splitlines()[-1])["clips"]
        kept.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    card.write_text(render(json.loads(kept.read_text(encoding="utf-8"))), encoding="utf-8")


def render(figures: dict[str, Any]) -> str:
    """The card as Markdown, given the bench's figures."""
    by_cadence, second_look = figures["by_cadence_s"], figures["second_look"]
    return _TEXT.format(
        clips="\n".join(_clips(by_cadence)),
        sums="\n".join(_sums(by_cadence)),
        trials="\n".join(_trial(what, second_look[name]) for name, what in _TRIALS.items()),
    )


def _clips(by_cadence: dict[str, Any]) -> Iterator[str]:
    for cadence, figures in by_cadence.items():
        for clip in figures["clips"]:
            told = ", ".join(f"{one['kind']} after {one['after_s']:g} s" for one in clip["incidents"])
            name, shows = clip["name"].removesuffix(".mp4"), clip["shows"] or "an ordinary street"
            yield _row(cadence, name, shows, clip["frames"], told or "none")


def _sums(by_cadence: dict[str, Any]) -> Iterator[str]:
    for cadence, one in by_cadence.items():
        most = one["false_incidents_an_hour_at_most"]
        bound = "–" if most is None else f"{one['false_incidents_an_hour']:.0f} (at most {most:.0f})"
        found = f"{one['happenings'] - one['missed']} of {one['happenings']}"
        yield _row(cadence, found, one["in_time"], len(one["too_short"]), one["unasked_incidents"], bound)


def _trial(what: str, trial: dict[str, Any]) -> str:
    share = "–" if trial["share"] is None else f"{trial['share']:.2f}"
    return _row(what, trial["looks"], share)


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


_TEXT = """# Clips, and the second look

Written by `python -m bench.accuracy.clip_card` from `clips.json` beside it; [ADR 17](../adr/0017-scenes-over-frames.md)
says why.

Whole clips go through the real rules, frame by frame at three cadences: the camera is one that the city didn't know,
with every scene detector on. Goal: a fire is one incident within 10 s of the clip, an ordinary street none.

| every, s | clip | shows | frames | incidents |
|---|---|---|---|---|
{clips}

| every, s | found | within 10 s | too short to tell | not asked for | false incidents an hour on ordinary streets |
|---|---|---|---|---|---|
{sums}

An incident takes three positives, so a clip of two frames can't become one. The bound is the 95 % one of nothing seen
in so short a time: half a minute of film says next to nothing about an hour. A city's own week would.

## The second look

Of three positive looks five seconds apart, how often a doubt is cast. A doubt delays nothing and silences nothing: the
incident is called a step less severe and says why, until a look gives no cause for it.

| what is looked at | threes | in doubt |
|---|---|---|
{trials}

A photograph stands for whatever glows and doesn't move: a lamp, a poster, a low sun. Films of real fires are few here,
and some were carried by hand, which moves everything in them.
"""


if __name__ == "__main__":
    typer.run(main)
