"""What befalls the watchlist: its store is down, its snapshot is older than a withdrawal. Scenes go on all the same.

A camera that is designated for faces sees somebody who is listed, and a fire: the fire must always be found, the
person only while the list can be read and the mandate names them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np

from bench.faults.broken_aws import Breaker, Decide, installed, refused
from bench.faults.story import SCRIPTED, START_UTC
from bench.simulate.script import Happening, Script
from bench.simulate.sights import ScriptedSights
from chalicelib import bootstrap
from chalicelib.domain.city import CityPack
from chalicelib.domain.frames import frame_key
from chalicelib.domain.observations import Observation
from chalicelib.domain.watchlists import EntryValidity
from chalicelib.store.mandates import MANDATE_KEY, mandate_from_json, mandate_to_json
from chalicelib.vision.face_space import read_face_space
from chalicelib.vision.observe import FaceSearch
from chalicelib.vision.watchlist import WatchlistSnapshot
from local.city import City, running_city
from local.mandate import trial_mandate

CAMERA, LISTED = "tv-4", "somebody"
CADENCE_S, ROUNDS = 5, 8
FIRE, CANDIDATE = "fire_smoke", "watchlist_candidate"


@dataclass(frozen=True, slots=True)
class Ending:
    """What was found, what had to be, and whether every frame was processed."""

    name: str
    found: frozenset[str]
    expected: frozenset[str]
    frames: int
    processed: int

    @property
    def breaches(self) -> tuple[str, ...]:
        found = []
        if self.found != self.expected:
            found.append(f"found {sorted(self.found)}, not {sorted(self.expected)}")
        if self.processed != self.frames:
            found.append(f"{self.frames} frames in, {self.processed} processed")
        return tuple(found)


def befall_lists(pack: CityPack) -> Iterator[Ending]:
    """The list as it should be first, since a search that never finds anybody proves nothing."""
    both, fire = frozenset({FIRE, CANDIDATE}), frozenset({FIRE})
    yield _tell("a list that can be read", pack, both)
    yield _tell("the list's store down", pack, fire, decide=refused(lambda url: "biometrics" in url))
    yield _tell("a snapshot older than a withdrawal", pack, fire, withdrawn=True)


class _SeesListed(ScriptedSights):
    """Finds whom the script shows, if they may be searched for."""

    def observe(self, *args: Any, search: FaceSearch | None, **kwargs: Any) -> Observation:  # type: ignore[override]
        seen = super().observe(*args, search=search, **kwargs)
        if seen.faces is None or search is None:
            return replace(seen, faces=None)
        allowed = tuple(one for one in seen.faces.candidates if one.entry_id in search.entry_ids)
        return replace(seen, faces=replace(seen.faces, candidates=allowed))


def _tell(
    name: str, pack: CityPack, expected: frozenset[str], *, decide: Decide | None = None, withdrawn: bool = False
) -> Ending:
    script, breaker = _script(), Breaker(decide)
    parts = {"analyser": partial(_SeesListed, script)}
    snapshot = _snapshot()
    with (
        installed(breaker),
        running_city(pack, start_utc=START_UTC, watchlist=snapshot.to_bytes(), parts=parts) as city,
    ):
        if withdrawn:
            _withdraw(city, pack, snapshot)
        breaker.watch(city)
        for number, at_utc in enumerate(script.rounds()):
            city.put(frame_key(CAMERA, at_utc, number), SCRIPTED)
            city.settle(at_utc)
        outcome = city.outcome()
    found = frozenset(incident.kind for incident, _ in outcome.incidents)
    return Ending(name, found, expected, outcome.frames.received, outcome.frames.processed)


def _script() -> Script:
    until_utc = START_UTC + timedelta(hours=1)
    happenings = (
        Happening(FIRE, (CAMERA,), START_UTC, until_utc),
        Happening(CANDIDATE, (CAMERA,), START_UTC, until_utc, LISTED),
    )
    return Script(START_UTC, CADENCE_S, happenings, (), lasts=timedelta(seconds=ROUNDS * CADENCE_S))


def _snapshot() -> WatchlistSnapshot:
    day = timedelta(days=1)
    entry = EntryValidity(LISTED, "missing", "lan", "minh", START_UTC - day, START_UTC + day)
    template = np.eye(1, 128, dtype=np.float32)
    return WatchlistSnapshot("1", read_face_space().digest, (entry,), template, np.zeros(1, np.int32))


def _withdraw(city: City, pack: CityPack, snapshot: WatchlistSnapshot) -> None:
    """The mandate knows of it at once, the snapshot not before it is made anew."""
    mandate = mandate_from_json(trial_mandate(pack, snapshot.to_bytes(), at_utc=START_UTC))
    body = mandate_to_json(replace(mandate, entries=()))
    city.s3.put_object(Bucket=bootstrap.settings().config_bucket, Key=MANDATE_KEY, Body=body)
