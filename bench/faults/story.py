"""The story that every fault is told into: a small city's quarter of an hour, on the whole local cloud."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bench.faults.broken_aws import Breaker, installed
from bench.simulate.sample import Found, found_of
from bench.simulate.script import Happening, Script
from bench.simulate.sights import ScriptedSights
from chalicelib import bootstrap_evidence
from chalicelib.domain.city import CityPack, Escalation, EscalationStep
from chalicelib.domain.frames import frame_key
from chalicelib.vision.redaction import Redacted
from local.city import Outcome, running_city

START_UTC = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ROUNDS, CADENCE_S = 16, 30
SCRIPTED = b"scripted"

Rounds = list[list[str]]
"""Frame keys by the round in which they arrive."""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of the story: the incidents, the account of frames, and those of pictures kept and of alerts.

    `unkept` counts events whose pictures were given up, `pictures` those kept by their part. `told_otherwise` are
    alerts that said something else when they were repeated: who knows them by their id would miss it.
    """

    incidents: Found
    received: int
    processed: int
    rejected: int
    dead_lettered: int
    unkept: int
    pictures: tuple[tuple[str, int], ...]
    events_to_tell: frozenset[str]
    alerts: tuple[str, ...]
    told_otherwise: frozenset[str] = frozenset()

    @property
    def is_accounted_for(self) -> bool:
        return self.received == self.processed + self.rejected + self.dead_lettered

    @property
    def lost_alerts(self) -> frozenset[str]:
        return self.events_to_tell - set(self.alerts)


def write_story(pack: CityPack) -> tuple[CityPack, Script]:
    """A fire that two cameras see, a flood that ends, and a third camera on which nothing happens."""
    cameras = tuple(one for one in pack.cameras if one.id in ("tv-1", "tv-2", "tv-5"))
    short = tuple(replace(one, hold_s=120.0, update_s=120.0) for one in pack.kinds)
    fire = Happening("fire_smoke", ("tv-1", "tv-2"), START_UTC, START_UTC + timedelta(hours=1))
    flood = Happening("flood", ("tv-5",), START_UTC, START_UTC + timedelta(seconds=4 * CADENCE_S))
    script = Script(START_UTC, CADENCE_S, (fire, flood), (), lasts=timedelta(seconds=ROUNDS * CADENCE_S))
    return replace(pack, cameras=cameras, kinds=short, escalations=(), windows=()), script


def write_short_story(pack: CityPack) -> tuple[CityPack, Script]:
    """A flood before one camera, from its first frame to its end, that nobody takes on."""
    pack, script = write_story(pack)
    (flood,) = (one for one in script.happenings if one.kind == "flood")
    alone = replace(pack, cameras=tuple(one for one in pack.cameras if one.id in flood.camera_ids))
    chain = Escalation("all", ("flood",), (EscalationStep(60, ("fire",)), EscalationStep(3600, ("ioc",))))
    return replace(alone, escalations=(chain,)), replace(
        script, happenings=(flood,), lasts=timedelta(seconds=9 * CADENCE_S)
    )


def rounds_of(pack: CityPack, script: Script) -> Rounds:
    """The frames in the order of their capture."""
    return [
        [frame_key(camera.id, at_utc, number) for camera in pack.cameras]
        for number, at_utc in enumerate(script.rounds())
    ]


def tell(
    pack: CityPack,
    script: Script,
    *,
    arrive: Callable[[Rounds], Rounds] = lambda rounds: rounds,
    breaker: Breaker | None = None,
    clock_off: timedelta = timedelta(),
) -> Told:
    """Run the story with frames that arrive as `arrive` has it, on an AWS that `breaker` breaks.

    `clock_off` is how far the functions' clock is ahead of the cameras'.
    """
    parts: Mapping[str, Any] = {"analyser": partial(ScriptedSights, script), "redactor": HidesNobody}
    breaker = breaker or Breaker()
    with installed(breaker), running_city(pack, start_utc=script.start_utc, parts=parts) as city:
        breaker.watch(city)
        for at_utc, keys in zip(script.rounds(), arrive(rounds_of(pack, script)), strict=True):
            for key in keys:
                city.put(key, SCRIPTED)
            city.settle(at_utc + clock_off)
            city.pump.keep_evidence()
        breaker.decide = None  # whatever was broken works again
        city.settle(script.until_utc + clock_off)
        city.pump.keep_evidence()
        return _told(city.outcome(), unkept=len(city.pump.evidence.given_up))


class HidesNobody:
    """A Redactor for frames that are no pictures."""

    def redact(self, data: bytes) -> Redacted:
        return Redacted(data, (1280, 720), ())


def _told(outcome: Outcome, *, unkept: int) -> Told:
    events = (event for _, timeline in outcome.incidents for event in timeline)
    frames = outcome.frames
    return Told(
        found_of(outcome.incidents),
        frames.received,
        frames.processed,
        sum(frames.rejected.values()),
        frames.dead_lettered,
        unkept,
        tuple(sorted(_pictures(outcome).items())),
        frozenset(event.id for event in events if event.is_told),
        tuple(alert["id"] for alert in outcome.alerts),
        _told_otherwise(outcome),
    )


def _pictures(outcome: Outcome) -> Counter[str]:
    vault = bootstrap_evidence.evidence_vault()
    return Counter(one.part.value for incident, _ in outcome.incidents for one in vault.pictures(incident.id))


def _told_otherwise(outcome: Outcome) -> frozenset[str]:
    """Repeats differ in nothing but when they were published."""
    said: dict[str, set[str]] = {}
    for alert in outcome.alerts:
        data = {**alert["data"], "hops": {**alert["data"]["hops"], "published_at": None}}
        said.setdefault(alert["id"], set()).add(json.dumps({**alert, "data": data}, sort_keys=True))
    return frozenset(alert_id for alert_id, ways in said.items() if len(ways) > 1)
