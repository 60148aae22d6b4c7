"""How much of the length of a road zone a row of vehicles takes up, as the picture shows it.

A vehicle belongs to the row when the gap before it is no longer than the vehicle itself, as in the Highway Capacity
Manual one that comes within a car's length of a standing one has joined its queue. So no metre is needed: what is far
away is small, and so is the gap that it is allowed. The cost: a share of the picture's length is more than that share
of the road's where the zone is near, and less where it is far.
"""

from collections.abc import Iterable, Iterator, Sequence

from chalicelib.domain.city import PolygonRel
from chalicelib.domain.observations import Detection

ROW_OF = 3
"""Fewer in a row are vehicles that happen to be near each other."""

Interval = tuple[float, float]


def queue_share(vehicles: Iterable[Detection], zone_rel: PolygonRel, image_wh: tuple[int, int]) -> float:
    """The share in [0,1] of a zone's length under rows, given the vehicles that stand in it.

    The length runs along the longer side of the zone's outline in the picture.
    """
    columns, rows = [x * image_wh[0] for x, _ in zone_rel], [y * image_wh[1] for _, y in zone_rel]
    if len({*columns}) == len({*rows}) == 1:
        return 0.0
    is_across = max(columns) - min(columns) > max(rows) - min(rows)
    start, end = (min(columns), max(columns)) if is_across else (min(rows), max(rows))
    taken = (_across(one) if is_across else _along(one) for one in vehicles)
    inside = (max(0.0, min(end, last) - max(start, first)) for first, last in _rows(sorted(taken)))
    return sum(inside, start=0.0) / (end - start)


def _across(vehicle: Detection) -> Interval:
    left, _, right, _ = vehicle.box_xyxy
    return left, right


def _along(vehicle: Detection) -> Interval:
    """The ground under it: a bus hides more road than it stands on, and seen from its end it is no deeper than wide."""
    left, top, right, bottom = vehicle.box_xyxy
    return max(top, bottom - (right - left)), bottom


def _rows(sorted_intervals: Sequence[Interval]) -> Iterator[Interval]:
    """Start and end of every row that is one."""
    row: list[Interval] = []
    for one in (*sorted_intervals, None):
        if one is not None and (not row or _joins(one, row)):
            row.append(one)
            continue
        if len(row) >= ROW_OF:
            yield row[0][0], max(end for _, end in row)
        row = [one] if one is not None else []


def _joins(one: Interval, row: Sequence[Interval]) -> bool:
    start, end = one
    return start - max(last for _, last in row) <= end - start
