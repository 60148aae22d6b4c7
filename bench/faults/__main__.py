"""`python -m bench.faults`: the chain on the local cloud, and everything that can befall it.

A small city's story is told again and again: with frames in every disorder, on an AWS that throttles, falls silent and
fails, and with the process killed before and after each of its side effects. Whatever befalls it, the same incidents
must come of it, no alert may be lost, and every frame must be accounted for. Then what people decide, killed likewise,
and inputs that are no frames. The cost: ten minutes, for each story has a cloud of its own.
"""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.faults import broken_aws, disorder
from bench.faults.broken_aws import HANDLERS, Breaker, crash_points
from bench.faults.lists import Ending, befall_lists
from bench.faults.office import Day, befall_office
from bench.faults.poison import PROCESSED, REJECTED, Poison, poisons
from bench.faults.story import START_UTC, Rounds, Told, tell, write_short_story, write_story
from chalicelib.domain.city import CityPack
from city.reading import read_pack
from local.city import running_city
from local.replay import CITY

TESTVILLE = CITY.parent / "testville"
BAD_DAYS: dict[str, Callable[[], broken_aws.Decide]] = {
    "a fifth of all calls is throttled": lambda: broken_aws.throttled(0.2),
    "a fifth of all answers never arrives": lambda: broken_aws.unanswered(0.2),
    "DynamoDB is down for a while": lambda: broken_aws.down("dynamodb", 30),
    "S3 is down for a while": lambda: broken_aws.down("s3", 30),
    "SNS is down for a while": lambda: broken_aws.down("sns", 12),
}
CLOCKS = {
    "the functions' clock four minutes slow": timedelta(minutes=-4),
    "the functions' clock an hour fast": timedelta(hours=1),
}
DISORDERS: dict[str, Callable[[Rounds], Rounds]] = {
    "every frame three times": disorder.thrice,
    "every frame again at the end": disorder.again_at_the_end,
    "no order within two minutes": disorder.shuffled,
    "newest first within two minutes": disorder.reversed_rounds,
    "one camera a minute late": disorder.late,
    "the link lost for three minutes": disorder.cut_off,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What befell the story, and how it came out."""

    name: str
    told: Told
    expected: int
    breaches: tuple[str, ...]


def main() -> None:
    """Break everything that can break; exits 1 when anything is lost, doubled or unaccounted for."""
    console, progress = Console(), Console(stderr=True)
    logging.disable(logging.CRITICAL)  # the chain tells of every fault at length
    pack = read_pack(TESTVILLE)
    with redirect_stdout(sys.stderr):  # what the chain counts stays out of the tables
        findings = tuple(_befall(pack, progress))
        lists = tuple(track(befall_lists(pack), "lists", total=3, console=progress))
        days = tuple(track(befall_office(pack), "a day at the office", total=None, console=progress))
        ends = _swallow(pack, poisons(START_UTC))
    told = _to_dict(findings, lists, days, ends)
    _print(console, findings, lists, days, told)
    print(json.dumps(told))
    if told["breaches"]:
        raise typer.Exit(1)


def _befall(pack: CityPack, progress: Console) -> Iterator[Finding]:
    small, script = write_story(pack)
    told = tell(small, script)
    yield Finding("nothing befalls it", told, *_held_against(told, told))
    for name, arrive in track(DISORDERS.items(), "disorder", console=progress):
        came = tell(small, script, arrive=arrive)
        yield Finding(name, came, *_held_against(came, told))
    for name, bad in track(BAD_DAYS.items(), "bad days of AWS", console=progress):
        came = tell(small, script, breaker=Breaker(bad()))
        yield Finding(name, came, *_held_against(came, told))
    for name, off in track(CLOCKS.items(), "clocks", console=progress):
        came = tell(small, script, clock_off=off)
        yield Finding(name, came, *_held_against(came, told))
    yield from _crash(small, progress)


def _crash(pack: CityPack, progress: Console) -> Iterator[Finding]:
    """A story of one camera, so that each of its side effects can be the last one."""
    alone, script = write_short_story(pack)
    counted = Breaker()
    told = tell(alone, script, breaker=counted)
    for name, decide in track([*crash_points(counted, HANDLERS)], "crash points", console=progress):
        came = tell(alone, script, breaker=Breaker(decide))
        count, breaches = _held_against(came, told)
        other = () if came.pictures == told.pictures else (f"other pictures: {came.pictures}, not {told.pictures}",)
        yield Finding(name, came, count, breaches + other)


def _held_against(came: Told, expected: Told) -> tuple[int, tuple[str, ...]]:
    """How many incidents there had to be, and every breach."""
    found = []
    if came.unkept:
        found.append(f"pictures of {came.unkept} events were given up")
    if came.incidents != expected.incidents:
        found.append(f"other incidents: {came.incidents}")
    if came.lost_alerts:
        found.append(f"lost alerts: {sorted(came.lost_alerts)}")
    if not came.is_accounted_for or came.dead_lettered:
        found.append(f"{came.received} frames in, {came.processed} processed, {came.dead_lettered} dead-lettered")
    if came.told_otherwise:
        found.append(f"repeated in other words: {sorted(came.told_otherwise)}")
    if set(came.alerts) - came.events_to_tell:
        found.append(f"alerts of nothing: {sorted(set(came.alerts) - came.events_to_tell)}")
    return len(expected.incidents), tuple(found)


def _swallow(pack: CityPack, inputs: tuple[Poison, ...]) -> dict[str, tuple[str, str]]:
    """How each input ended and how it must, with the real models looking at them."""
    with running_city(pack, start_utc=START_UTC) as city:
        for one in inputs:
            city.put(one.put_as or one.key, one.data)
        city.settle(START_UTC)
        settled = city.ledger.settled
    return {one.name: (_end(settled.get(one.key)), one.ends) for one in inputs}


def _end(settled: tuple[str, str] | None) -> str:
    return " ".join(filter(None, settled)) if settled else "lost"


def _is_as_it_must(end: str, must: str) -> bool:
    return end.startswith(tuple(must.split(" or "))) if must.startswith((PROCESSED, REJECTED)) else end.endswith(must)


def _to_dict(
    findings: tuple[Finding, ...], lists: tuple[Ending, ...], days: tuple[Day, ...], ends: dict[str, tuple[str, str]]
) -> dict[str, Any]:
    wrong = [f"{name}: {end}, not {must}" for name, (end, must) in ends.items() if not _is_as_it_must(end, must)]
    broken = [f"{one.name}: {breach}" for one in findings for breach in one.breaches]
    broken += [f"{one.name}: {breach}" for one in lists for breach in one.breaches]
    broken += [f"{one.name}: {breach}" for one in days for breach in one.breaches]
    repeated = sum(len(one.told.alerts) - len(set(one.told.alerts)) for one in findings)
    return {
        "bench": "faults",
        "stories": len(findings) + len(lists) + len(days),
        "crash_points": sum(" dies " in name for name in [one.name for one in findings] + [one.name for one in days]),
        "frames": {
            "in": sum(one.told.received for one in findings) + sum(one.frames for one in lists) + len(ends),
            "processed": sum(one.told.processed for one in findings)
            + sum(one.processed for one in lists)
            + sum(e.startswith(PROCESSED) for e, _ in ends.values()),
            "rejected": sum(end.startswith(REJECTED) for end, _ in ends.values()),
            "dead_lettered": sum(one.told.dead_lettered for one in findings),
        },
        "incidents": {
            "expected": sum(one.expected for one in findings) + sum(len(one.expected) for one in lists),
            "found": sum(len(one.told.incidents) for one in findings) + sum(len(one.found) for one in lists),
        },
        "alerts": {
            "lost": sum(len(one.told.lost_alerts) for one in findings),
            "repeated_on_the_wire": repeated,
            "repeated_after_dedup_by_id": sum(len(one.told.told_otherwise) for one in findings),
            "unknown_after_dedup_by_id": sum(len(set(one.told.alerts) - one.told.events_to_tell) for one in findings),
        },
        "poisons": len(ends),
        "breaches": broken + wrong,
    }


def _print(
    console: Console,
    findings: tuple[Finding, ...],
    lists: tuple[Ending, ...],
    days: tuple[Day, ...],
    told: dict[str, Any],
) -> None:
    table = Table(title="What befell it", title_justify="left", header_style="bold")
    for column in ("fault", "frames", "incidents", "alerts", "repeated", "as it must be"):
        table.add_column(column)
    for one in findings:
        unique = len(set(one.told.alerts))
        frames = f"{one.told.processed} of {one.told.received}"
        repeated = str(len(one.told.alerts) - unique)
        table.add_row(
            one.name, frames, str(len(one.told.incidents)), str(unique), repeated, "no" if one.breaches else "yes"
        )
    for ending in lists:
        frames, right = f"{ending.processed} of {ending.frames}", "no" if ending.breaches else "yes"
        table.add_row(ending.name, frames, str(len(ending.found)), "", "", right)
    wrong = sum(bool(day.breaches) for day in days)
    table.add_row(f"{len(days)} days at the office", "", "", "", "", f"{wrong} are not" if wrong else "yes")
    console.print(table)
    frames, alerts = told["frames"], told["alerts"]
    console.print(
        f"{told['crash_points']} deaths; {told['poisons']} inputs that are no frames; in all {frames['in']} in = "
        f"{frames['processed']} processed + {frames['rejected']} rejected + {frames['dead_lettered']} dead-lettered; "
        f"alerts lost: {alerts['lost']}, repeated: {alerts['repeated_on_the_wire']}, repeated after a consumer's dedup "
        f"by id: {alerts['repeated_after_dedup_by_id']}"
    )
    for breach in told["breaches"]:
        console.print(f"[red]not as it must be:[/red] {breach}", markup=True)


if __name__ == "__main__":
    typer.run(main)
