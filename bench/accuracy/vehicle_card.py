"""The model card of vehicles and camera health: `python -m bench.accuracy.vehicle_card [RESULTS]`.

RESULTS is what `bench.accuracy --parts vehicles,health` printed, or one part of it; it is kept beside the card as its
source.
"""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from bench.accuracy.vehicle_pictures import draw_pictures
from chalicelib.vision.vehicle_count import SHIPPED_COUNT_HEAD

CARD = Path("docs/models/vehicles.md")
GOAL = 0.85


def main(
    results: Annotated[Path | None, typer.Argument(help="new results; without them the card is written anew")] = None,
    card: Annotated[Path, typer.Option(help="where the card goes; its figures lie beside it")] = CARD,
) -> None:
    """Write the card from its figures."""
    kept = card.with_suffix(".json")
    if results is not None:
        printed = json.loads(results.read_text(encoding="utf-8").splitlines()[-1])
        before = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
        wanted = before | {part: printed[part] for part in ("vehicles", "health") if part in printed}
        kept.write_text(json.dumps(wanted, indent=1) + "\n", encoding="utf-8")
    held_out = json.loads(SHIPPED_COUNT_HEAD.with_suffix(".json").read_text(encoding="utf-8"))
    figures = json.loads(kept.read_text(encoding="utf-8"))
    draw_pictures(figures["vehicles"], card.parent)
    card.write_text(render(figures, held_out), encoding="utf-8")


def render(figures: dict[str, Any], held_out: dict[str, Any]) -> str:
    """The card as Markdown, given the bench's figures and those of training."""
    vehicles, health = figures["vehicles"], figures["health"]
    counted, found = held_out["groups_held_out"], held_out["groups_held_out_without_the_view"]
    made, changed = (_rows(health[of]) for of in ("seen_of_what_was_made", "the_same_view_changed_with_a_fault"))
    return _TEXT.format(
        pictures=held_out["pictures"],
        groups=held_out["groups"],
        labelled=held_out["labelled_vehicles"],
        goal=GOAL,
        counted=_row(counted),
        found=_row(found),
        detections=vehicles["detections_alone_spearman"],
        mean=vehicles["labelled_mean"],
        occupancy_error=vehicles["occupancy_mean_absolute_error"],
        occupancy_mean=vehicles["occupancy_mean"],
        occupancy_rank=vehicles["occupancy_spearman"],
        ap50=vehicles["ap50"],
        quiet=health["pictures"],
        quiet_share=health["quiet_pictures_with_a_fault"],
        dimmed_share=health["the_same_view_dimmed_with_a_fault"],
        clips=health["clip_pairs"],
        clip_share=health["clip_pairs_with_a_fault"] or 0.0,
        made=made,
        changed=changed,
    )


def _rows(shares: dict[str, float]) -> str:
    return "\n".join(f"| {what} | {share:.2f} |" for what, share in shares.items())


def _row(figures: dict[str, float]) -> str:
    return (
        f"{figures['spearman']:.3f} | {figures['mean_absolute_error']:.2f} | {figures['counted_minus_labelled']:+.2f}"
    )


_TEXT = """# Vehicles and camera health

Written by `python -m bench.accuracy.vehicle_card` from `vehicles.json` beside it and
`chalicelib/vision/heads/vehicles.json`; ADR [13](../adr/0013-vehicles.md),
[22](../adr/0022-fewer-pixels-fewer-channels.md) and [23](../adr/0023-squeezed-where-it-matters.md) say why.

NanoDet-g (Apache-2.0), its pyramid in fewer channels and all layers in 8 bits, looks at a frame 512 px long for
vehicles and people. Occupancy is the share of the road zone under surely seen vehicles. The count adds up faint finds
by their odds and is drawn a little to what the scene encoder makes of the view. Not for fining anybody, and not for
flow per hour, which single frames don't show.

## Counts

{pictures} labelled pictures of {groups} groups (cameras, clips and collections), {labelled} boxes; labels of far
vehicles are incomplete. Each group is judged by a head that never saw it.

| count | rank correlation (goal {goal}) | mean error, vehicles | bias |
|---|---|---|---|
| finds by their odds and the view, as shipped | {counted} |
| finds by their odds alone | {found} |
| surely seen ones alone | {detections:.3f} | | |

The goal is missed. What people labelled differs between the collections by more than the models do: parked motorcycles
and far cars are labelled in one and not in the other. Tiles of the picture don't pay: docs/traffic.md has the figures.

## Occupancy and boxes

Of pictures with {occupancy_mean:.3f} of their area under labelled boxes in the mean, occupancy errs by
**{occupancy_error:.3f}** in the mean, with a rank correlation of {occupancy_rank:.3f}. AP50 over all vehicle labels as
one class: **{ap50:.3f}**. The score limit of sure finds was
set on these pictures, nothing else.

![Precision by recall of single vehicles](vehicles-precision.png)

![Counted by labelled vehicles, a dot a picture](vehicles-reliability.png)

![What is counted too few and too many, by collection](vehicles-failures.png)

The last two are of the head that ships, which was fitted on these very photographs.

## Camera health

Of {quiet} quiet pictures, nights among them, **{quiet_share:.3f}** are called faulty; of the same pictures dimmed to .6
with noise, against themselves, {dimmed_share:.3f}; of {clips} pairs of frames two seconds apart from two clips (a bare
road from above under single cars, and a camera carried by hand) {clip_share:.3f}. Only what has something to see is
asked how sharp it is, so a defocus over a bare road is called a cover. Made faults that a single frame shows:

| fault | seen |
|---|---|
{made}

`moved` is a turn by 15 % of the view's width, `tampered` a camera that looks at quite another street. Both are held
against a memory that follows dusk within minutes, and count once the new view stays for a minute: pictures of ever
other places, as of a camera on a tour, are no fault. What is missed of `white_out` are nights, whose black is left
grey; of `tampered`, streets laid out as the one before.

What changes a view and is no fault, as large as it comes and standing for a minute:

| the same street with | called faulty |
|---|---|
{changed}

A lorry so near hides half of the street, and whoever is told finds it. A slow turn in small steps, and a turn at night
in the dark, go unnoticed. `offline` is told by the clock, not by a picture.
"""


if __name__ == "__main__":
    typer.run(main)
