"""The whole chain on a laptop: a cloud of the deployed template, app.py's handlers, and the units that listen.

An incident that is going on at the last frame stays open: nothing is made up about what came after.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import boto3

from chalicelib import bootstrap
from chalicelib.domain.city import CityPack
from chalicelib.domain.incidents import Incident, TimelineEvent
from local.clock import Clock
from local.cloud import running_cloud
from local.ledger import CollectingLedger
from local.mandate import trial_mandate
from local.provision import provision, put_config, put_watchlist
from local.pump import Pump, pump
from local.units import EVERYTHING, Body, Units, subscribe_units
from local.wiring import wired

if TYPE_CHECKING:  # stubs that only the checks install
    from mypy_boto3_s3 import S3Client

MOST_INCIDENTS = 10_000


@dataclass(frozen=True, slots=True)
class Frames:
    """What became of the frames that were put in; the parts add up to `received`."""

    received: int
    processed: int
    rejected: Mapping[str, int]
    dead_lettered: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that came of a replay; `received_by` says which units got the alert of an id."""

    frames: Frames
    incidents: tuple[tuple[Incident, tuple[TimelineEvent, ...]], ...]
    alerts: tuple[Body, ...]
    received_by: Mapping[str, tuple[str, ...]]


@dataclass(slots=True)
class City:
    """A running city. Put frames in, let it settle, look at what came of it."""

    pack: CityPack
    frames_bucket: str
    cloud_url: str
    clock: Clock
    ledger: CollectingLedger
    pump: Pump
    units: Units
    s3: "S3Client" = field(default_factory=lambda: boto3.client("s3"))
    put_keys: set[str] = field(default_factory=set)
    swept_utc: datetime | None = None

    def put(self, key: str, data: bytes) -> None:
        """What a camera does."""
        self.s3.put_object(Bucket=self.frames_bucket, Key=key, Body=data)
        self.put_keys.add(key)

    def settle(self, at_utc: datetime) -> None:
        """Let everything that is under way arrive, at a time that the clock goes on to; sweep if a minute passed."""
        self.clock.advance_to(at_utc)
        self.pump.settle()
        minute = self.clock.now_utc.replace(second=0, microsecond=0)
        if minute != self.swept_utc:
            self.pump.sweep(minute)
            self.swept_utc = minute

    def outcome(self) -> Outcome:
        """What came of it all, after one last sweep; takes the alerts out of the units' queues."""
        self.pump.sweep(self.clock.now_utc)
        store = bootstrap.incidents()
        incidents = sorted(store.newest(MOST_INCIDENTS), key=lambda one: (one.first_seen_utc, one.camera_ids, one.kind))
        received = self.units.received()
        alerts = received.pop(EVERYTHING)
        return Outcome(
            self._frames(),
            tuple((incident, store.timeline(incident.id)) for incident in incidents),
            tuple(alerts),
            {alert["id"]: _receivers(received, alert["id"]) for alert in alerts},
        )

    def _frames(self) -> Frames:
        return Frames(len(self.put_keys), self.ledger.processed, self.ledger.rejected, self.pump.frames.dead())


@contextmanager
def running_city(
    pack: CityPack, *, start_utc: datetime, watchlist: bytes | None = None, parts: Mapping[str, Any] | None = None
) -> Iterator[City]:
    """Start a city that knows nothing yet; `parts` replaces factories of bootstrap, such as the analyser."""
    clock, ledger = Clock(start_utc), CollectingLedger()
    with running_cloud() as cloud_url:
        stack = provision()
        put_config(stack, pack)
        if watchlist is not None:
            put_watchlist(stack, watchlist, trial_mandate(pack, watchlist, at_utc=start_utc))
        units = subscribe_units(pack, stack.environment["MATPHO_ALERTS_TOPIC_ARN"])
        ours = {
            "clock": clock,
            "ledger": lambda: ledger,
            "notice_silence": _nothing_is_made_of_silence,
            # For an alarm that isn't here; Powertools prints a single metric even where metrics are disabled.
            "count_faces": lambda _: None,
        }
        with wired(stack, {**ours, **(parts or {})}) as handlers:
            bucket = stack.environment["MATPHO_FRAMES_BUCKET"]
            yield City(pack, bucket, cloud_url, clock, ledger, pump(stack, handlers), units)


def _nothing_is_made_of_silence() -> Callable[[], int]:
    """Pictures that come to their end say nothing of their camera."""
    return lambda: 0


def _receivers(received: Mapping[str, list[Body]], alert_id: str) -> tuple[str, ...]:
    return tuple(sorted(unit for unit, alerts in received.items() if any(one["id"] == alert_id for one in alerts)))
